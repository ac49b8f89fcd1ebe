import CommandInterface
import Domain
import JSON
import SearchIndex
import Serving

/// `souk search`: one query, on the terminal.
enum SearchCommand: Command {
    static let name = "search"
    static let summary = "Search a shop from the terminal."
    static let positional = ["QUERY"]
    static let options: [Option] = [
        .shop, .value("limit", "N", "How many results, 1 to 100; 10 if left out."),
        .flag("exact", "Leave words as they are typed."), .flag("no-meaning", "By words alone, without vectors."),
        .value(
            "fusion", "NAME",
            "Join words and meaning by additive, rrf, convex or learned, as `NAME:NUMBER` with another number."),
        .value("rerank", "N", "Put the first N in order with the shop's cross-encoder (`souk index --reranker`)."),
        .flag("explain", "Print the tree of each score."),
        .flag("json", "Print JSON."),
    ]

    static func run(_ arguments: Arguments, console: Console) throws {
        guard let query = arguments.positional.first else { throw UsageError("QUERY is missing.") }
        var call = SearchCall()
        call.query = query
        call.limit = try arguments.integer("limit", in: 1...100) ?? 10
        call.correctsTypos = !arguments.has("exact")
        call.usesMeaning = call.correctsTypos && !arguments.has("no-meaning")
        call.fusion = try arguments.value("fusion").map { try FusionSetting(parsing: $0) }
        call.rerankDepth = try arguments.integer("rerank", in: 0...SearchCall.mostReranked) ?? 0
        call.explains = arguments.has("explain")
        let answer = try PublishedShop.ask(arguments) { try $0.search(call) }
        guard !arguments.has("json") else { return console.print(json(answer, query)) }
        console.print("\(answer.hits.total) results for “\(query)”")
        for step in answer.hits.applied { console.print("  " + line(of: step)) }
        for entry in answer.entries {
            console.print(ShelfTable.line(entry.card))
            if let tree = entry.hit.explanation { console.print(ShelfTable.tree(tree)) }
        }
    }

    private static func json(_ answer: SearchAnswer, _ query: String) -> String {
        PublishedShop.json(
            answer.entries,
            head: { writer in
                writer.member("query", query)
                writer.member("total", answer.hits.total)
                writer.member("applied", JSONValue.array(answer.hits.applied))
            }, card: { $0.card },
            item: { entry, writer in
                writer.member("score", entry.hit.score)
                if let tree = entry.hit.explanation { writer.member("explanation", tree) }
            })
    }

    /// A step as `name: from -> to`.
    private static func line(of step: JSONValue) -> String {
        guard case .object(let members) = step else { return "" }
        let texts = members.map { member in
            switch member.value {
            case .string(let text): text
            case .array(let values):
                values.compactMap { if case .string(let text) = $0 { text } else { nil } }.joined(separator: ", ")
            default: ""
            }
        }
        return (texts.first ?? "") + ": " + texts.dropFirst().joined(separator: " -> ")
    }
}
