/// Why bytes could not be read as JSON.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable { case syntax, tooLarge, notUTF8 }
    public let code: Code
    public let message: String
    /// Where reading stopped, from 1; zero if unknown.
    public let line: Int
    public let column: Int

    public init(_ code: Code, _ message: String, line: Int = 0, column: Int = 0) {
        (self.code, self.message, self.line, self.column) = (code, message, line, column)
    }

    public var description: String {
        line > 0 ? "\(message) (line \(line), column \(column))" : message
    }
}
