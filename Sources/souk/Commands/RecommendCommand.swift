import CommandInterface
import Domain
import JSON
import Recommenders
import Serving

/// `souk recommend`: one shelf, on the terminal.
enum RecommendCommand: Command {
    static let name = "recommend"
    static let summary = "Recommend items from the terminal."
    static let positional = ["[SCENARIO]"]
    static let options: [Option] = [
        .shop, .value("user", "ID", "The person, by the shop's own identifier."),
        .value("item", "ID", "The item at hand, for similar and bought_together."),
        .value("basket", "ID", "An item in the basket.", repeatable: true),
        .value("limit", "N", "How many, 1 to 100; 10 if left out."),
        .flag("explain", "Print what each model gave."), .flag("json", "Print JSON."),
    ]
    static let discussion = "Scenarios: home, buy_again, new_for_you, similar, bought_together, complete_basket."

    static func run(_ arguments: Arguments, console: Console) throws {
        let word = arguments.positional.first ?? Scenario.home.rawValue
        guard let scenario = Scenario(rawValue: word) else {
            throw UsageError("There is no scenario '\(word)'. \(discussion)")
        }
        var call = RecommendCall(scenario: scenario)
        call.user = arguments.value("user")
        call.item = try arguments.value("item").map(item)
        call.basket = try arguments.values("basket").map(item)
        call.limit = try arguments.integer("limit", in: 1...100) ?? 10
        let answer = try PublishedShop.ask(arguments) { try $0.recommend(call) }
        guard !arguments.has("json") else {
            return console.print(json(answer, explains: arguments.has("explain")))
        }
        for entry in answer.entries {
            console.print(ShelfTable.line(entry.card, note: entry.hit.reason))
            guard arguments.has("explain") else { continue }
            for part in entry.hit.contributions { console.print("    \(part.model) = \(part.value)") }
        }
    }

    private static func json(_ answer: RecommendAnswer, explains: Bool) -> String {
        PublishedShop.json(
            answer.entries, head: { $0.member("scenario", answer.scenario.rawValue) }, card: { $0.card },
            item: { entry, writer in
                writer.member("reason", entry.hit.reason)
                writer.member("score", entry.hit.score)
                guard explains else { return }
                writer.object("contributions") { writer in
                    for part in entry.hit.contributions {
                        writer.name(dynamic: part.model)
                        writer.value(part.value)
                    }
                }
            })
    }

    private static func item(_ text: String) throws -> ItemID {
        guard let id = ItemID(text) else { throw UsageError("'\(text.prefix(64))' is no item identifier.") }
        return id
    }
}
