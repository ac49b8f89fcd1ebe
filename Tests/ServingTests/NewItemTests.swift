import Domain
import JSON
import Numerics
import Recommenders
import Storage
import Testing

@testable import Serving

/// New items in a shop that serves: explored places, their budget, and the report.
@Suite struct NewItemTests {
    private static func shop(exploration: Double) throws -> TrainedShop {
        try TrainedShop(late: [57, 58, 59], from: 1, exploration: exploration)
    }

    private static func saw(_ shop: TrainedShop, _ items: [Int], list: String, id: String) throws {
        let lines = items.map { "{\"item_id\":\"i\($0)\"}" }.joined(separator: ",")
        let event =
            "{\"event_id\":\"\(id)\",\"name\":\"view_item_list\",\"list\":\"\(list)\",\"items\":[\(lines)],"
            + "\"time\":\"2026-02-28T12:00:00Z\"}"
        let answer = try shop.service.ingest([try JSONValue(parsing: Array(event.utf8))])
        #expect(answer.accepted == 1)
    }

    @Test func `new items come onto the shelf, say why, and stop when the budget is spent`() throws {
        let (plain, shop) = (try Self.shop(exploration: 0), try Self.shop(exploration: 0.1))
        var call = RecommendCall(scenario: .home)
        (call.limit, call.user) = (12, "person 0")
        let usual = try plain.service.recommend(call).entries.map(\.hit.number)
        var explored = 0
        for _ in 0..<40 {
            let answer = try shop.service.recommend(call)
            #expect(answer.entries.count == usual.count)
            for (place, entry) in answer.entries.enumerated()
            where entry.hit.contributions.first?.model == "exploration" {
                explored += 1
                #expect(place == 3 && ["i57", "i58", "i59"].contains(entry.card.item.id.rawValue))
                #expect(entry.hit.reason.contains("New") && entry.hit.contributions[0].value == entry.hit.score)
            }
        }
        // One place of twelve in ten is within a tenth; the next must wait until shoppers saw more.
        #expect(explored == 1)
        try Self.saw(shop, Array(0..<40), list: "home", id: "a")
        let before = explored
        for _ in 0..<40 {
            explored += try shop.service.recommend(call).entries.count {
                $0.hit.contributions.first?.model == "exploration"
            }
        }
        #expect(explored > before && explored <= before + 4)
    }

    @Test func `shelves with conditions, other shelves and short ones are left alone`() throws {
        let shop = try Self.shop(exploration: 0.2)
        var narrow = RecommendCall(scenario: .home)
        narrow.conditions.mostOfBrand = 3
        var short = RecommendCall(scenario: .home)
        short.limit = 3
        for call in [narrow, short, RecommendCall(scenario: .newArrivals)] {
            let answer = try shop.service.recommend(call)
            #expect(!answer.entries.contains { $0.hit.contributions.first?.model == "exploration" })
        }
    }

    @Test func `the report counts what happened since an item came`() throws {
        let shop = try Self.shop(exploration: 0.1)
        try Self.saw(shop, [57, 57, 58, 1], list: "search", id: "a")
        let click =
            "{\"event_id\":\"b\",\"name\":\"select_item\",\"time\":\"2026-02-28T13:00:00Z\",\"items\":[{\"item_id\":\"i57\"}]}"
        _ = try shop.service.ingest([try JSONValue(parsing: Array(click.utf8))])
        let report = try shop.service.newItemReport()
        #expect(Set(report.entries.map(\.card.item.id.rawValue)) == ["i57", "i58", "i59"])
        let first = try #require(report.entries.first)
        #expect(first.card.item.id.rawValue == "i57" && first.total.impressions == 2 && first.total.clicks == 1)
        #expect(first.total.purchases > 0 && first.days.map(\.seen).reduce(Exposure(), +) == first.total)
        #expect(first.interval.contains(first.posterior.mean) && !report.isSynthetic)
        var writer = JSONWriter()
        writer.object { report.write(to: &$0) }
        let json = try JSONValue(parsing: writer.finish())
        #expect(json["items"]?.arrayValue?.count == 3 && json["exploration"]?["share"]?.doubleValue == 0.1)
        #expect(try shop.service.newItemReport(days: 1).entries.count < 3)
    }

    @Test func `an item has found its level when what is known lies near to it`() {
        let prior = BetaDistribution(alpha: 3, beta: 57)
        let steady = (0..<10).map { _ in Exposure(impressions: 300, clicks: 30) }
        let found = NewItemLevel.day(steady, prior: prior, within: 0.3)
        #expect(found != nil && found != 0)
        #expect(NewItemLevel.day(steady, prior: prior, within: 1) == 0)
        #expect(NewItemLevel.day(steady, prior: prior, within: 0.01) == nil)
        #expect(NewItemLevel.day([Exposure(purchases: 4)], prior: prior, within: 1) == nil)
        #expect(NewItemLevel.day([], prior: prior, within: 1) == nil)
    }
}
