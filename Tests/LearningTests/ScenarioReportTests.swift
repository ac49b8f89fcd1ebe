import Domain
import Evaluation
import Features
import Foundation
import JSON
import TestSupport
import Testing

@testable import Learning

/// The evaluations beside next basket and next item, on a small made-up shop.
@Suite struct ScenarioReportTests {
    private let shop: GrocerShop
    private let page: String

    init() throws {
        shop = try GrocerShop()
        page = shop.folder.file("page.html")
    }

    private func json(_ line: String) throws -> JSONValue { try JSONValue(parsing: Data(line.utf8)) }

    private func html() throws -> String { try String(contentsOfFile: page, encoding: .utf8) }

    private func number(_ value: JSONValue?) -> Double? {
        value?.doubleValue ?? value?.integerValue.map { Double($0) }
    }

    /// Whether all checks of a result passed, and that there are some.
    private func isHonest(_ result: JSONValue) -> Bool {
        let checks = result["checks"]?.objectValue ?? []
        return checks.count >= 4 && checks.allSatisfy { $0.value["passed"]?.boolValue == true }
    }

    @Test func `favourites known beforehand help newcomers`() throws {
        let result = try json(
            shop.workbench.evaluateNewcomers(cut: GrocerShop.day(ofWeek: 12), report: page, progress: { _, _ in }))
        #expect(isHonest(result) && result["households"]?.integerValue == 40)
        for name in ["favourites", "proposed"] {
            let (p, adjusted) = (try #require(number(result[name]?["p"])), number(result[name]?["p_holm"]) ?? -1)
            #expect(p > 0 && adjusted >= p && adjusted <= 1, "\(name)")
        }
        #expect(result["popularity"]?["p"] == nil)
        #expect(try html().contains("p after Holm") && html().contains("What to conclude"))
        #expect(throws: LearningError.self) {
            try shop.workbench.evaluateNewcomers(cut: GrocerShop.day(ofWeek: 900), progress: { _, _ in })
        }
    }

    @Test func `what is known of newcomers helps the more the more it is`() throws {
        let result = try json(
            shop.workbench.evaluateFewEvents(
                cut: GrocerShop.day(ofWeek: 12), events: [0, 8], models: ["popularity", "blend"], parts: 5,
                report: page, progress: { _, _ in }))
        #expect(isHonest(result))
        let (none, eight) = (result["0"]?["blend"], result["8"]?["blend"])
        #expect(try #require(number(eight?["ndcg@10"])) > (try #require(number(none?["ndcg@10"]))) + 0.05)
        #expect(try #require(number(eight?["p_holm"])) >= (try #require(number(eight?["p"]))))
        #expect(try html().contains("8 things known") && html().contains("0 things known"))
        #expect(throws: LearningError.self) {
            try shop.workbench.evaluateFewEvents(
                cut: GrocerShop.day(ofWeek: 12), events: [1], models: ["oracle"], parts: 1, progress: { _, _ in })
        }
    }

    @Test func `new items are chosen among those that nobody had`() throws {
        let result = try json(
            shop.workbench.evaluateNewItems(
                cut: GrocerShop.start.adding(days: 2), models: ["content"], report: page, progress: { _, _ in }))
        #expect(isHonest(result))
        let items = try #require(result["items"]?.integerValue)
        #expect(items > 5 && items < 60)
        #expect(number(result["content"]?["p_holm"]) != nil && number(result["chance"]?["recall@10"]) != nil)
        #expect(try html().contains("Lists of \(items) new items"))
        #expect(throws: LearningError.self) {
            try shop.workbench.evaluateNewItems(
                cut: GrocerShop.day(ofWeek: 15), models: ["content"], progress: { _, _ in })
        }
    }

    @Test func `ways to put lists together are tested against the first, and corrected`() throws {
        let measured = try shop.workbench.evaluateReranking(
            cut: GrocerShop.day(ofWeek: 12), users: nil, settings: ["off", "mmr:0.5", "calibration:0.5"], report: page,
            progress: { _, _ in })
        let result = try json(measured.json)
        #expect(isHonest(result))
        let settings = try #require(result["settings"]?.arrayValue)
        #expect(settings.compactMap { $0["setting"]?.stringValue } == ["off", "mmr:0.5", "calibration:0.5"])
        #expect(settings[0]["p"] == nil && number(settings[1]["p_holm"]) != nil)
        let diversities = settings.compactMap { number($0["diversity"]) }
        #expect(diversities.count == 3 && diversities[1] > diversities[0])
        #expect(measured.table.hasPrefix("| setting | NDCG@10 | p | p after Holm | Recall@10 |"))
        #expect(try html().contains("NDCG@10 against diversity"))
        #expect(throws: LearningError.self) {
            try shop.workbench.evaluateReranking(
                cut: GrocerShop.day(ofWeek: 12), users: nil, settings: ["mmr:9"], progress: { _, _ in })
        }
    }

    @Test func `sessions are predicted from their beginnings`() throws {
        let result = try json(
            shop.workbench.evaluateSessions(
                cut: GrocerShop.day(ofWeek: 12), models: ["vmis", "item_knn", "popularity"],
                report: page, progress: { _, _ in }))
        #expect(isHonest(result))
        let (near, plain) = (result["models"]?["vmis"], result["models"]?["popularity"])
        // Receipts are of what somebody likes: items that go together tell more than what sells.
        #expect(try #require(number(near?["ndcg@20"])) > (try #require(number(plain?["ndcg@20"]))))
        #expect(try #require(number(plain?["p_holm"])) >= (try #require(number(plain?["p"]))))
        #expect(try #require(number(near?["hr@20"])) >= (try #require(number(near?["mrr@20"]))))
        #expect(try html().contains("By how much of a session is known"))
        #expect(throws: LearningError.self) {
            try shop.workbench.evaluateSessions(
                cut: GrocerShop.day(ofWeek: 12), event: .viewItem, models: nil, report: nil, progress: { _, _ in })
        }
    }

    @Test func `sessions end where somebody pauses, and lines of one event are shuffled`() throws {
        func line(_ item: UInt32, minute: Int64, group: Int64) -> InteractionLog.Line {
            .init(
                user: UserNumber(0), item: ItemNumber(item), time: Timestamp(milliseconds: minute * 60_000),
                group: group)
        }
        let log = InteractionLog([
            line(1, minute: 0, group: 1), line(2, minute: 29, group: 2), line(3, minute: 59, group: 3),
            line(4, minute: 60, group: 4),
        ])
        #expect(Workbench.sessions(in: log, seed: 1).map(\.items) == [["1", "2"], ["3", "4"]])
        let receipt = InteractionLog((0..<30).map { line(UInt32($0), minute: 0, group: 1) })
        let items = Workbench.sessions(in: receipt, seed: 1)[0].items
        #expect(items != (0..<30).map { String($0) } && Set(items).count == 30)
        #expect(items == Workbench.sessions(in: receipt, seed: 1)[0].items)
    }

    @Test func `the other policy's own rewards are near what its estimate says`() throws {
        let (log, other) = (shop.folder.file("log.csv"), shop.folder.file("other.csv"))
        // The log shows two items by lot; the first is clicked every other time, the second every tenth. The other policy shows the first.
        let header = "item_id,position,click,propensity_score\n"
        let rows = (0..<400).map { "\($0 % 2),1,\(($0 % 2 == 0 ? $0 % 4 == 0 : $0 % 20 == 1) ? 1 : 0),0.5\n" }
        try (header + rows.joined()).write(toFile: log, atomically: true, encoding: .utf8)
        let theirs = (0..<100).map { "0,1,\($0 % 2),1\n" }
        try (header + theirs.joined()).write(toFile: other, atomically: true, encoding: .utf8)
        let result = try json(OffPolicyTask.evaluate(log: log, target: other, report: page))
        #expect(number(result["ips"]) == 0.5 && number(result["snips"]) == 0.5 && number(result["on_policy"]) == 0.5)
        #expect(number(result["effective"]) == 200)
        #expect(try #require(number(result["ips_error"])) > 0.03)
        #expect(try html().contains("effective sample size 200"))
        try "item_id,position,click\n1,1,1\n".write(toFile: other, atomically: true, encoding: .utf8)
        #expect(throws: EvaluationError.self) { try OffPolicyTask.evaluate(log: log, target: other, report: nil) }
    }
}
