import Domain
import Foundation
import Recommenders
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct WarmTrainingTests {
    private let shop: GrocerShop

    init() throws { shop = try GrocerShop() }

    private struct Outcome {
        let artefact: Artefact
        let model: RankedBasketModel
        let notes: String

        var isMeasured: Bool { artefact.manifest.files[TrainingMeasure.file] != nil }
        /// Until when the rankers learned.
        var until: Timestamp? { artefact.manifest.inputs[KeptRankers.untilInput].flatMap { Timestamp(iso8601: $0) } }
    }

    private func train(
        week: Int? = nil, isWarm: Bool = true, isMeasured: Bool = false, parameters: ParameterFile? = nil
    ) throws -> Outcome {
        var notes: [String] = []
        let trained = try shop.workbench.train(
            before: week.map { GrocerShop.day(ofWeek: $0) }, isWarm: isWarm, isMeasured: isMeasured,
            parameters: parameters, note: { notes.append($0) }, progress: { _, _ in })
        let folder = "\(shop.workbench.folder.modelsFolder)/recommenders/\(try #require(trained.first).version)"
        return Outcome(
            artefact: try Artefact(folder: folder, verify: .checksums), model: try RankedBasketModel(loading: folder),
            notes: notes.joined(separator: " "))
    }

    @Test func `rankers stay, and the rest follows the log`() throws {
        let first = try train(week: 14, isWarm: false)
        #expect(first.model.hasRanker && first.until == GrocerShop.day(ofWeek: 14) && first.notes.isEmpty)
        let warm = try train(week: 16)
        #expect(warm.notes == "The rankers of models/recommenders/1, which learned until 2025-04-14, are kept.")
        #expect(warm.until == GrocerShop.day(ofWeek: 14))
        let fresh = try train(week: 16, isWarm: false)
        let trees = try [first, warm, fresh].map { try $0.model.columns().floats("any_values") }
        #expect(trees[1] == trees[0] && trees[1] != trees[2])
        #expect(warm.model.blend.columns().encoded() == fresh.model.blend.columns().encoded())
        #expect(warm.model.blend.columns().encoded() != first.model.blend.columns().encoded())
        for file in ["popularity.columns", "bought_together.columns", "item_neighbours.columns"] {
            #expect(try warm.artefact.read(file) == fresh.artefact.read(file))
        }
    }

    @Test func `on the same log it gives the same models, however often`() throws {
        let first = try train(isWarm: false)
        for _ in 0..<2 {
            let warm = try train()
            #expect(warm.model.columns().encoded() == first.model.columns().encoded() && warm.until == first.until)
        }
    }

    @Test func `rankers are taught anew where they cannot be kept, and it says why`() throws {
        let first = try train(week: 11)
        #expect(first.notes == "There are no rankers to keep yet: they are taught.")
        #expect(first.until == GrocerShop.day(ofWeek: 11))
        let earlier = try train(week: 10)
        #expect(earlier.notes.contains("learned from events after 2025-03-17"))
        #expect(earlier.until == GrocerShop.day(ofWeek: 10))
        let later = try train(week: 15)
        #expect(later.notes.contains("more than 28 days ago") && later.until == GrocerShop.day(ofWeek: 15))
        let tuned = ParameterFile(model: "blend", values: [0.97, 0.5, 0.1, 0.3, 100, 1e-3])
        #expect(try train(week: 15, parameters: tuned).notes.contains("other parameters"))
        #expect(try train(week: 15, parameters: tuned).notes.contains("are kept"))
        #expect(try train(week: 15).notes.contains("other parameters"))
        _ = try shop.workbench.erase("u7")
        let erased = try train(week: 15)
        #expect(erased.notes.contains("somebody who was erased since"))
        #expect(try train(week: 15).notes.contains("are kept"))
    }

    @Test func `the rankers of the models in service are the ones that stay`() throws {
        _ = try train(week: 14, isWarm: false)
        _ = try shop.workbench.publish()
        _ = try train(week: 15, isWarm: false)
        #expect(try train(week: 16).until == GrocerShop.day(ofWeek: 14))
    }

    @Test func `too little to learn from leaves nothing to keep`() throws {
        let first = try train(week: 1, isWarm: false)
        #expect(!first.model.hasRanker)
        #expect(try train(week: 2).notes.contains("had too little to learn from"))
    }

    @Test func `they are measured where their rankers learned nothing of the newest week`() throws {
        _ = try train(week: 14, isWarm: false)
        let warm = try train(week: 16, isMeasured: true)
        #expect(warm.isMeasured && (warm.artefact.manifest.metrics["ndcg@10"] ?? 0) > 0.3)
        _ = try train(week: 16, isWarm: false)
        let newest = try train(week: 16, isMeasured: true)
        #expect(!newest.isMeasured && newest.notes.contains("are not measured"))
    }
}
