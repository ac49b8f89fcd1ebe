/// Why a use case could not be answered.
public struct ServingError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// A value of the call breaks a rule.
        case invalid
        /// The catalogue has no such item.
        case unknownItem
        /// No such person, generation or other thing.
        case notFound
        /// No index, or no models, are published yet.
        case notPublished
        /// Somebody else was faster, or parts of the call contradict each other.
        case conflict
        /// Too much is waiting: try again later.
        case busy
        /// The store, the index or a model failed.
        case failed
    }

    public let code: Code
    public let message: String
    public let cause: (any Error)?
    public let location: String

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil, file: String = #fileID, line: Int = #line) {
        (self.code, self.message, self.cause, self.location) = (code, message, cause, "\(file):\(line)")
    }

    public var description: String { message }
}
