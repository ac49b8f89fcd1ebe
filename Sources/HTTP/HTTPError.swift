/// Why the server could not start, or a request could not be read.
public struct HTTPError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Another program listens at the port.
        case portInUse
        /// The address or port may not be listened at by this program.
        case addressRefused
        /// The certificate or its key cannot be read or do not belong together.
        case badCertificate
        /// The request's target is not a valid path and query.
        case badTarget
        /// The operating system refused something else.
        case failed
    }

    public let code: Code
    public let message: String
    public let location: String

    public init(_ code: Code, _ message: String, file: String = #fileID, line: Int = #line) {
        (self.code, self.message, self.location) = (code, message, "\(file):\(line)")
    }

    public var description: String { message }
}
