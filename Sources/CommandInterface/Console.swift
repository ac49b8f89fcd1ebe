import Foundation

/// Where a command writes: results to standard output, progress and messages to standard error.
final class Console: Sendable {
    let isQuiet: Bool
    /// Whether a person looks at standard error: bars there, plain lines elsewhere.
    let isTerminal: Bool

    init(isQuiet: Bool = false) {
        self.isQuiet = isQuiet
        isTerminal = isatty(STDERR_FILENO) == 1
    }

    func print(_ text: String) { write(text + "\n", to: .standardOutput) }
    func note(_ text: String) { if !isQuiet { write(text + "\n", to: .standardError) } }
    func fail(_ text: String) { write("\(programName): \(text)\n", to: .standardError) }
    func raw(_ text: String) { write(text, to: .standardError) }

    /// Starts a line of progress for `label`; call the result with how much is done of how much.
    func progress(_ label: String) -> ProgressLine { ProgressLine(label: label, console: self) }

    private func write(_ text: String, to handle: FileHandle) {
        // A closed pipe, as in `souk … | head`, is the reader's choice and no failure of the command.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
