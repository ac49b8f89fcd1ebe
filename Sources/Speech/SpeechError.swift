/// Why a recording cannot be understood, or a shop's speech model not be used, with what to do about it.
public struct SpeechError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The bytes are no WAV recording, or one that is cut short or damaged.
        case notRecording
        /// A recording of a kind that is not read.
        case unsupported
        /// More bytes or more seconds than a limit allows.
        case tooLarge
        /// The acoustic model or the dictionary is not installed.
        case missing
        /// A model cannot be opened.
        case badModel
        /// All decoders are at work, and others wait already.
        case busy
        /// The decoder gave up.
        case failed
    }

    public let code: Code
    public let message: String
    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
    public var description: String { message }
}
