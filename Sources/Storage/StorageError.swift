/// Why something on disk could not be read or written, and what to do about it.
public struct StorageError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The path holds no such thing.
        case notFound
        /// Another process holds the database's lock.
        case locked
        /// The disk, or the database's allowance, is full.
        case full
        /// A checksum, length or structure does not match: the file was damaged.
        case corrupt
        /// Written by a version of Souk that this one does not know.
        case unknownFormat
        /// A value breaks a rule of the store, such as a second item with one identifier.
        case constraint
        /// Too much is waiting to be written: try again later.
        case busy
        /// Any other refusal by the operating system or the database.
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
