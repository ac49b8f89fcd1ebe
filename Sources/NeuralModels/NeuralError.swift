/// Why a model cannot be trained or read, with what to do about it.
public struct NeuralError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A data set is missing, cut short or not of its format.
        case badData
        /// The loss is no number any more.
        case diverged
        /// A checkpoint belongs to another model, data set or settings.
        case otherRun
        /// A checkpoint or weights cannot be read.
        case damaged
        /// A process that takes part is lost.
        case lost
    }

    public let code: Code
    public let message: String
    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    public var description: String { message }
}
