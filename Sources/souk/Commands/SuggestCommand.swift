import CommandInterface
import JSON
import Learning

/// `souk suggest`: phrases for what somebody began to type or mistyped.
enum SuggestCommand: Command {
    static let name = "suggest"
    static let summary = "Suggest phrases for a text: by counts, or by a network of letters."
    static let positional = ["TEXT"]
    static let options: [Option] = [
        .value("shop", "DIR", "The shop's folder: its categories and items by counts."),
        .value(
            "weights", "DIR",
            "In place of --shop, what `souk-train rewriter` wrote, which restores TEXT, or `suggester`, which goes on with it."
        ),
        .value("limit", "N", "How many phrases, 1 to 50; 10 if left out."), .flag("json", "Print JSON."),
    ]

    static func run(_ arguments: Arguments, console: Console) throws {
        guard let text = arguments.positional.first else { throw UsageError("TEXT is missing.") }
        let (shop, weights) = (arguments.value("shop"), arguments.value("weights"))
        guard (shop == nil) != (weights == nil) else { throw UsageError("Give either --shop or --weights.") }
        let phrases = try Workbench.phrases(
            for: text, weights: weights, shop: shop, limit: try arguments.integer("limit", in: 1...50) ?? 10)
        guard arguments.has("json") else {
            for phrase in phrases { console.print(phrase.text) }
            return
        }
        let list = phrases.map { phrase in
            JSONValue.object(
                [.init("text", .string(phrase.text))]
                    + (phrase.probability.map { [.init("probability", .number($0))] } ?? []))
        }
        console.print(String(decoding: JSONValue.object([.init("phrases", .array(list))]).encoded, as: UTF8.self))
    }
}
