public import Domain
import Features
import Meaning
import Recommenders
import Storage

extension Workbench {
    static let modelKind = RecommenderModels.artefactKind
    /// How many versions of index and models are kept besides those that generations name.
    static let keptVersions = 3

    /// A trained artefact.
    public struct TrainedModel: Sendable {
        public let name: String
        public let version: Int
    }

    /// Trains all recommenders on purchases before `before` (all of them if `nil`) into `models/recommenders/N`.
    ///
    /// Synthetic events do not count. Erased people are not in the log any more, so their influence ends here.
    public func train(before: Timestamp?, progress: (Int, Int) -> Void) throws -> [TrainedModel] {
        let set = try trainingSet(before: before)
        guard set.log.count > 0 else {
            throw LearningError(.missing, "The log holds no purchases to learn from: import events first.")
        }
        let parent = "\(folder.modelsFolder)/\(Self.modelKind)"
        let version = try nextVersion(in: parent)
        var done = 0
        let models = RecommenderModels.train(set) { _ in
            progress(done, RecommenderModels.names.count)
            done += 1
        }
        try FileSystem.makeFolder(parent)
        var writer = try ArtefactWriter(
            folder: "\(parent)/\(version)", kind: Self.modelKind, formatVersion: RecommenderModels.artefactFormat,
            creator: "souk train", seed: set.seed)
        for (name, bytes) in models.encoded() { try writer.add(name, bytes) }
        _ = try writer.finish(
            metrics: ["lines": Double(set.log.count), "users": Double(set.log.userLimit)],
            inputs: [
                "before": before?.description ?? "", "last_sequence": String(try store.lastSequence()),
                "erasures": String(try store.erasureCount()),
            ])
        progress(RecommenderModels.names.count, RecommenderModels.names.count)
        return [TrainedModel(name: Self.modelKind, version: version)]
    }

    /// The log and facts that models learn from: real purchases of products before a moment.
    func trainingSet(before: Timestamp?) throws -> TrainingSet {
        var set = try TrainingSet(reading: store, before: before)
        if FileSystem.exists(folder.promotionsPath) {
            set.promotions = try PromotionCalendar(reading: PromotionTable(path: folder.promotionsPath))
        }
        return set
    }

    /// Publishes the newest index and models as the next generation.
    public func publish() throws -> Int {
        let index = try versions(in: folder.indexFolder).last.map { "index/\($0)" }
        let model = try versions(in: "\(folder.modelsFolder)/\(Self.modelKind)").last
        let meaning = try versions(in: meaningFolder).last
        let pictures = try versions(in: picturesFolder).last
        guard index != nil || model != nil else {
            throw LearningError(.missing, "There is nothing to publish yet: run `souk index` and `souk train`.")
        }
        var models: [String: String] = [:]
        if let model { models[Self.modelKind] = "models/\(Self.modelKind)/\(model)" }
        if let meaning { models[MeaningIndex.kind] = "models/\(MeaningIndex.kind)/\(meaning)" }
        if let pictures { models[PictureIndex.kind] = "models/\(PictureIndex.kind)/\(pictures)" }
        let store = PublicationStore(folder: folder)
        let published = try store.publish(
            Publication(index: index, models: models, erasures: try erasuresWhenTrained(model)))
        let named = Set(try store.history().suffix(Self.keptVersions).flatMap { $0.models.values + [$0.index ?? ""] })
        try prune(folder.indexFolder, keeping: Self.keptVersions, named: named)
        try prune(meaningFolder, keeping: Self.keptVersions, named: named)
        try prune(picturesFolder, keeping: Self.keptVersions, named: named)
        try prune("\(folder.modelsFolder)/\(Self.modelKind)", keeping: Self.keptVersions, named: named)
        return published.generation
    }

    private func erasuresWhenTrained(_ version: Int?) throws -> Int {
        guard let version else { return try store.erasureCount() }
        let artefact = try Artefact(folder: "\(folder.modelsFolder)/\(Self.modelKind)/\(version)", verify: .sizes)
        return artefact.manifest.inputs["erasures"].flatMap { Int($0) } ?? 0
    }

    /// Serves an earlier generation again.
    public func rollBack(to generation: Int) throws -> Int {
        try PublicationStore(folder: folder).rollback(to: generation).generation
    }

    /// One line for each generation, newest last; `*` marks the one that is served.
    public func publications() throws -> [String] {
        let store = PublicationStore(folder: folder)
        let current = try store.current()?.generation
        return try store.history().map { item in
            let models = item.models.values.sorted().joined(separator: " ")
            let mark = item.generation == current ? "*" : " "
            let note = item.isRestorable ? "" : "  (not restorable: holds traces of an erased person)"
            return "\(mark) \(item.generation)  \(item.created)  \(item.index ?? "no index")  \(models)\(note)"
        }
    }
}
