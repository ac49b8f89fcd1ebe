import Domain
import Encoders
import Evaluation
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

@Suite struct PurchaseTests {
    private static func set(weeks: Int64 = 20) -> TrainingSet { TrainingSet(log: WeeklyLog.make(weeks: weeks)) }

    private func job(
        _ folder: TemporaryFolder, _ name: String = "model", network: PurchaseNetworkKind = .perceptron
    ) -> PurchaseJob {
        var job = PurchaseJob(network, shop: "shops/corner", folder: folder.file(name))
        job.settings.epochs = 6
        (job.plan.days, job.trainingCount, job.testCount, job.batch) = (7, 900, 200, 32)
        return job
    }

    @Test func `a run leaves an artefact, a card and a report, and tells regular purchases from others`() throws {
        let folder = try TemporaryFolder()
        var job = job(folder)
        job.report = folder.file("reports/purchase.html")
        let origin = PurchaseJob.Origin(shop: "corner", erasures: 2)
        let result = try job.run(on: Self.set(), of: origin, resume: false) { _, _ in }
        #expect(try #require(result["auc"]?.doubleValue) > 0.75)
        let written = try #require(result["folder"]?.stringValue)
        let artefact = try Artefact.open(folder: written, kind: PurchaseJob.kind, formatVersion: 1, verify: .checksums)
        #expect(
            artefact.manifest.files.keys.sorted()
                == ["card.md", "cases.json", "log.csv", "metrics.json", "scaling.json", "weights.safetensors"])
        #expect(artefact.manifest.metrics["auc"] == result["auc"]?.doubleValue)
        #expect(artefact.manifest.inputs["shop"] == "corner" && artefact.manifest.inputs["erasures"] == "2")
        let windows = try PurchaseWindows(Self.set(), days: 7)
        #expect(artefact.manifest.inputs["until"] == windows.cuts[0].description)
        let cases = try MeasuredCases(parsing: try artefact.read("cases.json"))
        let mean = cases.values.values.reduce(0, +) / Double(cases.values.count)
        #expect(abs(mean + (artefact.manifest.metrics["log_loss"] ?? 0)) < 0.02)
        let card = String(decoding: try artefact.read("card.md"), as: UTF8.self)
        #expect(card.contains("| logistic regression |") && card.contains("| boosted trees |"))
        let html = String(decoding: try FileSystem.read(folder.file("reports/purchase.html")), as: UTF8.self)
        #expect(html.contains("Rolling windows") && html.contains("Items new to the person"))
    }

    @Test func `a network over fields keeps its values, stands beside the perceptron, and answers its second question`()
        throws
    {
        let folder = try TemporaryFolder()
        var job = job(folder, network: .mmoe)
        (job.settings.epochs, job.trainingCount, job.report) = (2, 600, folder.file("mmoe.html"))
        job.shape.least = 2
        let result = try job.run(on: Self.set(weeks: 10), resume: false) { _, _ in }
        let written = try #require(result["folder"]?.stringValue)
        let artefact = try Artefact.open(folder: written, kind: PurchaseJob.kind, formatVersion: 1, verify: .checksums)
        #expect(artefact.manifest.inputs["network"] == "mmoe")
        #expect(artefact.manifest.metrics["type_log_loss"] != nil)
        let fields = try JSONValue(parsing: try artefact.read("fields.json")).arrayValue ?? []
        #expect(
            fields.compactMap { $0["field"]?.stringValue }
                == PurchaseFields.Field.allCases.map { String(describing: $0) })
        let items = fields.first?["values"]?.arrayValue?.compactMap(\.doubleValue) ?? []
        #expect(items == items.sorted() && items.count > 20)
        let metrics = try JSONValue(parsing: try artefact.read("metrics.json"))
        let models = metrics["test"]?.arrayValue?.compactMap { $0["model"]?.stringValue }
        #expect(models == ["mmoe", "perceptron", "logistic regression", "boosted trees", "bought before"])
        #expect(metrics["second_test"]?.arrayValue?.count == 2)
        let html = String(decoding: try FileSystem.read(folder.file("mmoe.html")), as: UTF8.self)
        #expect(html.contains("The second question"))
        // Another network does not go on from its checkpoints.
        var other = self.job(folder, network: .dcn)
        (other.settings.epochs, other.trainingCount) = (2, 600)
        #expect(throws: NeuralError.self) { try other.run(on: Self.set(weeks: 10), resume: true) { _, _ in } }
    }

    @Test func `the same seed gives the same weights`() throws {
        let folder = try TemporaryFolder()
        let weights = try ["first", "second"].map { name in
            let result = try job(folder, name).run(on: Self.set(), resume: false) { _, _ in }
            return try FileSystem.read(try #require(result["folder"]?.stringValue) + "/weights.safetensors")
        }
        #expect(weights[0] == weights[1])
    }

    @Test func `windows do not share a label, and the newest trains nothing`() throws {
        let windows = try PurchaseWindows(Self.set(weeks: 40), days: 7)
        #expect(windows.cuts.count == 10 && windows.folds == 3)
        #expect(zip(windows.cuts, windows.cuts.dropFirst()).allSatisfy { $0.days(since: $1) >= 7 })
        #expect(windows.training(for: 0) == 1..<7 && windows.training(for: 3) == 4..<10)
        let short = try PurchaseWindows(Self.set(weeks: 8), days: 7)
        #expect(short.cuts.count == 3 && short.folds == 1 && short.training(for: 1) == 2..<3)
    }

    @Test func `a log that is too short or empty is refused`() throws {
        let folder = try TemporaryFolder()
        for set in [Self.set(weeks: 5), TrainingSet(log: InteractionLog([]))] {
            #expect(throws: NeuralError.self) { try job(folder).run(on: set, resume: false) { _, _ in } }
        }
        #expect(throws: StorageError.self) { try job(folder).run(resume: false) { _, _ in } }
    }

    @Test func `scaling centres logarithms, and tells each pattern of missing values once`() {
        let none = Float.nan
        let rows: [Float] = [
            0, 5, none, none,
            Float(M_E) - 1, 5, 2, 3,
            0, 5, none, none,
            Float(M_E) - 1, 5, 4, 1,
        ]
        let scaling = FeatureScaling(learning: rows, names: ["a", "b", "c", "d"])
        #expect(scaling.indicators == [2] && scaling.width == 5)
        #expect(abs(scaling.means[0] - 0.5) < 1e-6 && abs(scaling.deviations[0] - 0.5) < 1e-6)
        #expect(scaling.deviations[1] == 1)
        let scaled = scaling.apply([0, 5, none, .infinity, -1e30, -.infinity, 1e30, 0])
        #expect(scaled.allSatisfy { abs($0) <= FeatureScaling.limit })
        #expect(abs(scaled[0] + 1) < 1e-5 && abs(scaled[1]) < 1e-5 && scaled[2] == 0 && scaled[4] == 1)
        #expect(scaled[9] == 0)
    }

    @Test func `figures are those of the confusion matrix`() {
        let scores = PurchaseScores("one", [0.9, 0.8, 0.3, 0.6, 0.1], [true, true, true, false, false])
        let figures = scores.figures
        #expect(figures["accuracy"] == 0.6 && figures["precision"] == 2.0 / 3 && figures["recall"] == 2.0 / 3)
        #expect(abs((figures["auc"] ?? 0) - 5.0 / 6) < 1e-12)
        #expect(scores.hits == [1, 1, 0, 0, 1])
        #expect(scores.part([true, false, false, true, false]).labels == [true, false])
    }
}
