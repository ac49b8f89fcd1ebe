import Encoders
import Meaning
import Storage

extension Workbench {
    /// What a shop takes a network for.
    public enum NetworkPlace: Sendable {
        case meaning, reranking, pictures

        /// As a publication names it.
        var kind: String {
            switch self {
            case .meaning: MeaningIndex.kind
            case .reranking: PairReranker.kind
            case .pictures: PictureIndex.kind
            }
        }

        var option: String {
            switch self {
            case .meaning: "--encoder"
            case .reranking: "--reranker"
            case .pictures: "--picture-encoder"
            }
        }
    }

    /// Compares a network that the shop is to take with what it began as and with the one in service.
    ///
    /// A tuned encoder and a re-ranker must have been measured to be better than the encoder that they began as. No network may have been
    /// measured to be worse than the one in service, see `NetworkGuard`.
    /// - Parameter allowsWorse: Takes it all the same, and says so in the audit log.
    /// - Parameter note: Told what was compared, and how it came out.
    /// - Throws: `unusable` for one that is not better than its base, `worse` for one that is worse than the one in service; `StorageError`
    ///   for a folder that was changed.
    public func check(
        _ source: String, for place: NetworkPlace, allowsWorse: Bool, note: (String) -> Void = { _ in }
    ) throws {
        switch place {
        case .meaning: try Self.checkEncoder(source, allowsWorse: allowsWorse)
        case .reranking:
            try Self.check(
                try Artefact.open(
                    folder: source, kind: CrossEncoder.kind, formatVersion: CrossEncoder.format, verify: .checksums),
                place, allowsWorse: allowsWorse)
        case .pictures: break
        }
        guard let served = try PublicationStore(folder: folder).current()?.models[place.kind] else { return }
        guard let reason = try worseThanServed(source, "\(folder.path)/\(served)", note: note) else { return }
        guard allowsWorse else {
            throw LearningError(
                .worse,
                "\(source) is not taken: \(reason). \(served) stays in service; name another one with \(place.option), or give "
                    + "--allow-worse, which the audit log records.")
        }
        note("\(source): \(reason). It is taken all the same.")
        try record("index", "\(place.option) \(source) although \(reason)")
    }

    /// Why a network is worse than the one in service; `nil` if nothing says so.
    private func worseThanServed(_ source: String, _ served: String, note: (String) -> Void) throws -> String? {
        let manifest = try Artefact(folder: served, verify: .sizes).manifest
        let weights = source + "/" + SentenceEncoder.weightsFile
        if manifest.metrics[SentenceEncoder.betterMetric] == 1, let base = manifest.inputs[SentenceEncoder.baseInput],
            FileSystem.exists(weights), try SHA256.hex(ofFile: weights) == base
        {
            return "the one in service began as it and was measured to be better"
        }
        guard let candidate = try NetworkMeasure(folder: source) else { return nil }
        let verdict = NetworkGuard(candidate: candidate, served: try NetworkMeasure(folder: served))
        if case .worse = verdict.verdict { return verdict.words }
        note("\(source): \(verdict.words).")
        return nil
    }

    /// Refuses an encoder of `souk-train encoder` that was changed, or not measured to be better; others have no manifest.
    static func checkEncoder(_ folder: String, allowsWorse: Bool) throws {
        guard FileSystem.exists(folder + "/" + Manifest.fileName) else { return }
        let artefact = try Artefact.open(
            folder: folder, kind: SentenceEncoder.tunedKind, formatVersion: SentenceEncoder.tunedFormat,
            verify: .checksums)
        try check(artefact, .meaning, allowsWorse: allowsWorse)
    }

    private static func check(_ artefact: Artefact, _ place: NetworkPlace, allowsWorse: Bool) throws {
        guard allowsWorse || artefact.manifest.metrics[SentenceEncoder.betterMetric] == 1 else {
            throw LearningError(
                .unusable,
                "\(artefact.folder) was not measured to be better than the encoder it began as (its card.md gives the "
                    + "figures). Leave \(place.option) out, or give --allow-worse to use it all the same.")
        }
    }
}
