import Domain
import Encoders
import Features
import Foundation
import JSON
import Numerics
import Recommenders
import Storage
import TestSupport
import Testing
import Torch

@testable import NeuralModels

/// The third question of a network of several: clicks.
@Suite struct ClickTests {
    private static let day: Int64 = 86_400_000
    private static let items: UInt32 = 40

    /// Sixty people who buy two items of their own every week, and one that changes; four brands.
    private static func set(weeks: Int64 = 10) throws -> TrainingSet {
        var facts = ItemFacts()
        for number in 0..<items {
            var item = Item(id: try #require(ItemID("i\(number)")), title: "Thing")
            (item.productType, item.brand) = (["Type \(number % 5)"], "b\(number % 4)")
            facts.set(StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false))
        }
        return TrainingSet(log: WeeklyLog.make(weeks: weeks), facts: facts)
    }

    /// Lists of six items after the log, of which two brands are clicked four times of five and the others once.
    private static func clicks(_ count: Int, isSynthetic: Bool = true) -> ClickLog {
        var random = SeededGenerator(seed: 9)
        let lists = (0..<count).compactMap { number -> ClickLog.ShownList? in
            var places = (0..<items).shuffled(using: &random).prefix(6).enumerated().map { place, item in
                ClickLog.Place(
                    item: item, position: place + 1, isClicked: random.unit() < (item % 4 < 2 ? 0.8 : 0.2))
            }
            while let last = places.last, !last.isClicked { places.removeLast() }
            return places.isEmpty
                ? nil
                : ClickLog.ShownList(
                    time: Timestamp(milliseconds: 100 * day + Int64(number)), user: nil, isSynthetic: isSynthetic,
                    places: places)
        }
        return ClickLog(lists)
    }

    private func job(_ folder: TemporaryFolder, _ name: String) -> PurchaseJob {
        var job = PurchaseJob(.mmoe, shop: "shops/corner", folder: folder.file(name))
        (job.settings.epochs, job.settings.rate, job.decay, job.batch) = (3, 0.01, 0.01, 32)
        (job.plan.days, job.trainingCount, job.testCount) = (7, 900, 400)
        (job.shape.least, job.shape.dropout, job.report) = (2, 0, folder.file("\(name).html"))
        return job
    }

    @Test func `clicks are learned better than by a constant, measured beside models of clicks alone, and named`()
        throws
    {
        let folder = try TemporaryFolder()
        let result = try job(folder, "mmoe").run(on: try Self.set(), clicks: Self.clicks(330), resume: false) { _, _ in
        }
        let artefact = try Artefact.open(
            folder: try #require(result["folder"]?.stringValue), kind: PurchaseJob.kind, formatVersion: 1,
            verify: .checksums)
        let metrics = try JSONValue(parsing: try artefact.read("metrics.json"))
        let clicks = try #require(metrics["clicks"])
        #expect(
            clicks["test"]?.arrayValue?.compactMap { $0["model"]?.stringValue }
                == ["mmoe", "perceptron for clicks alone", "rate of the item"])
        #expect(clicks["synthetic"]?.boolValue == true)
        let (lists, count) = (
            try #require(clicks["test_lists"]?.integerValue), try #require(clicks["test_examples"]?.integerValue)
        )
        #expect(lists > 50 && count > 2 * lists && count <= 400)
        // A constant that knew the share of the test's own clicks.
        let own = try #require(clicks["test"]?.arrayValue?.first)
        let confusion = try #require(own["confusion"])
        let clicked = try ["true_positives", "false_negatives"].reduce(0.0) {
            $0 + (try #require(confusion[$1]?.doubleValue))
        }
        let share = clicked / Double(count)
        let constant = -share * log(share) - (1 - share) * log(1 - share)
        #expect(try #require(own["log_loss"]?.doubleValue) < constant - 0.05)
        #expect(try #require(own["auc"]?.doubleValue) > 0.7)
        #expect(result["click_log_loss"]?.doubleValue == own["log_loss"]?.doubleValue)
        #expect(artefact.manifest.metrics["click_auc"] == own["auc"]?.doubleValue)
        for difference in try #require(clicks["differences"]?.arrayValue) {
            for name in ["log_loss", "auc"] {
                let (mean, low, high) = (
                    try #require(difference[name]?.doubleValue), try #require(difference[name + "_lower"]?.doubleValue),
                    try #require(difference[name + "_upper"]?.doubleValue)
                )
                #expect(low <= mean && mean <= high && low < high)
            }
        }
        let card = String(decoding: try artefact.read("card.md"), as: UTF8.self)
        let html = String(decoding: try FileSystem.read(folder.file("mmoe.html")), as: UTF8.self)
        for text in [card, html] {
            #expect(text.contains(ClickFit.syntheticWords) && text.contains("perceptron for clicks alone"))
        }
        // The purchase is asked as before.
        #expect(metrics["test"]?.arrayValue?.count == 5 && metrics["second_test"]?.arrayValue?.count == 2)
        #expect(try #require(result["auc"]?.doubleValue) > 0.7)
    }

    @Test func `without clicks the network has two questions, and its checkpoints are not those with clicks`() throws {
        let folder = try TemporaryFolder()
        var job = job(folder, "two")
        job.settings.epochs = 1
        let few = ClickLog(Array(Self.clicks(60).lists.prefix(ClickLists.least - 1)))
        let result = try job.run(on: try Self.set(), clicks: few, resume: false) { _, _ in }
        #expect(result["click_auc"] == nil && result["type_auc"] != nil)
        let written = try #require(result["folder"]?.stringValue)
        let metrics = try JSONValue(parsing: try FileSystem.read(written + "/metrics.json"))
        #expect(metrics["clicks"] == nil)
        let card = String(decoding: try FileSystem.read(written + "/card.md"), as: UTF8.self)
        #expect(card.contains("not asked for: the log has too few lists"))
        #expect(throws: NeuralError.self) {
            try job.run(on: try Self.set(), clicks: Self.clicks(150), resume: true) { _, _ in }
        }
    }

    @Test func `settings are compared by the purchase, clicks taught beside it`() throws {
        let folder = try TemporaryFolder()
        var job = job(folder, "search")
        (job.settings.epochs, job.trainingCount) = (1, 400)
        let score = try job.heldOutScore(
            on: try Self.set(), branches: BranchLog(), clicks: Self.clicks(150), resume: false
        ) { _ in }
        #expect(score < 0 && score > -1)
    }

    @Test func `an item's rate is drawn to the mean, and an unseen one has it`() {
        var (training, test) = (ClickExamples(), ClickExamples())
        let row = [Float](repeating: 0, count: PurchaseExamples.features.count)
        func list(_ item: UInt32, _ isClicked: Bool) -> ClickLog.ShownList {
            ClickLog.ShownList(
                time: Timestamp(milliseconds: 0), user: nil, isSynthetic: false,
                places: [.init(item: item, position: 1, isClicked: isClicked)])
        }
        for number in 0..<400 {
            let item = UInt32(number % 20)
            training.append(
                list(item, item == 0 || number / 20 % 2 == 0), number: UInt32(number), rows: row, ItemFacts())
        }
        for item: UInt32 in [0, 1, 30] { test.append(list(item, true), number: item, rows: row, ItemFacts()) }
        let chances = ClickFit.rates(training, test).chances
        #expect(chances[0] > chances[1] && chances[0] < 1)
        #expect(abs(chances[2] - 0.525) < 0.03 && abs(chances[1] - 0.5) < 0.03)
    }

    // MARK: Answers that some examples know

    @Test func `the loss is the mean over questions of the mean over the examples that know the answer`() throws {
        let (task, inputs) = try SmallTasks.purchases(29, clicks: 5, batch: 34)
        try task.begin(epoch: 0)
        let loss = Double(try task.loss(ofBatch: 0).item())
        let logits = try task.model.logits(try inputs.batch(0..<34, device: .cpu), isTraining: true).floats()
        var expected = 0.0
        for question in 0..<3 {
            let known = (0..<34).filter { inputs.isKnown[question][$0] }
            #expect(known.count == (question == 2 ? 5 : 29))
            let losses = known.map { place in
                let logit = Double(logits[place * 3 + question])
                return log(1 + exp(inputs.labels[question][place] ? -logit : logit))
            }
            expected += losses.reduce(0, +) / Double(known.count) / 3
        }
        #expect(abs(loss - expected) < 1e-6)
    }

    @Test func `a question that no example of the batch knows has no gradient and adds zero`() throws {
        for (purchases, clicks) in [(0, 8), (8, 0)] {
            let (task, _) = try SmallTasks.purchases(purchases, clicks: clicks, batch: 8)
            try task.begin(epoch: 0)
            let loss = try task.loss(ofBatch: 0)
            try loss.backward()
            #expect(try loss.isFinite() && loss.item() > 0)
            for entry in task.parameters.entries {
                let gradient = try #require(try entry.tensor.gradient()).floats()
                let isOfClicks = ["gates.3", "towers.3"].contains { entry.name.hasPrefix($0) }
                let isOfPurchases = ["gates.1", "gates.2", "towers.1", "towers.2"].contains { entry.name.hasPrefix($0) }
                if clicks == 0 ? isOfClicks : isOfPurchases {
                    #expect(gradient.allSatisfy { $0 == 0 }, "\(entry.name)")
                } else if entry.name != "fields" {
                    #expect(gradient.contains { $0 != 0 }, "\(entry.name)")
                }
            }
        }
    }

    @Test func `where every answer is known the loss is the plain mean, and weights change nothing`() throws {
        let logits = try Tensor([0.5, -1, 2, 0.1, 0, -0.3] as [Float], shape: [3, 2])
        let labels = try Tensor([1, 0, 0, 1, 1, 0] as [Float], shape: [3, 2])
        let plain = try Loss.binaryCrossEntropy(logits, labels).item()
        let weights = try Tensor([Float](repeating: 1 / 6, count: 6), shape: [3, 2])
        #expect(abs(plain - (try Loss.binaryCrossEntropy(logits, labels, weights: weights).item())) < 1e-6)
    }

    @Test func `what is known, and of clicks, is part of the checksum`() throws {
        let sums = try [(9, 3), (9, 4), (10, 3)].map { counts in
            try SmallTasks.purchases(counts.0, clicks: counts.1, batch: 4).inputs.checksum.value
        }
        #expect(Set(sums).count == 3)
        let fields = PurchaseFields(items: [0], facts: ItemFacts())
        let scaling = FeatureScaling(learning: [0, 1], names: ["a"])
        let answers = [[[false]], [[Bool]?](repeating: nil, count: 1)] as [[[Bool]?]]
        let known = answers.map {
            PurchaseInputs([1], fields, answers: $0, scaling: scaling, vocabulary: nil, hasHistories: false).checksum
                .value
        }
        #expect(known[0] != known[1])
    }
}
