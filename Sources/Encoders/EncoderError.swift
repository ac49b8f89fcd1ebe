/// Why a model cannot be used, with what to do about it.
public struct EncoderError: Error, CustomStringConvertible, Sendable {
    public enum Code: Sendable {
        /// The configuration describes a model that this encoder does not compute.
        case wrongModel
        /// The vocabulary lacks what the tokenizer needs.
        case wrongVocabulary
    }

    public let code: Code
    public let description: String

    init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }
}
