import CommandInterface
import Testing

private enum Count: Command {
    static let name = "count"
    static let summary = "Counts."
    static let options: [Option] = [.value("to", "N", "How far.", required: true), .quiet]
    static let positional = ["WORD"]

    static func run(_ arguments: Arguments, console: Console) throws {
        guard try arguments.integer("to", in: 1...9) != 9 else { throw ExitError(status: 3, description: "Too far.") }
        if arguments.positional.isEmpty { throw CancellationError() }
    }
}

@Suite struct ProgramTests {
    private let program = Program(name: "p", noun: "command", headline: "p counts", commands: [Count.self])

    @Test(
        arguments: [
            (["count", "--to", "2", "word"], 0), (["count", "--to=2"], 1), (["count", "--to", "9", "word"], 3),
            (["count", "word"], 2), (["count", "--to", "12", "word"], 2), (["count", "--to", "2", "a", "b"], 2),
            (["count", "--two", "2"], 2), (["cuont"], 2), ([], 2), (["--help"], 0), (["count", "--help"], 0),
        ] as [([String], Int32)])
    func `the exit code tells done, failed, not understood and an error's own`(words: [String], status: Int32) {
        #expect(program.run(words) == status)
    }

    @Test func `options are read in all their forms`() throws {
        let options: [Option] = [.value("a", "X", "", repeatable: true), .flag("f", "")]
        let arguments = try Arguments(
            ["--a", "1", "w", "--a=2=3", "--f", "--", "--x"], options: options, maximumPositional: 2)
        #expect(arguments.values("a") == ["1", "2=3"])
        #expect(arguments.value("a") == "2=3")
        #expect(arguments.has("f"))
        #expect(arguments.positional == ["w", "--x"])
        #expect(throws: UsageError.self) { try Arguments(["--f=1"], options: options) }
        #expect(throws: UsageError.self) { try Arguments(["--a"], options: options) }
    }
}
