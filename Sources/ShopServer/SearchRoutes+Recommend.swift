import Domain
import Foundation
import HTTP
import JSON
import Recommenders
import Serving
import Storage

/// Shelves of recommendations.
extension SearchRoutes {
    private static let maximumListBytes = 6144

    static func recommend(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        guard let scenario = Scenario(rawValue: call.parameter("scenario")) else {
            let names = Scenario.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem(404, "Unknown scenario", "The scenario must be one of \(names).")
        }
        var wanted = RecommendCall(scenario: scenario)
        wanted.user = try call.text("user", maximumBytes: 256)
        wanted.session = try call.text("session", maximumBytes: 128)
        wanted.item = try call.text("item", maximumBytes: 128).map { try call.itemID($0) }
        wanted.basket = try (call.text("basket", maximumBytes: 4096) ?? "").split(separator: ",").prefix(200).map {
            try call.itemID(String($0))
        }
        wanted.limit = try call.integer("limit", default: 12, in: 1...100)
        (wanted.language, wanted.priceList) = (try call.language(), try call.priceList())
        wanted.conditions = try conditions(call, service, wanted.priceList)
        wanted.tastes = try OnboardingRoutes.tastes(call)
        wanted.reranking = try reranking(call)
        wanted.networkWeights = try networkWeights(call)
        wanted.explains = try call.flag("explain")
        let answer = try service.recommend(wanted)
        return Call.respond { writer in
            writer.member("scenario", scenario.rawValue)
            writer.member("generation", answer.generation)
            writer.member("impression_id", answer.impressionID)
            if let branch = answer.branch {
                writer.object("store") { writer in
                    writer.member("id", branch.id)
                    writer.member("name", branch.name)
                }
            }
            recommendations(answer, explains: wanted.explains, &writer)
            writer.took(since: start)
        }
    }

    static func recommendations(_ answer: RecommendAnswer, explains: Bool, _ writer: inout JSONWriter) {
        writer.array("items") { writer in
            for entry in answer.entries {
                writer.object { writer in
                    writer.cardMembers(entry.card, currency: answer.currency)
                    writer.member("reason", entry.hit.reason)
                    writer.member("score", entry.hit.score)
                    guard explains else { return }
                    writer.array("contributions") { writer in
                        for part in entry.hit.contributions {
                            writer.object { writer in
                                writer.member("model", part.model)
                                if let name = part.part { writer.member("part", name) }
                                writer.member("value", part.value)
                            }
                        }
                    }
                }
            }
        }
    }

    /// `off`, or parts such as `mmr:0.3,exploration:0.1`; `nil` leaves it to the shop.
    static func reranking(_ call: Call) throws -> Reranking? {
        guard let text = try call.text("diversity", maximumBytes: 200) else { return nil }
        do {
            return try Reranking(parsing: text)
        } catch {
            throw Problem.invalid("`diversity`: \(error)")
        }
    }

    /// What the shop's networks weigh, 0 for one that is not named; `nil`, if none is, leaves it to the shop.
    private static func networkWeights(_ call: Call) throws -> NetworkWeights? {
        func weight(_ name: StaticString) throws -> Double? {
            guard let text = try call.text("\(name)", maximumBytes: 32) else { return nil }
            guard let weight = Double(text), (0...1).contains(weight) else {
                throw Problem.invalid("`\(name)` must be a number from 0 to 1.")
            }
            return weight
        }
        let (sequence, purchase) = (try weight("sequence"), try weight("purchase"))
        guard sequence != nil || purchase != nil else { return nil }
        return NetworkWeights(sequence: sequence ?? 0, purchase: purchase ?? 0)
    }

    /// What the items of a shelf must be; amounts are in the currency of the prices that hold.
    private static func conditions(
        _ call: Call, _ service: ShopService, _ list: PriceListName
    ) throws -> ShelfConditions {
        var conditions = ShelfConditions()
        conditions.store = try call.text("store", maximumBytes: 128)
        let currency = try service.currency(conditions.priceList(list))
        conditions.lowestPrice = try price(call, "price_min", currency) ?? price(call, "min_price", currency)
        conditions.highestPrice = try price(call, "price_max", currency) ?? price(call, "max_price", currency)
        conditions.category = (try call.text("category", maximumBytes: 1024) ?? "").components(separatedBy: " > ")
            .filter { !$0.isEmpty }
        conditions.excluded = try (call.text("exclude", maximumBytes: maximumListBytes) ?? "").split(separator: ",")
            .map { try call.itemID(String($0)) }
        if call.request.query("per_brand") != nil {
            conditions.mostOfBrand = try call.integer("per_brand", default: 1, in: ShelfConditions.mostOfBrandRange)
        }
        if let text = try call.text("rhythm", maximumBytes: 16) {
            guard let rhythm = Double(text), ShelfConditions.rhythmRange.contains(rhythm) else {
                throw Problem.invalid("`rhythm` must be a number from 0 to 2.")
            }
            conditions.rhythm = rhythm
        }
        return conditions
    }
}
