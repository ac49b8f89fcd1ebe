/// Why something could not be measured.
public struct EvaluationError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case unreadable, tooLarge, badLine, badRun, nothingToMeasure, writeFailed
    }

    public let code: Code
    public let message: String
    /// The line at fault, from 1; `nil` if no single line is.
    public let line: Int?

    public init(_ code: Code, _ message: String, line: Int? = nil) {
        (self.code, self.message, self.line) = (code, message, line)
    }

    public var description: String { message }
}
