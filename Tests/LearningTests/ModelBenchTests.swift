import Domain
import Evaluation
import Foundation
import JSON
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct ModelBenchTests {
    private let shop: GrocerShop
    private let cut = GrocerShop.day(ofWeek: 14)

    init() throws { shop = try GrocerShop() }

    private var task: ModelBench.Task { .baskets(shop: shop.path, cut: cut) }

    private func compare(_ models: [String], _ task: ModelBench.Task? = nil) throws -> JSONValue {
        try JSONValue(
            parsing: try ModelBench.compare(
                task ?? self.task, models: models, report: shop.folder.file("page.html"), progress: { _, _ in }))
    }

    @Test func `models for baskets stand side by side with the figures of an evaluation`() throws {
        let file = shop.folder.file("slow.json")
        try #"{"format":1,"models":{"personal":{"decay":0.999}}}"#
            .write(toFile: file, atomically: true, encoding: .utf8)
        let result = try compare(["popularity", "personal", "personal@\(file)", "tifu_knn"])
        let names = result["models"]?.objectValue?.map(\.name)
        #expect(names == ["popularity", "personal", "personal@slow", "tifu_knn"])
        let evaluation = try JSONValue(
            parsing: try shop.workbench.evaluateBaskets(
                cut: cut, users: nil, run: shop.folder.file("run"), runNew: shop.folder.file("run-new"),
                model: "personal", report: nil, progress: { _, _ in }))
        for key in ["ndcg@10", "recall@10", "recall_new@10"] {
            let (own, other) = (result["models"]?["personal"]?[key]?.doubleValue, evaluation[key]?.doubleValue)
            #expect(abs((own ?? 1) - (other ?? 2)) < 1e-12, "\(key)")
        }
        #expect(result["models"]?["personal@slow"]?["ndcg@10"] != result["models"]?["personal"]?["ndcg@10"])
        let page = try String(contentsOfFile: shop.folder.file("page.html"), encoding: .utf8)
        for words in [
            "Next basket from 2025-04-14 on", "p after Holm", "Recall@10, new", "Whole process, MB", "Gini",
            "What to conclude", "constant scorer", "With less to learn from", "ROC curve", "Matthews",
            "by baskets before the cut", "head: best sellers", "Worst cases",
        ] {
            #expect(page.contains(words), "\(words)")
        }
        #expect(result["checks"]?["split"]?["passed"]?.boolValue == true)
    }

    @Test func `figures of one model are written and read back`() throws {
        let path = shop.folder.file("figures.json")
        try ModelBench.measure(task, model: "blend", figures: path)
        let bytes = try #require(FileManager.default.contents(atPath: path))
        let measured = try #require(MeasuredModel(try JSONValue(parsing: Array(bytes))))
        #expect(measured.name == "blend" && measured.people == measured.accuracy.values.count)
        #expect(measured.accuracy.mean > 0.3 && measured.peakMegabytes >= measured.memoryMegabytes)
        #expect(MeasuredModel(try JSONValue(parsing: measured.json.encoded)) == measured)
        #expect(MeasuredModel(.object([])) == nil)
        #expect(measured.lists.count == measured.people && measured.lists.allSatisfy { $0.count <= 10 })
        #expect(measured.places.count == ComparedTask.sampled(of: measured.people).count)
        #expect(measured.curve.last?.values == measured.accuracy.values)
        #expect(measured.curve.map(\.people) == measured.curve.map(\.people).sorted())
        try ModelBench.measure(task, model: "blend", hasCurves: false, figures: path)
        let others = try #require(FileManager.default.contents(atPath: path))
        let plain = try #require(MeasuredModel(try JSONValue(parsing: Array(others))))
        #expect(plain.curve.isEmpty && plain.figures == measured.figures)
    }

    @Test func `lists as decisions count each item of the catalogue once a person`() throws {
        let page = shop.folder.file("figures.json")
        try ModelBench.measure(task, model: "personal", hasCurves: false, figures: page)
        let bytes = try #require(FileManager.default.contents(atPath: page))
        let measured = try #require(MeasuredModel(try JSONValue(parsing: Array(bytes))))
        let bench = BasketBench(shop: try Workbench(path: shop.path), cut: cut)
        let compared = try bench.task()
        let matrix = ComparisonReport(task: task, compared: compared, entries: [measured]).matrix(of: measured)
        #expect(matrix.total == measured.people * compared.counts.count)
        #expect(matrix.truePositives + matrix.falseNegatives == compared.truths.reduce(0) { $0 + $1.count })
        let recalls = zip(measured.lists, compared.truths).map { list, truth in
            Double(list.count { truth.contains(Int($0)) }) / Double(truth.count)
        }
        #expect(zip(recalls, measured.figures[1].values).allSatisfy { abs($0 - $1) < 1e-12 })
        // What stands within ten in the long list of the first person is what the short one found.
        let first = try #require(measured.places.first)
        #expect(first.found.count { $0 < 10 } == measured.lists[0].count { compared.truths[0].contains(Int($0)) })
    }

    @Test func `next items are compared with groups and worst cases, by name`() throws {
        let task = ModelBench.Task.newItems(shop: shop.path, cut: cut, exchangeSeed: nil)
        let result = try compare(["markov", "pctm"], task)
        #expect(result["checks"]?["copies"]?["passed"]?.boolValue == true)
        let page = try String(contentsOfFile: shop.folder.file("page.html"), encoding: .utf8)
        for words in ["items before the last", "ROC curve", "Worst cases", "learned from"] {
            #expect(page.contains(words), "\(words)")
        }
    }

    @Test func `what cannot be compared is refused in clear words`() throws {
        func message(_ models: [String], _ task: ModelBench.Task? = nil) throws -> String {
            try #require(#expect(throws: LearningError.self) { try compare(models, task) }).message
        }
        #expect(try message(["blend", "oracle"]).contains("up_cf"))
        #expect(try message(["blend"]).contains("two different models"))
        #expect(try message(["blend", "blend@absent.json"]).contains("no file of parameters"))
        let late = ModelBench.Task.baskets(shop: shop.path, cut: Timestamp(year: 2031, month: 1, day: 1))
        #expect(try message(["blend", "personal"], late).contains("both sides of the cut 2031-01-01"))
        let sequences = ModelBench.Task.sequences("absent.txt", exchangeSeed: nil)
        #expect(try message(["pctm", "ease@x.json"], sequences).contains("--task baskets"))
        #expect(try message(["pctm", "blend"], sequences).contains("'blend'"))
    }
}
