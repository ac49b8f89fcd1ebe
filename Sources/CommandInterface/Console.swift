import Foundation

/// Where a command writes: results to standard output, progress and messages to standard error.
public final class Console: Sendable {
    /// What messages of errors begin with.
    private let program: String
    let isQuiet: Bool
    /// Whether a person looks at standard error: bars there, plain lines elsewhere.
    public let isTerminal: Bool

    init(program: String, isQuiet: Bool) {
        (self.program, self.isQuiet) = (program, isQuiet)
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    public func print(_ text: String) { write(text + "\n", to: .standardOutput) }
    public func note(_ text: String) { if !isQuiet { write(text + "\n", to: .standardError) } }
    public func fail(_ text: String) { write("\(program): \(text)\n", to: .standardError) }
    public func raw(_ text: String) { write(text, to: .standardError) }

    /// Starts a line of progress for `label`; call the result with how much is done of how much.
    public func progress(_ label: String) -> ProgressLine { ProgressLine(label: label, console: self) }

    private func write(_ text: String, to handle: FileHandle) {
        // A closed pipe, as in `souk … | head`, is the reader's choice and no failure of the command.
        try? handle.write(contentsOf: Data(text.utf8))  // See above.
    }
}
