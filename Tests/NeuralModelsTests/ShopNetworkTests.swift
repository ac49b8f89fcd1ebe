import Domain
import Evaluation
import Features
import Foundation
import JSON
import Meaning
import Recommenders
import Serving
import Storage
import TestSupport
import Testing
import Torch
import VectorIndex

@testable import Learning
@testable import NeuralModels

/// From a shop's log to a shopper's shelf: a network is trained, measured, taken over, published and asked.
@Suite struct ShopNetworkTests {
    private static let start = CornerShop.start
    private static let weeks = 16
    private let shop: CornerShop
    private var folder: TemporaryFolder { shop.folder }
    private var workbench: Workbench { shop.workbench }

    /// Fifty people buy one item of a circle of twenty every week, each the one behind that of the week before; in the last week some buy
    /// `i20`, which nobody had bought.
    init() throws {
        shop = try CornerShop(items: 21, people: 50, weeks: Self.weeks) { person, week in
            [(person + week) % 20] + (week == Self.weeks - 1 && person % 20 < 5 ? [20] : [])
        }
    }

    /// The moment before the last week.
    private static let cut = start.adding(days: Double(7 * (weeks - 1)) - 1)

    private func job(_ kind: SequenceKind = .sasrec, name: String = "network") -> SequenceJob {
        var job = SequenceJob(
            .init(kind, .init(width: 16, layers: 1, heads: 2, inner: 16, length: 8)), data: folder.file("corner"),
            folder: folder.file(name))
        var plan = ShopPlan()
        (plan.before, plan.windowDays, plan.least) = (Self.cut, 14, 1)
        job.plan = plan
        (job.positions, job.negatives, job.inputDropout, job.dropout) = (64, 0, 0.1, 0)
        (job.settings.epochs, job.settings.rate) = (8, 0.01)
        return job
    }

    private func train(_ job: SequenceJob) throws -> (result: JSONValue, path: String) {
        let result = try job.run(resume: false) { _, _ in }
        return (result, try #require(result["folder"]?.stringValue))
    }

    /// Vectors of texts as `souk index` writes them: one place an item, and `i20` between `i3` and `i4`.
    private func writeVectors() throws {
        var columns = VectorColumns(width: 24)
        for item in 0...20 {
            let places: Set<Int> = item == 20 ? [3, 4] : [item]
            columns.append((0..<24).map { places.contains($0) ? 1 / Float(places.count).squareRoot() : 0 })
        }
        var weights = SafetensorsWriter()
        weights.add("numbers", columns.numbers, shape: [columns.count, columns.width])
        weights.add("factors", columns.factors, shape: [columns.count])
        weights.add("texts", (0...20 as ClosedRange<UInt32>).map { $0 }, shape: [21])
        var writer = try ArtefactWriter(
            folder: workbench.folder.modelsFolder + "/meaning/1", kind: MeaningIndex.kind,
            formatVersion: MeaningIndex.format, creator: "test", seed: nil)
        try writer.add("vectors.safetensors", weights.encoded())
        _ = try writer.finish()
    }

    @Test func `a network of the log is measured, published and asked by the server`() throws {
        var job = job()
        job.report = folder.file("reports/network.html")
        let (result, path) = try train(job)
        #expect(try #require(result["validation_ndcg@10"]?.doubleValue) > 0.8)
        #expect(result["people"]?.doubleValue == 50 && result["items"]?.doubleValue == 20)
        let manifest = try Artefact(folder: path, verify: .checksums).manifest
        #expect(manifest.inputs["shop"] == "corner" && manifest.inputs["until"] == Self.cut.description)
        #expect(manifest.files.keys.contains("counts.txt") && manifest.inputs["choosing"] == "1")
        let card = String(decoding: try FileSystem.read(path + "/card.md"), as: UTF8.self)
        #expect(
            card.contains("nothing from \(Self.cut.dateDescription) on was read") && card.contains("| Window from "))
        #expect(FileSystem.exists(folder.file("reports/network.html")))

        // Measured as baskets: nothing of the last week was learned, and each person's next item is known.
        func evaluated(_ model: String, _ network: NetworkChoice, cut: Timestamp = Self.cut) throws -> Double {
            let line = try workbench.evaluateBaskets(
                cut: cut, users: nil, run: folder.file("any.run"), runNew: folder.file("new.run"), model: model,
                report: nil, network: network, networkWeight: 0.5, progress: { _, _ in })
            return try #require(try JSONValue(parsing: line)["ndcg@10"]?.doubleValue)
        }
        #expect(try evaluated("sequence", .folder(path)) > 0.8)
        #expect(try evaluated("sequence_hybrid", .folder(path)) > 0.1)
        let early = Self.cut.adding(days: -7)
        for choice in [NetworkChoice.folder(path), .newest(below: folder.path)] {
            #expect(throws: LearningError.self) { try evaluated("sequence", choice, cut: early) }
        }
        #expect(throws: LearningError.self) {
            try workbench.evaluateFewEvents(cut: Self.cut, events: [1], models: ["sequence"], parts: 1) { _, _ in }
        }

        let trained = try workbench.train(before: Self.cut, network: .folder(path)) { _, _ in }
        #expect(trained.map(\.name) == ["recommenders", "sequence"])
        // The same network is taken once.
        #expect(
            try workbench.train(before: Self.cut, network: .folder(path)) { _, _ in }.map(\.name) == ["recommenders"])
        _ = try workbench.publish()
        #expect(try PublicationStore(folder: workbench.folder).current()?.models["sequence"] == "models/sequence/1")

        var config = try workbench.folder.config()
        config.sequence = ["new_for_you": 1]
        try config.save(to: workbench.folder.configPath)
        let service = try ShopService(folder: workbench.folder, loader: Backends.published, clock: { Self.cut })
        func shelf(_ scenario: Scenario, weight: Double? = nil) throws -> [RecommendAnswer.Entry] {
            var call = RecommendCall(scenario: scenario)
            (call.user, call.limit) = ("u3", 4)
            call.networkWeights = weight.map { NetworkWeights(sequence: $0) }
            return try service.recommend(call).entries
        }
        // Of a demonstration all events count as past: the next item is behind that of the last week.
        let home = try shelf(.home, weight: 1)
        #expect(home.first?.card.item.id.rawValue == "i\((3 + Self.weeks) % 20)")
        #expect(home.first?.hit.contributions.map(\.model) == ["sequence"])
        #expect(try shelf(.newForYou).first?.hit.contributions.map(\.model) == ["sequence"])
        #expect(try shelf(.newForYou, weight: 0).first?.hit.contributions.map(\.model) != ["sequence"])
        #expect(throws: ServingError.self) { try shelf(.buyAgain, weight: 1) }
        #expect(throws: ServingError.self) { try shelf(.home, weight: 2) }

        // Somebody is erased: the network is taken no more, and not published either.
        _ = try workbench.erase("u7")
        #expect(throws: LearningError.self) {
            try workbench.train(before: Self.cut, network: .folder(path)) { _, _ in }
        }
        _ = try workbench.train(before: Self.cut) { _, _ in }
        var notes: [String] = []
        _ = try workbench.publish(note: { notes.append($0) })
        #expect(notes.contains { $0.contains("erased since") })
        #expect(try PublicationStore(folder: workbench.folder).current()?.models["sequence"] == nil)
        let error = #expect(throws: LearningError.self) {
            try workbench.evaluateBaskets(
                cut: Self.cut, users: nil, run: folder.file("any.run"), runNew: folder.file("new.run"),
                model: "sequence", report: nil, network: .folder(path), progress: { _, _ in })
        }
        #expect(error?.message.contains("erased") == true)
    }

    @Test(arguments: SequenceKind.allCases.filter { !$0.isCloze })
    func `the server's scores are those of training within 1e-4`(kind: SequenceKind) throws {
        var job = job(kind)
        job.settings.epochs = 2
        let (_, path) = try train(job)
        let network = try workbench.network(.folder(path), before: nil)
        let model = try SequenceRecommender(try workbench.shopNetwork(try #require(network)))
        let again = try SequenceRecommender(
            ColumnFile(decoding: model.columns().encoded(), kind: SequenceRecommender.name))
        // The same weights in libtorch.
        let plan = try #require(job.plan)
        let store = try workbench.folder.openStore(.readOnly)
        let histories = try ShopHistories(reading: workbench.folder, store, plan, seed: job.settings.seed)
        let part = try histories.part(before: histories.end, asking: nil, length: 8)
        let task = try job.task(on: part.set, seed: 99)
        try ModelArtefact.load(path, kind: kind.rawValue, into: task.parameters)
        for bought in [[0, 1], [5, 6, 7, 8, 9, 10, 11, 12, 13, 14], [19]] {
            let rows = bought.map { Int32(part.items.firstIndex(of: "i\($0)") ?? 0) }
            let seen = task.network.question(after: rows).map { Int64($0) }
            let states = try task.network.states(after: try Tensor(seen, shape: [1, seen.count]), isTraining: false)
            let expected = try states.slice(axis: 1, seen.count - 1..<seen.count).reshaped([1, 16])
                .linear(weight: try task.network.outputs(of: nil), bias: nil).floats()
            let numbers = try workbench.store.numbers(of: part.items.compactMap { ItemID($0) })
            let context = RecommendationContext(
                now: Self.cut,
                history: bought.enumerated().compactMap { place, item in
                    ItemID("i\(item)").flatMap { numbers[$0] }.map {
                        Interaction(item: $0, time: Self.start, basket: Int32(place))
                    }
                })
            let list = again.candidates(for: context, limit: 20)
            #expect(list.count == 20)
            for found in list {
                let row = try #require(part.items.firstIndex { ItemID($0).flatMap { numbers[$0] } == found.item })
                #expect(abs(found.score - Double(expected[row])) < 1e-4)
            }
        }
    }

    @Test func `a network that is worse than the one in service stays out of it`() throws {
        _ = try workbench.train(before: nil, network: .folder(try train(job()).path)) { _, _ in }
        _ = try workbench.publish()
        var worse = job(name: "worse")
        (worse.settings.epochs, worse.settings.rate) = (1, 1e-9)
        _ = try workbench.train(before: nil, network: .folder(try train(worse).path)) { _, _ in }
        var notes: [String] = []
        _ = try workbench.publish { notes.append($0) }
        #expect(notes.contains { $0.hasPrefix("models/sequence/2 is not published: NDCG@10 is worse") })
        #expect(try PublicationStore(folder: workbench.folder).current()?.models["sequence"] == "models/sequence/1")
        _ = try workbench.publish(allowsWorse: true)
        #expect(try PublicationStore(folder: workbench.folder).current()?.models["sequence"] == "models/sequence/2")
        let line = try #require(try AuditLog(store: workbench.store).newest(1).first)
        #expect(line.detail.contains("although NDCG@10 is worse"))
    }

    @Test func `with the index's vectors an item that nobody bought is found, and without them it is not`() throws {
        let refused = #expect(throws: StorageError.self) {
            var job = job()
            job.plan?.content = [.text]
            _ = try job.run(resume: false) { _, _ in }
        }
        #expect(refused?.message.contains("souk index") == true)
        #expect(throws: LearningError.self) { try workbench.exportVectors(nil, to: folder.file("none.safetensors")) }
        try writeVectors()
        var recalls: [Double] = []
        for content in [[], [.text]] as [[ShopVectors.Kind]] {
            var job = job(name: "content\(content.count)")
            job.plan?.content = content
            job.idDropout = 0.4
            let (result, path) = try train(job)
            #expect(result["items_by_content"]?.doubleValue == Double(content.count))
            let line = try workbench.evaluateNewItems(cut: Self.cut, models: ["sequence"], network: .folder(path)) {
                _, _ in
            }
            recalls.append(try #require(try JSONValue(parsing: line)["sequence"]?["recall@10"]?.doubleValue))
        }
        #expect(recalls == [0, 1])
        #expect(throws: StorageError.self) {
            try workbench.exportVectors([.pictures], to: folder.file("none.safetensors"))
        }
        // The same vectors as a file, for data of no shop.
        let written = try workbench.exportVectors(nil, to: folder.file("vectors.safetensors"))
        #expect(written.items == 21 && written.width == 24)
        let read = try ItemContent.read(folder.file("vectors.safetensors"), items: ["i4", "i20"])
        #expect(read.items.count == 21 && abs(read.content.values[24 + 3] - 0.7071) < 0.01)
    }

    @Test func `a folder of another shop, or of no network, is refused`() throws {
        let path = try train(job()).path
        try Workbench.create(
            path: folder.file("other"), title: "Other", currency: .eur, language: "en", isDemo: true)
        let other = try Workbench(path: folder.file("other"))
        for path in [path, path + "/../../corner/models"] {
            #expect(throws: (any Error).self) { try other.network(.folder(path), before: nil) }
        }
        // An empty log has nothing to learn from.
        var empty = job(name: "empty")
        empty.data = folder.file("other")
        empty.plan?.before = nil
        let error = #expect(throws: NeuralError.self) { try empty.run(resume: false) { _, _ in } }
        #expect(error?.message.contains("no purchases") == true)
    }
}
