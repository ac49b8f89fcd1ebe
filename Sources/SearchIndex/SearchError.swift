/// Why an index could not be opened or a query not be answered.
public struct SearchError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Bytes do not make a segment: the file was damaged, or another version of Souk wrote it.
        case corrupt
        /// The query breaks a limit.
        case invalidQuery
        /// A setting names no way to join words and meaning.
        case invalidFusion
    }

    public let code: Code
    public let message: String
    public var description: String { message }

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
}
