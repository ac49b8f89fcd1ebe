/// Why a picture or a set of pictures cannot be used, with what to do about it.
public struct PictureError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A data set is missing, cut short or not of its format.
        case badData
        /// The bytes are no picture, or one that is cut short or damaged.
        case notPicture
        /// A picture of a kind that is not read.
        case unsupported
        /// More bytes or more pixels than a limit allows.
        case tooLarge
    }

    public let code: Code
    public let message: String
    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    public var description: String { message }
}
