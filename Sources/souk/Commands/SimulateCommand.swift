import CommandInterface
import Learning

/// `souk simulate`: makes up what the data lacks, and labels it.
enum SimulateCommand: Command {
    static let name = "simulate"
    static let summary = "Add synthetic searches, clicks, ratings, stock, places and carriers, labelled as such."
    static let options: [Option] = [
        .shop, .value("seed", "N", "The same seed makes the same events; 1 if it is not given."),
        .value("events", "N", "How many events of the last 24 hours; 20000 if it is not given."), .quiet,
    ]
    static let discussion = """
        Synthetic events name no person, and enter a figure or a model only where a command is told --synthetic, which then says
        so. Shoppers look at rank r of a list with probability 1/r, and click what they look at by its price beside its shelf's and
        by its brand, not by how it sells. Stock that the shop counts and places, warehouses and carriers that it knows stay as
        they are. Running twice with one seed changes nothing.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let seed = try arguments.integer("seed", in: 0...Int.max) ?? 1
        let count = try arguments.integer("events", in: 1...10_000_000) ?? 20_000
        let workbench = try Workbench(path: arguments.required("shop"))
        let line = console.progress("simulate")
        line.finish(try workbench.simulate(seed: UInt64(seed), events: count) { line.update($0, of: $1) })
    }
}
