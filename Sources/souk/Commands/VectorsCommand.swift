import CommandInterface
import Learning

/// `souk vectors export`: what the index knows of items, as a file that training reads.
enum VectorsCommand: Command {
    static let name = "vectors"
    static let summary = "Write the vectors of a shop's items into a file."
    static let positional = ["export"]
    static let options: [Option] = [
        .shop, .value("out", "FILE", "Where the safetensors are written.", required: true),
        .value("of", "KINDS", "text, pictures or text,pictures; all that the shop has if left out."), .quiet,
    ]
    static let discussion = """
        Each item's vector stands under its identifier, as `souk-train NAME --data FILE --content FILE` reads it. With --shop
        `souk-train` reads the shop's vectors itself. See docs/formats/vectors.md.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        guard arguments.positional.first == "export" else { throw UsageError("Write `souk vectors export`.") }
        let workbench = try Workbench(path: arguments.required("shop"))
        let kinds = try arguments.value("of").map { text in
            guard let kinds = Workbench.vectorKinds(named: text) else {
                throw UsageError("--of takes text, pictures or text,pictures, not '\(text)'.")
            }
            return kinds
        }
        let written = try workbench.exportVectors(kinds, to: arguments.required("out"))
        console.note("\(written.items) items have a vector of \(written.width) numbers.")
    }
}
