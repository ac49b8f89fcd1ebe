/// One word of the command line, such as `souk import`.
public protocol Command: Sendable {
    static var name: String { get }
    /// One line for the list of commands.
    static var summary: String { get }
    /// What a newcomer needs beyond the options: examples, files, exit codes.
    static var discussion: String { get }
    static var options: [Option] { get }
    /// Names of positional arguments; those in brackets may be left out.
    static var positional: [String] { get }
    /// How many positional arguments there may be; as many as have names if it is left out.
    static var maximumPositional: Int { get }
    static func run(_ arguments: Arguments, console: Console) throws
}

extension Command {
    public static var discussion: String { "" }
    public static var positional: [String] { [] }
    public static var maximumPositional: Int { positional.count }

    /// The text of `PROGRAM NAME --help`.
    static func help(of program: String) -> String {
        let words = positional + options.map { $0.isRequired ? $0.usage : "[\($0.usage)]" }
        let width = options.map(\.usage.count).max() ?? 0
        let table = options.map { "  \($0.usage.padded(to: width))  \($0.help)" }.joined(separator: "\n")
        let parts = ["\(summary)", "Usage: \(program) \(name) \(words.joined(separator: " "))", table, discussion]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

extension String {
    /// The text with blanks behind it up to `width` characters.
    public func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
