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
        for words in ["Next basket from 2025-04-14 on", "p after Holm", "Recall@10, new", "Whole process, MB", "Gini"] {
            #expect(page.contains(words))
        }
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
