import Domain
import Evaluation
import Foundation
import Numerics
import Recommenders
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct PublishingGuardTests {
    private let folder: TemporaryFolder
    private let workbench: Workbench

    /// A shop with fifty people who buy two items of their own every week.
    init() throws {
        folder = try TemporaryFolder()
        try Workbench.create(path: folder.file("corner"), title: "Corner", currency: .eur, language: "en", isDemo: true)
        workbench = try Workbench(path: folder.file("corner"))
        let items = (0..<20).map { #"{"id":"i\#($0)","title":"Item \#($0)","product_type":"A","price":"2.00 EUR"}"# }
        let events = (0..<50).flatMap { user in
            (0..<10).map { week in
                let day = Timestamp(milliseconds: 1_700_000_000_000).adding(days: Double(7 * week)).description
                return
                    #"{"event_id":"e\#(user)-\#(week)","event_name":"purchase","time":"\#(day)","user_id":"u\#(user)","#
                    + #""currency":"EUR","items":[{"item_id":"i\#(user % 20)"},{"item_id":"i\#((user + 7) % 20)"}]}"#
            }
        }
        let mode = FeedMode(isFull: true, isForced: false, isDryRun: false)
        try items.joined(separator: "\n").write(toFile: folder.file("items.jsonl"), atomically: true, encoding: .utf8)
        try events.joined(separator: "\n").write(toFile: folder.file("events.jsonl"), atomically: true, encoding: .utf8)
        _ = try workbench.importItems(folder.file("items.jsonl"), mode: mode, progress: { _, _ in })
        _ = try workbench.importEvents(folder.file("events.jsonl"), mode: mode, progress: { _, _ in })
    }

    private func train(isMeasured: Bool = true) throws -> String {
        let trained = try workbench.train(before: nil, isMeasured: isMeasured, progress: { _, _ in })
        return "\(workbench.folder.modelsFolder)/recommenders/\(try #require(trained.first).version)"
    }

    /// Trains once more, and writes another measure beside the models, or another format.
    private func train(format: Int? = nil, measure: (Double) -> Double) throws -> String {
        let path = try train()
        let own = try #require(try TrainingMeasure(folder: path))
        let artefact = try Artefact(folder: path, verify: .checksums)
        var writer = try ArtefactWriter(
            folder: path + ".changed", kind: artefact.manifest.kind,
            formatVersion: format ?? artefact.manifest.version,
            creator: "test", seed: 1)
        for name in artefact.manifest.files.keys.sorted() where name != TrainingMeasure.file {
            try writer.add(name, try artefact.read(name))
        }
        try writer.add(
            TrainingMeasure.file, TrainingMeasure(cut: own.cut, values: own.values.mapValues(measure)).encoded)
        _ = try writer.finish(inputs: artefact.manifest.inputs)
        try FileSystem.remove(path)
        try FileManager.default.moveItem(atPath: path + ".changed", toPath: path)
        return path
    }

    @Test func `measured models keep a figure of everybody, which reading gives back`() throws {
        let path = try train()
        let measure = try #require(try TrainingMeasure(folder: path))
        #expect(measure.values.count == 50 && measure.mean > 0.9)
        let manifest = try Artefact(folder: path, verify: .checksums).manifest
        #expect(manifest.metrics["ndcg@10"] == measure.mean)
        #expect(try TrainingMeasure(folder: try train(isMeasured: false)) == nil)
    }

    @Test func `models that are worse are not published, unless they are allowed to be`() throws {
        _ = try train()
        #expect(try workbench.publish() == 1)
        _ = try train { $0 * 0.5 }
        let error = #expect(throws: LearningError.self) { try workbench.publish() }
        #expect(error?.code == .worse)
        #expect(error?.message.contains("--allow-worse") == true)
        #expect(
            try PublicationStore(folder: workbench.folder).current()?.models["recommenders"] == "models/recommenders/1")
        var notes: [String] = []
        #expect(try workbench.publish(allowsWorse: true) { notes.append($0) } == 2)
        #expect(notes.count == 1)
        let line = try #require(try AuditLog(store: workbench.store).newest(1).first)
        #expect(line.action == "publish" && line.detail.hasPrefix("generation 2 although NDCG@10 is worse"))
    }

    @Test func `models of an older format in service are no obstacle, and are compared by their measure`() throws {
        _ = try train(format: RecommenderModels.artefactFormat - 1) { $0 * 0.9 }
        #expect(try workbench.publish() == 1)
        _ = try train()
        var notes: [String] = []
        #expect(try workbench.publish { notes.append($0) } == 2)
        #expect(notes.count == 1 && notes[0].contains("not worse"))
    }

    @Test func `models as good as those in service, and those that were not measured, are published with a note`()
        throws
    {
        _ = try train()
        _ = try workbench.publish { _ in Issue.record("there is nothing in service to compare with") }
        var notes: [String] = []
        _ = try train()
        #expect(try workbench.publish { notes.append($0) } == 2)
        _ = try train(isMeasured: false)
        #expect(try workbench.publish { notes.append($0) } == 3)
        #expect(notes.count == 2 && notes[0].contains("is not worse") && notes[1].contains("--measure"))
        #expect(try AuditLog(store: workbench.store).newest(5).isEmpty)
    }

    @Test func `models in service that learned nothing of the newest week tell the same baskets`() throws {
        let end = Timestamp(milliseconds: 1_700_000_000_000).adding(days: 7 * 8)
        _ = try workbench.train(before: end, isMeasured: false, progress: { _, _ in })
        _ = try workbench.publish()
        let path = try train()
        let measure = try #require(try TrainingMeasure(folder: path))
        let rival = try #require(measure.rival)
        #expect(rival.name == "models/recommenders/1" && rival.values.keys.sorted() == measure.values.keys.sorted())
        #expect(rival.values.values.contains { $0 > 0 })
        var notes: [String] = []
        _ = try workbench.publish { notes.append($0) }
        #expect(notes.count == 1 && notes[0].contains("is not worse") && notes[0].contains("both from"))
        // These were published, and have seen the week.
        #expect(try TrainingMeasure(folder: try train())?.rival == nil)
    }

    @Test func `what both told of the same baskets goes before what was measured in another week`() {
        let people = (0..<50 as Range<UInt32>).map { ($0, Double($0 % 7) / 7) }
        let own = Dictionary(people) { first, _ in first }
        let rival = TrainingMeasure.Rival(name: "models/recommenders/1", values: own.mapValues { $0 - 0.1 })
        let candidate = TrainingMeasure(cut: Timestamp(milliseconds: 1), values: own, rival: rival)
        let easier = TrainingMeasure(cut: Timestamp(milliseconds: 0), values: own.mapValues { $0 + 0.5 })
        func isWorse(_ name: String) -> Bool {
            if case .worse = PublishingGuard(candidate: candidate, served: easier, name: name).verdict { return true }
            return false
        }
        #expect(!isWorse("models/recommenders/1") && isWorse("models/recommenders/2"))
    }

    @Test func `only a difference that all of the interval shows counts, on people of both`() {
        let cut = Timestamp(milliseconds: 0)
        func measure(_ people: Range<UInt32>, _ value: (UInt32) -> Double) -> TrainingMeasure {
            TrainingMeasure(cut: cut, values: Dictionary(people.map { ($0, value($0)) }) { first, _ in first })
        }
        func verdict(_ candidate: TrainingMeasure?, _ served: TrainingMeasure?) -> PublishingGuard.Verdict {
            PublishingGuard(candidate: candidate, served: served, name: "models/recommenders/1").verdict
        }
        let served = measure(0..<200) { Double($0 % 10) / 10 }
        guard case .worse(let interval) = verdict(measure(100..<300) { Double($0 % 10) / 10 - 0.1 }, served) else {
            return #expect(Bool(false), "a tenth less is worse")
        }
        #expect(abs(interval.mean + 0.1) < 1e-12)
        // Half of the people gain what the other half loses, and a little more.
        guard case .fine = verdict(measure(0..<200) { Double($0 % 10) / 10 + ($0 % 2 == 0 ? 0.3 : -0.32) }, served)
        else {
            return #expect(Bool(false), "a hundredth is within the interval")
        }
        guard case .unmeasured = verdict(measure(190..<400) { _ in 0 }, served),
            case .unmeasured = verdict(nil, served),
            case .unmeasured = verdict(served, nil)
        else { return #expect(Bool(false), "too few in common, or none") }
    }
}
