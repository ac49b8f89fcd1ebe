/// Why a ranker could not be trained or read.
public struct RankingError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The examples do not fit together, or hold something that is no number.
        case badExamples
        /// The library refused; its words are in the message.
        case libraryFailed
        /// Columns that do not make trees.
        case corrupt
    }

    public let code: Code
    public let message: String
    public var description: String { message }

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
}
