import Learning

/// `souk search`: one query, on the terminal.
enum SearchCommand: Command {
    static let name = "search"
    static let summary = "Search a shop from the terminal."
    static let positional = ["QUERY"]
    static let options: [Option] = [
        .shop, .value("limit", "N", "How many results, 1 to 100; 10 if left out."),
        .value("explain", "ITEM", "Print the tree of the score of one item."), .flag("json", "Print JSON."),
    ]

    static func run(_ arguments: Arguments, console: Console) throws {
        guard let query = arguments.positional.first else { throw UsageError("QUERY is missing.") }
        let limit = try arguments.integer("limit", in: 1...100) ?? 10
        let desk = try Desk(path: arguments.required("shop"))
        console.print(
            try desk.search(query, limit: limit, explain: arguments.value("explain"), asJSON: arguments.has("json")))
    }
}

/// `souk recommend`: one shelf, on the terminal.
enum RecommendCommand: Command {
    static let name = "recommend"
    static let summary = "Recommend items from the terminal."
    static let positional = ["SCENARIO"]
    static let options: [Option] = [
        .shop, .value("user", "ID", "The person, by the shop's own identifier."),
        .value("item", "ID", "The item at hand, for similar and bought_together."),
        .value("basket", "ID", "An item in the basket.", repeatable: true),
        .value("limit", "N", "How many, 1 to 100; 10 if left out."), .flag("json", "Print JSON."),
    ]
    static let discussion = "Scenarios: home, buy_again, new_for_you, similar, bought_together, complete_basket."

    static func run(_ arguments: Arguments, console: Console) throws {
        let limit = try arguments.integer("limit", in: 1...100) ?? 10
        let desk = try Desk(path: arguments.required("shop"))
        console.print(
            try desk.recommend(
                scenario: arguments.positional.first ?? "home", user: arguments.value("user"),
                item: arguments.value("item"), basket: arguments.values("basket"), limit: limit,
                asJSON: arguments.has("json")))
    }
}
