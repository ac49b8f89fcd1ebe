import Learning

/// `souk doctor`: looks at everything on disk.
enum DoctorCommand: Command {
    static let name = "doctor"
    static let summary = "Check everything on disk and say what to do."
    static let options: [Option] = [.shop, .quiet]
    static let discussion = "Exit code 1 if something is broken."

    static func run(_ arguments: Arguments, console: Console) throws {
        let findings = try Workbench.examine(path: arguments.required("shop"))
        for finding in findings.lines { console.print(finding) }
        guard !findings.isBroken else { throw ExitError(status: 1, description: "Something is broken: see above.") }
    }
}

/// `souk simulate`: makes up what a demo lacks.
enum SimulateCommand: Command {
    static let name = "simulate"
    static let summary = "Make up searches, clicks, ratings, stock and places, labelled synthetic."
    static let options: [Option] = [
        .shop, .value("seed", "N", "The same seed makes the same things; 1 if left out."),
        .value("events", "N", "About how many events; 20000 if left out."), .quiet,
    ]
    static let discussion = "Nothing simulated enters a figure of accuracy. Run it twice with one seed: nothing changes."

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        let line = console.progress("simulate")
        let result = try workbench.simulate(
            seed: UInt64(arguments.integer("seed", in: 0...Int(Int32.max)) ?? 1),
            events: arguments.integer("events", in: 0...10_000_000) ?? 20_000
        ) { line.update($0, of: $1) }
        line.finish(result)
    }
}
