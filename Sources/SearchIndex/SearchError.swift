/// Why an index could not be built, opened or asked, and what to do about it.
public struct SearchError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The folder holds no index.
        case notFound
        /// A checksum, length or structure does not match: the file was damaged.
        case corrupt
        /// Written by a version of Souk that this one does not know.
        case unknownFormat
        /// The request asks for something impossible, such as page 0 or a page beyond the depth.
        case invalidRequest
        /// The operating system refused to read or write.
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
