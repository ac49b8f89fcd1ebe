public import Domain
import Evaluation
import Features
import Meaning
import Recommenders
import Speech
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
    /// - Parameter network: The networks that are taken into the shop beside them, see `takeNetworks`.
    /// - Parameter isWarm: Keeps the rankers of the models in service (of the newest ones, where none are) and learns the rest anew;
    ///   teaches rankers all the same, and says why, where they cannot be kept: see `KeptRankers`.
    /// - Parameter isMeasured: Also trains the default one without the newest week, and keeps how well it told that week: `publish`
    ///   compares by it.
    /// - Parameter parameters: What is not as shipped; the manifest keeps it.
    /// - Parameter note: Told which rankers were kept, or why none were, and which networks are passed over.
    public func train(
        before: Timestamp?, isWarm: Bool = false, isMeasured: Bool = false, parameters: ParameterFile? = nil,
        network: NetworkChoice = .none, note: (String) -> Void = { _ in }, progress: (Int, Int) -> Void
    ) throws -> [TrainedModel] {
        try parameters?.checkServed()
        // Before the log is read: whoever is erased meanwhile may have left traces in what is learned.
        let erasures = try store.erasureCount()
        var set = try trainingSet(before: before)
        parameters?.apply(to: &set.parameters)
        guard set.log.count > 0 else {
            throw LearningError(.missing, "The log holds no purchases to learn from: import events first.")
        }
        let parent = "\(folder.modelsFolder)/\(Self.modelKind)"
        let version = try nextVersion(in: parent)
        let parameterText = parameters.map { JSONLine.text($0.json) }
        let wanted = KeptRankers.Wanted(
            now: set.now, erasures: erasures, parameters: parameterText, hasNetwork: set.parameters.teachesNetworks)
        let kept = isWarm ? try keptRankers(for: wanted, note: note) : nil
        var done = 0
        let steps = RecommenderModels.names.count + (isMeasured ? 1 : 0)
        let models = RecommenderModels.train(set, keepingRankersOf: kept?.model) { _ in
            progress(done, steps)
            done += 1
        }
        if isMeasured { progress(done, steps) }
        let measure = isMeasured ? try measure(set, keeping: kept, note: note) : nil
        try FileSystem.makeFolder(parent)
        var writer = try ArtefactWriter(
            folder: "\(parent)/\(version)", kind: Self.modelKind, formatVersion: RecommenderModels.artefactFormat,
            creator: "souk train", seed: set.seed)
        for (name, bytes) in models.encoded() { try writer.add(name, bytes) }
        var metrics = ["lines": Double(set.log.count), "users": Double(set.log.userLimit)]
        if let measure {
            try writer.add(TrainingMeasure.file, measure.encoded)
            metrics[TrainingMeasure.metric] = measure.mean
        }
        var inputs = [
            "before": before?.description ?? "", RecommenderModels.untilInput: set.now.description,
            KeptRankers.untilInput: (kept?.until ?? set.now).description,
            "last_sequence": String(try store.lastSequence()), "erasures": String(erasures),
        ]
        if let parameterText { inputs["parameters"] = parameterText }
        _ = try writer.finish(metrics: metrics, inputs: inputs)
        let taken = try takeNetworks(network, before: before, set, note: note)
        progress(steps, steps)
        return [TrainedModel(name: Self.modelKind, version: version)] + taken
    }

    /// The log and facts that models learn from: real purchases of products before a moment.
    ///
    /// - Parameter models: The names of the models that are to learn, if they are not those that `train` trains: some read the
    ///   catalogue's words too, or what the shop knows of people.
    /// - Parameter network: Where one that asks for a network finds it.
    func trainingSet(
        before: Timestamp?, for models: [String] = [], network: NetworkChoice = .usual
    ) throws -> TrainingSet {
        var set = try TrainingSet(reading: folder, store, before: before)
        if models.contains(where: BasketPredictor.needsFeatures) { set.features = try ItemFeatures(reading: store) }
        if models.contains(where: BasketPredictor.needsPeople) { set.people = try people(of: set.log) }
        for role in NetworkRole.allCases {
            guard let name = models.first(where: { BasketPredictor.network(of: $0) == role }) else { continue }
            guard let found = try self.network(network, as: role, before: before, includesChoosing: true) else {
                let end = before.map { " --before \($0.dateDescription)" } ?? ""
                throw LearningError(
                    .missing,
                    "The model '\(name)' needs a network that learned from nothing later: run `souk-train "
                        + "\(role.usualTrainer) --shop \(folder.path)\(end)`, or name its folder with --weights.")
            }
            switch role {
            case .sequence: set.network = try shopNetwork(found)
            case .purchase: set.purchaseNetwork = try purchaseNetwork(found)
            }
        }
        return set
    }

    /// Publishes the newest index and models as the next generation.
    ///
    /// - Parameter allowsWorse: Publishes models that were measured to be worse all the same, and says so in the audit log.
    /// - Parameter note: Told how new models compare with those in service.
    /// - Throws: `worse` for models that are worse than those in service beyond the interval of the difference; nothing changes then.
    public func publish(allowsWorse: Bool = false, note: (String) -> Void = { _ in }) throws -> Int {
        let index = try versions(in: folder.indexFolder).last.map { "index/\($0)" }
        let model = try versions(in: "\(folder.modelsFolder)/\(Self.modelKind)").last
        let meaning = try versions(in: meaningFolder).last
        let pictures = try versions(in: picturesFolder).last
        let reranker = try versions(in: rerankerFolder).last
        let speech = try versions(in: speechFolder).last
        let fusion = try versions(in: fusionFolder).last
        guard index != nil || model != nil else {
            throw LearningError(.missing, "There is nothing to publish yet: run `souk index` and `souk train`.")
        }
        var models: [String: String] = [:]
        if let model { models[Self.modelKind] = "models/\(Self.modelKind)/\(model)" }
        if let meaning { models[MeaningIndex.kind] = "models/\(MeaningIndex.kind)/\(meaning)" }
        if let pictures { models[PictureIndex.kind] = "models/\(PictureIndex.kind)/\(pictures)" }
        if let reranker { models[PairReranker.kind] = "models/\(PairReranker.kind)/\(reranker)" }
        if let speech { models[SpeechModel.kind] = "models/\(SpeechModel.kind)/\(speech)" }
        let store = PublicationStore(folder: folder)
        let current = try store.current()
        let allowed = try checkModels(
            models[Self.modelKind], served: current?.models[Self.modelKind], allowsWorse: allowsWorse, note)
        let networks = try chooseNetworks(served: current?.models ?? [:], allowsWorse: allowsWorse, note)
        models.merge(networks.names) { _, new in new }
        if let fusion { models[FusionModel.kind] = "models/\(FusionModel.kind)/\(fusion)" }
        // What cannot be served is not published.
        _ = try FusionModel.fusion(of: config, learned: models[FusionModel.kind], in: folder)
        let erasures = min(try erasuresWhenTrained(model), networks.erasures)
        let published = try store.publish(Publication(index: index, models: models, erasures: erasures))
        for words in [allowed].compactMap(\.self) + networks.allowed {
            try record("publish", "generation \(published.generation) although \(words)")
        }
        let named = Set(try store.history().suffix(Self.keptVersions).flatMap { $0.models.values + [$0.index ?? ""] })
        try prune(folder.indexFolder, keeping: Self.keptVersions, named: named)
        try prune(meaningFolder, keeping: Self.keptVersions, named: named)
        try prune(picturesFolder, keeping: Self.keptVersions, named: named)
        try prune(rerankerFolder, keeping: Self.keptVersions, named: named)
        for role in NetworkRole.allCases {
            try prune(networkFolder(role), keeping: Self.keptVersions, named: named)
        }
        try prune(speechFolder, keeping: Self.keptVersions, named: named)
        try prune(fusionFolder, keeping: Self.keptVersions, named: named)
        try prune("\(folder.modelsFolder)/\(Self.modelKind)", keeping: Self.keptVersions, named: named)
        return published.generation
    }

    /// The default model in service, with the end of what it learned from; `nil` if there is none, or none that this version reads.
    private func servedModel() throws -> (name: String, until: Timestamp, model: RankedBasketModel)? {
        guard let name = try PublicationStore(folder: folder).current()?.models[Self.modelKind] else { return nil }
        let path = "\(folder.path)/\(name)"
        let artefact = try Artefact(folder: path, verify: .sizes)
        guard artefact.manifest.version == RecommenderModels.artefactFormat,
            let until = artefact.manifest.inputs[RecommenderModels.untilInput].flatMap({ Timestamp(iso8601: $0) })
        else { return nil }
        return (name, until, try RankedBasketModel(loading: path))
    }

    /// The rankers that a training may keep; `nil`, with a note that says why, if there are none.
    private func keptRankers(for wanted: KeptRankers.Wanted, note: (String) -> Void) throws -> KeptRankers? {
        let newest = try versions(in: "\(folder.modelsFolder)/\(Self.modelKind)").last
        let served = try PublicationStore(folder: folder).current()?.models[Self.modelKind]
        guard let name = served ?? newest.map({ "models/\(Self.modelKind)/\($0)" }) else {
            note("There are no rankers to keep yet: they are taught.")
            return nil
        }
        do {
            let kept = try KeptRankers(name, in: folder.path, for: wanted)
            note("The rankers of \(name), which learned until \(kept.until.dateDescription), are kept.")
            return kept
        } catch let refusal as KeptRankers.Refusal {
            note("No rankers are kept, for \(refusal.reason): they are taught anew.")
            return nil
        }
    }

    /// How well the default model tells the newest week; `nil` where that cannot be known.
    private func measure(
        _ set: TrainingSet, keeping kept: KeptRankers?, note: (String) -> Void
    ) throws -> TrainingMeasure? {
        let measure = TrainingMeasure(set, keeping: kept, beside: try servedModel())
        if measure == nil, kept != nil {
            note("The models are not measured: their rankers learned from the newest week, or nobody came again in it.")
        }
        return measure
    }

    /// Compares models with those in service by what `train` measured.
    ///
    /// - Returns: What was found worse and is published all the same.
    private func checkModels(
        _ candidate: String?, served: String?, allowsWorse: Bool, _ note: (String) -> Void
    ) throws -> String? {
        guard let candidate, let served, candidate != served else { return nil }
        let verdict = PublishingGuard(
            candidate: try TrainingMeasure(folder: "\(folder.path)/\(candidate)"),
            served: try TrainingMeasure(folder: "\(folder.path)/\(served)"), name: served)
        guard case .worse = verdict.verdict else {
            note("\(candidate): \(verdict.words).")
            return nil
        }
        guard allowsWorse else {
            throw LearningError(
                .worse,
                "\(candidate) is not published: \(verdict.words). \(served) stays in service; train again, or publish with "
                    + "--allow-worse, which the audit log records.")
        }
        note("\(candidate): \(verdict.words). It is published all the same.")
        return verdict.words
    }

    /// Adds a line of the command line to the shop's audit log.
    func record(_ action: String, _ detail: String) throws {
        try AuditLog(store: store).append(
            AuditLog.Line(time: SystemClock.now(), person: "command line", action: action, detail: detail))
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
