import CommandInterface
import Domain
import Foundation
import JSON
import Recommenders
import Serving
import Storage

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
        .value("store", "ID", "The branch whose stock and prices hold."),
        .value("market", "NAME", "The market whose prices hold."),
        .value("group", "NAME", "The customer group whose prices hold."),
        .value("price-min", "AMOUNT", "The lowest price, such as 2.50."),
        .value("price-max", "AMOUNT", "The highest price."),
        .value("category", "PATH", "A category to keep to, such as 'Grocery > Frozen'."),
        .value("exclude", "ID", "An item that must not appear.", repeatable: true),
        .value("per-brand", "N", "How many items of one brand there may be."),
        .value(
            "rhythm", "PART",
            "Leave out what the person bought a shorter time ago than this part of its usual gap, 0 to 2."),
        .value("diversity", "PARTS", "How the list is put together, such as mmr:0.3,exploration:0.1; or off."),
        .value(
            "model", "NAME",
            "sequence: the shop's network of histories alone; sequence_hybrid: with the ranker; purchase, purchase_hybrid: the same of its "
                + "network of purchases; hybrid: the ranker alone. The shop's own way if left out."
        ),
        .value(
            "network-weight", "X",
            "sequence_hybrid, purchase_hybrid: what the network weighs, 0 to 1; \(NetworkBlend.defaultWeight) if left out."
        ),
        .value("lang", "TAG", "The language of texts and reasons, such as de."),
        .value(
            "taste", "PATH", "A category that somebody unknown likes, such as 'Grocery > Cheese'.", repeatable: true),
        .value("scenario", "NAME", "The scenario, as the argument."),
        .flag("all", "One shelf for everybody in the log, into a file of JSON lines."),
        .value("people", "FILE", "With --all: only these people, an identifier a line, named so in the file."),
        .value("opted-out", "FILE", "With --all: without these people, an identifier a line."),
        .value("out", "FILE", "With --all: where the lines go."),
        .flag("resume", "With --all: go on with a run that was interrupted."), .quiet,
        .flag("explain", "Print what each model gave."), .flag("json", "Print JSON."),
    ]
    static let discussion = "Scenarios: \(Scenario.allCases.map(\.rawValue).joined(separator: ", "))."

    static func run(_ arguments: Arguments, console: Console) throws {
        let word = arguments.positional.first ?? arguments.value("scenario") ?? Scenario.home.rawValue
        guard let scenario = Scenario(rawValue: word) else {
            throw UsageError("There is no scenario '\(word)'. \(discussion)")
        }
        var call = RecommendCall(scenario: scenario)
        call.user = arguments.value("user")
        call.item = try arguments.value("item").map(item)
        call.basket = try arguments.values("basket").map(item)
        call.tastes = arguments.values("taste")
        call.limit = try arguments.integer("limit", in: 1...100) ?? 10
        call.priceList = PriceListName(
            market: arguments.value("market") ?? Offer.defaultMarket,
            group: arguments.value("group") ?? Offer.everyGroup)
        if let text = arguments.value("diversity") {
            do {
                call.reranking = try Reranking(parsing: text)
            } catch {
                throw UsageError("--diversity: \(error)")
            }
        }
        call.networkWeights = try networkWeights(arguments)
        call.language = arguments.value("lang")?.split(separator: "-").first?.lowercased()
        guard !arguments.has("all") else { return try batch(call, arguments, console) }
        for name in ["people", "opted-out", "out"] where arguments.value(name) != nil {
            throw UsageError("--\(name) needs --all.")
        }
        call.explains = arguments.has("explain")
        let answer = try PublishedShop.ask(arguments) { service in
            call.conditions = try conditions(arguments, call, service)
            return try service.recommend(call)
        }
        guard !arguments.has("json") else {
            return console.print(json(answer, explains: call.explains))
        }
        for entry in answer.entries {
            console.print(ShelfTable.line(entry.card, note: entry.hit.reason))
            guard call.explains else { continue }
            for part in entry.hit.contributions { console.print("    \(name(part)) = \(part.value)") }
        }
    }

    /// Such as `popularity`, or `hybrid.own` for a part of a model's knowledge.
    private static func name(_ contribution: Recommendation.Contribution) -> String {
        [contribution.model, contribution.part].compactMap(\.self).joined(separator: ".")
    }

    /// What `--model` makes the networks weigh; `nil` without it.
    private static func networkWeights(_ arguments: Arguments) throws -> NetworkWeights? {
        let text = arguments.value("network-weight")
        let model = arguments.value("model")
        let blends = [NetworkBlend.sequenceName, NetworkBlend.purchaseName]
        guard text == nil || model.map(blends.contains) == true else {
            throw UsageError("--network-weight needs --model \(blends.joined(separator: " or ")).")
        }
        let weight = text.map { Double($0) ?? .nan } ?? NetworkBlend.defaultWeight
        guard (0...1).contains(weight) else {
            throw UsageError("--network-weight takes a number from 0 to 1, not '\(text ?? "")'.")
        }
        switch model {
        case nil: return nil
        case RankedBasketModel.name: return NetworkWeights.none
        case SequenceRecommender.name: return NetworkWeights(sequence: 1)
        case NetworkBlend.sequenceName: return NetworkWeights(sequence: weight)
        case PurchaseScorer.name: return NetworkWeights(purchase: 1)
        case NetworkBlend.purchaseName: return NetworkWeights(purchase: weight)
        case let other?:
            let names = [RankedBasketModel.name, SequenceRecommender.name, PurchaseScorer.name] + blends
            throw UsageError("--model takes \(names.joined(separator: ", ")), not '\(other)'.")
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
                        writer.name(dynamic: name(part))
                        writer.value(part.value)
                    }
                }
            })
    }

    private static func batch(_ call: RecommendCall, _ arguments: Arguments, _ console: Console) throws {
        guard call.user == nil, call.item == nil, call.basket.isEmpty else {
            throw UsageError("--all is for everybody: leave out --user, --item and --basket.")
        }
        var batch = ShelfBatch(call: call, path: try arguments.required("out"))
        batch.people = try arguments.value("people").map(identifiers)
        batch.optedOut = try arguments.value("opted-out").map(identifiers) ?? []
        let line = console.progress("recommend")
        let summary = try PublishedShop.ask(arguments) { service in
            batch.call.conditions = try conditions(arguments, call, service)
            return try service.write(batch, resumes: arguments.has("resume")) { line.update($0, of: $1) }
        }
        line.finish("\(summary.lines) shelves in \(batch.path)")
    }

    /// The first word of each line that is not empty.
    private static func identifiers(_ path: String) throws -> [String] {
        let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).compactMap { line in
            line.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map(String.init)
        }
    }

    private static func conditions(
        _ arguments: Arguments, _ call: RecommendCall, _ service: ShopService
    ) throws -> ShelfConditions {
        var conditions = ShelfConditions()
        conditions.store = arguments.value("store")
        let currency = try service.currency(conditions.priceList(call.priceList))
        func amount(_ name: String) throws -> Money? {
            guard let text = arguments.value(name) else { return nil }
            guard let money = Money(decimal: text, currency: currency), money.minorUnits >= 0,
                money.currency == currency
            else { throw UsageError("--\(name) takes an amount in \(currency.code), such as 2.50; not '\(text)'.") }
            return money
        }
        (conditions.lowestPrice, conditions.highestPrice) = (try amount("price-min"), try amount("price-max"))
        conditions.category = (arguments.value("category") ?? "").components(separatedBy: " > ").filter { !$0.isEmpty }
        conditions.excluded = try arguments.values("exclude").map(item)
        conditions.rhythm = try arguments.value("rhythm").map { text in
            guard let rhythm = Double(text), ShelfConditions.rhythmRange.contains(rhythm) else {
                throw UsageError("--rhythm takes a number from 0 to 2; not '\(text)'.")
            }
            return rhythm
        }
        conditions.mostOfBrand = try arguments.integer("per-brand", in: ShelfConditions.mostOfBrandRange)
        return conditions
    }

    private static func item(_ text: String) throws -> ItemID {
        guard let id = ItemID(text) else { throw UsageError("'\(text.prefix(64))' is no item identifier.") }
        return id
    }
}
