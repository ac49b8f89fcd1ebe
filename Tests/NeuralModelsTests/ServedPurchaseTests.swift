import Domain
import Encoders
import Evaluation
import Features
import Foundation
import JSON
import Numerics
import Recommenders
import Serving
import Storage
import TestSupport
import Testing
import Torch

@testable import Learning
@testable import NeuralModels

/// A perceptron of a shop's purchases: trained, taken over, published, and asked beside the ranker.
@Suite struct ServedPurchaseTests {
    private static let start = CornerShop.start
    private static let weeks = 20
    private let shop: CornerShop
    private var folder: TemporaryFolder { shop.folder }
    private var workbench: Workbench { shop.workbench }

    /// Sixty people buy two items of their own every week, and one that changes.
    init() throws {
        var random = SeededGenerator(seed: 4)
        shop = try CornerShop(items: 40, people: 60, weeks: Self.weeks) { person, _ in
            [person % 10, 10 + person % 7, 20 + Int.random(in: 0..<20, using: &random)]
        }
    }

    private static let end = start.adding(days: Double(7 * weeks))

    /// Trains a network into `models/purchase`, and gives its folder.
    private func train(
        _ network: PurchaseNetworkKind = .perceptron, seed: UInt64 = 1, rate: Double? = nil
    ) throws -> String {
        var job = PurchaseJob(network, shop: folder.file("corner"), folder: folder.file("models/purchase"))
        (job.settings.epochs, job.settings.seed, job.shape.least) = (3, seed, 2)
        if let rate { job.settings.rate = rate }
        (job.plan.days, job.trainingCount, job.testCount, job.batch) = (7, 900, 200, 32)
        return try #require(try job.run(resume: false) { _, _ in }["folder"]?.stringValue)
    }

    @Test func `logits without libtorch are those of training within 1e-4`() throws {
        let path = try train()
        let artefact = try Artefact(folder: path, verify: .checksums)
        let encoder = try PurchaseEncoder(artefact)
        #expect(encoder.features == PurchaseExamples.features)
        let network = try PerceptronNetwork(
            inputs: encoder.scaling.width, hidden: Perceptron.referenceLayers, seed: 99, device: .cpu)
        try ModelArtefact.load(path, kind: PurchaseJob.kind, into: network.parameters)
        var random = SeededGenerator(seed: 3)
        let rows: [Float] = (0..<37 * encoder.features.count).map { _ in
            switch random.unit() {
            case ..<0.2: .nan
            case ..<0.3: .infinity
            default: Float(1000 * random.unit() - 200)
            }
        }
        let scaled = try Tensor(encoder.scaling.apply(rows), shape: [37, encoder.scaling.width])
        let expected = try network.logits(PurchaseBatch(numbers: scaled), isTraining: false).reshaped([-1]).floats()
        let logits = encoder.logits(of: rows)
        #expect(logits.count == 37 && Set(logits).count > 10)
        for (own, other) in zip(logits, expected) { #expect(abs(own - other) < 1e-4) }
        #expect(encoder.logits(of: []).isEmpty)
    }

    @Test func `a network is taken, published, asked where the shop or a call says so, and dropped after an erasure`()
        throws
    {
        let path = try train()
        _ = try train(.mmoe)
        // Of a folder of networks the newest that is served counts, not the newest.
        let choice = NetworkChoice.newest(below: folder.file("models"))
        let trained = try workbench.train(before: nil, network: choice) { _, _ in }
        #expect(trained.map(\.name) == ["recommenders", "purchase"])
        #expect(try workbench.train(before: nil, network: .folder(path)) { _, _ in }.map(\.name) == ["recommenders"])
        _ = try workbench.publish()
        #expect(try PublicationStore(folder: workbench.folder).current()?.models["purchase"] == "models/purchase/1")

        var config = try workbench.folder.config()
        config.purchase = ["new_for_you": 0.5]
        try config.save(to: workbench.folder.configPath)
        #expect(try workbench.folder.config().purchase == ["new_for_you": 0.5])
        let service = try ShopService(folder: workbench.folder, loader: Backends.published, clock: { Self.end })
        func shelf(_ scenario: Scenario, _ weights: NetworkWeights? = nil) throws -> [RecommendAnswer.Entry] {
            var call = RecommendCall(scenario: scenario)
            (call.user, call.limit, call.networkWeights, call.explains) = ("u3", 4, weights, true)
            return try service.recommend(call).entries
        }
        func models(_ entries: [RecommendAnswer.Entry]) -> Set<String> {
            Set(entries.first?.hit.contributions.map(\.model) ?? [])
        }
        let alone = try shelf(.home, NetworkWeights(purchase: 1))
        #expect(models(alone).contains("purchase"))
        // It knows what the person buys every week.
        #expect(Set(alone.prefix(2).map(\.card.item.id.rawValue)) == ["i3", "i13"])
        for entry in alone.prefix(2) {
            let sum = entry.hit.contributions.reduce(0) { $0 + $1.value }
            #expect(abs(sum - entry.hit.score) < 1e-9)
        }
        #expect(!models(try shelf(.home)).contains("purchase"))
        #expect(models(try shelf(.newForYou)).contains("purchase"))
        #expect(throws: ServingError.self) { try shelf(.home, NetworkWeights(sequence: 0.5)) }
        #expect(throws: ServingError.self) { try shelf(.home, NetworkWeights(sequence: 0.5, purchase: 0.6)) }
        #expect(throws: ServingError.self) { try shelf(.buyAgain, NetworkWeights(purchase: 0.5)) }

        _ = try workbench.erase("u7")
        var notes: [String] = []
        _ = try workbench.train(before: nil, network: choice, note: { notes.append($0) }) { _, _ in }
        #expect(notes.contains { $0.contains("is not taken") })
        _ = try workbench.publish(note: { notes.append($0) })
        #expect(notes.contains { $0.contains("is not published") })
        #expect(try PublicationStore(folder: workbench.folder).current()?.models["purchase"] == nil)
    }

    @Test func `baskets are told with a network that learned before the cut, and with no other`() throws {
        let path = try train()
        func evaluate(_ model: String, cut: Timestamp) throws -> Double {
            let line = try workbench.evaluateBaskets(
                cut: cut, users: nil, run: folder.file("any.run"), runNew: folder.file("new.run"), model: model,
                report: nil, network: .folder(path), progress: { _, _ in })
            return try #require(try JSONValue(parsing: line)["ndcg@10"]?.doubleValue)
        }
        let last = Self.start.adding(days: Double(7 * (Self.weeks - 1)))
        #expect(try evaluate("purchase", cut: last) > 0.5)
        #expect(try evaluate("purchase_hybrid", cut: last) > 0.5)
        #expect(throws: LearningError.self) { try evaluate("purchase", cut: last.adding(days: -21)) }
    }

    @Test func `a worse network is not published, one that is not served is refused, damage is told`() throws {
        let good = try train()
        _ = try workbench.train(before: nil, network: .folder(good)) { _, _ in }
        _ = try workbench.publish()
        // The same examples, learned from hardly at all.
        let bad = try train(rate: 1e-7)
        _ = try workbench.train(before: nil, network: .folder(bad)) { _, _ in }
        var notes: [String] = []
        _ = try workbench.publish(note: { notes.append($0) })
        #expect(notes.contains { $0.contains("models/purchase/2 is not published: log likelihood is worse") })
        let store = PublicationStore(folder: workbench.folder)
        #expect(try store.current()?.models["purchase"] == "models/purchase/1")
        _ = try workbench.publish(allowsWorse: true)
        #expect(try store.current()?.models["purchase"] == "models/purchase/2")

        let other = try train(.deepfm)
        let error = #expect(throws: EncoderError.self) {
            try workbench.train(before: nil, network: .folder(other)) { _, _ in }
        }
        #expect(error?.description.contains("deepfm") == true)
        let scaling = String(decoding: try FileSystem.read(good + "/scaling.json"), as: UTF8.self)
        let wrong = [
            scaling.replacingOccurrences(of: "log(1+|x|)", with: "sqrt(x)"),
            scaling.replacingOccurrences(of: #""times""#, with: #""last""#), "{}", "[",
        ]
        for (place, text) in wrong.enumerated() {
            #expect(throws: (any Error).self, "\(place)") {
                try FeatureScaling(try JSONValue(parsing: Array(text.utf8)))
            }
        }
        #expect(try FeatureScaling(try JSONValue(parsing: Array(scaling.utf8))).names == PurchaseExamples.features)
    }
}
