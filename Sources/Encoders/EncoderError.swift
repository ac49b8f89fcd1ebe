/// Why weights cannot be read or a text cannot be encoded, with what to do about it.
public struct EncoderError: Error, CustomStringConvertible, Sendable {
    public enum Code: Sendable {
        /// The file ends too early, or its header makes no sense.
        case damaged
        /// A tensor is missing, or has another shape or number type than the model needs.
        case wrongTensor
        /// The vocabulary lacks what the tokenizer needs.
        case wrongVocabulary
    }

    public let code: Code
    public let description: String

    init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }
}
