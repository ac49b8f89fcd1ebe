/// Why a feed, or one record of it, was refused. Holds no personal data: values from feeds are never quoted.
public struct FeedError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The bytes are no JSON, CSV or tab-separated record.
        case syntax
        case notUTF8
        /// A line, a record or a value is longer than its limit.
        case tooLong
        case missingField
        case wrongType
        /// A value of the right type that breaks a rule: a negative price, a date in the future, an unknown currency.
        case invalidValue
        /// The record's identifier was there before in the same feed.
        case duplicate
        /// The file lacks its header, or the header lacks a column.
        case missingHeader
        /// A full feed lacks so many known items that it is probably cut short.
        case wouldWithdrawTooMuch
        /// The file cannot be opened, read or written.
        case unreadable
        /// The store, or the maker of pseudonyms, refused.
        case store
    }

    public let code: Code
    public let message: String
    /// The field at fault, in the feed's own name; empty if the whole record is.
    public let field: String
    /// For `wouldWithdrawTooMuch`: how many items would go, of how many.
    public let withdrawal: Withdrawal?
    public let cause: (any Error)?
    public let location: String

    public struct Withdrawal: Hashable, Sendable {
        public let count: Int
        public let of: Int
        public init(count: Int, of: Int) { (self.count, self.of) = (count, of) }
    }

    public init(
        _ code: Code, _ message: String, field: String = "", withdrawal: Withdrawal? = nil, cause: (any Error)? = nil,
        file: String = #fileID, line: Int = #line
    ) {
        (self.code, self.message, self.field, self.withdrawal) = (code, message, field, withdrawal)
        (self.cause, self.location) = (cause, "\(file):\(line)")
    }

    public var description: String { message }

    static func wouldWithdrawTooMuch(_ count: Int, of total: Int) -> FeedError {
        FeedError(
            .wouldWithdrawTooMuch,
            "This full feed lacks \(count) of the \(total) items that the shop carries, more than a tenth: nothing was "
                + "changed. Check that the feed is complete, then import again with --force.",
            withdrawal: Withdrawal(count: count, of: total))
    }
}
