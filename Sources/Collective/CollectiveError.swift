/// Why processes cannot work together, with what to do about it.
public struct CollectiveError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// An address cannot be understood, reached or listened on.
        case badAddress
        /// A member says something else than the others of how many there are, or has the rank of another.
        case refused
        /// Not all members came in time.
        case incomplete
        /// A member has ended, cannot be reached or does not answer.
        case lost
    }

    public let code: Code
    public let message: String
    /// Who is known to be lost; empty if that cannot be told.
    public let lost: [Int]

    public init(_ code: Code, _ message: String, lost: [Int] = []) {
        (self.code, self.message, self.lost) = (code, message, lost)
    }
    public var description: String { message }
}
