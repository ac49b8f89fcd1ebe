import Domain
import Encoders
import Features
import Foundation
import Recommenders
import Storage

/// Which network of `souk-train NAME --shop` is meant.
public enum NetworkChoice: Sendable, Hashable {
    case none
    /// The newest finished one of the shop below a folder of networks.
    case newest(below: String)
    /// The one in a folder.
    case folder(String)

    /// The newest below the folder that `SOUK_MODELS` names, or below `var/models`.
    public static var usual: NetworkChoice {
        .newest(below: ProcessInfo.processInfo.environment["SOUK_MODELS"] ?? "var/models")
    }
}

extension Workbench {
    /// A network's folder, opened, with what its manifest says of the log.
    struct NetworkArtefact {
        let artefact: Artefact
        /// What lies at or after it was not learned from.
        let until: Timestamp
        /// How many people had been erased.
        let erasures: Int

        /// - Throws: `unusable` for a folder that no training of this shop wrote.
        init(_ artefact: Artefact, shop: ShopID) throws(LearningError) {
            let inputs = artefact.manifest.inputs
            guard SequenceEncoders.names.contains(artefact.manifest.kind), inputs["shop"] == shop.rawValue,
                let until = inputs["until"].flatMap({ Timestamp(iso8601: $0) }),
                let erasures = inputs["erasures"].flatMap({ Int($0) })
            else {
                throw LearningError(
                    .unusable,
                    "\(artefact.folder) holds no network of the shop \(shop): train one with `souk-train sasrec --shop DIR`."
                )
            }
            (self.artefact, self.until, self.erasures) = (artefact, until, erasures)
        }

        var tellsNew: Bool { artefact.manifest.inputs["repeats"] == "first" }

        /// The network that chose the number of epochs: it knows nothing of the newest window.
        var choosingFolder: String? {
            let parent = artefact.folder.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            return artefact.manifest.inputs["choosing"].map { parent.joined(separator: "/") + "/choosing/\($0)" }
        }
    }

    private static let countsFile = "counts.txt"

    /// The folders of the shop's networks, below `models/`.
    var networkFolder: String { "\(folder.modelsFolder)/\(SequenceRecommender.artefactKind)" }

    /// The network that is meant, if there is one.
    ///
    /// - Parameter before: It may have learned from nothing at or after this moment; `nil` for any.
    /// - Parameter includesChoosing: Whether networks that only chose the number of epochs count, which learned from less.
    /// - Returns: The one that learned from most; of several the newest.
    /// - Throws: `unusable` for a named folder that cannot be taken.
    func network(
        _ choice: NetworkChoice, before: Timestamp?, includesChoosing: Bool = false
    ) throws -> NetworkArtefact? {
        switch choice {
        case .none: return nil
        case .folder(let path):
            let found = try NetworkArtefact(try Artefact(folder: path, verify: .checksums), shop: config.shop)
            if let before, found.until > before {
                throw LearningError(
                    .unusable,
                    "\(path) learned from events until \(found.until), which lie after \(before): the figures would be worthless."
                )
            }
            return found
        case .newest(let parent):
            let folders = SequenceEncoders.names.flatMap { kind -> [String] in
                let own = "\(parent)/\(kind)-\(config.shop)"
                return includesChoosing ? [own, own + "/choosing"] : [own]
            }
            let found = try folders.flatMap { parent in
                try versions(in: parent).compactMap { version in
                    // What else lies there, and what was written for another shop, is passed over.
                    try? NetworkArtefact(  // See above.
                        try Artefact(folder: "\(parent)/\(version)", verify: .sizes), shop: config.shop)
                }
            }
            return found.filter { network in before.map { network.until <= $0 } ?? true }.max { left, right in
                let (a, b) = (left.artefact, right.artefact)
                return (left.until, a.manifest.created, a.folder) < (right.until, b.manifest.created, b.folder)
            }
        }
    }

    /// A network with the shop's numbers of its items.
    ///
    /// - Throws: `unusable` for one that knows no item of the catalogue, or that learned from somebody who was erased since;
    ///   `StorageError` or `EncoderError` for one that is damaged.
    func shopNetwork(_ network: NetworkArtefact) throws -> ShopNetwork {
        let artefact = network.artefact
        guard network.erasures == (try store.erasureCount()) else {
            throw LearningError(
                .unusable,
                "\(artefact.folder) learned from people of whom one was erased since. Train it again, so that it forgets them."
            )
        }
        _ = try SequenceEncoders.open(artefact.manifest.kind, folder: artefact.folder)
        let files = try SequenceFiles(artefact)
        let counts = String(decoding: try artefact.read(Self.countsFile), as: UTF8.self).split(separator: "\n")
            .compactMap { UInt32($0) }
        guard counts.count == files.names.count else {
            throw LearningError(
                .unusable, "\(artefact.folder): \(Self.countsFile) has not a line for each item. Train it again.")
        }
        var numbers: [String: UInt32] = [:]
        try forEachItem { numbers[$0.item.id.rawValue] = $0.number.rawValue }
        let items = files.names.map { numbers[$0] ?? ShopNetwork.unknownItem }
        guard items.contains(where: { $0 != ShopNetwork.unknownItem }) else {
            throw LearningError(.unusable, "The network in \(artefact.folder) knows no item of the catalogue.")
        }
        return ShopNetwork(files: files, items: items, counts: counts, tellsNew: network.tellsNew)
    }

    /// Takes a network into the shop, for `publish` to name, unless the newest one there is the same.
    ///
    /// - Parameter set: What models learn from: the network is measured on what the one that chose its epochs had not learned.
    /// - Returns: `nil` if there is nothing to take.
    func takeNetwork(_ choice: NetworkChoice, before: Timestamp?, _ set: TrainingSet) throws -> TrainedModel? {
        guard let network = try network(choice, before: before) else { return nil }
        let artefact = network.artefact
        let weights = artefact.manifest.files["weights.safetensors"]?.sha256 ?? ""
        if let newest = try versions(in: networkFolder).last,
            try Artefact(folder: "\(networkFolder)/\(newest)", verify: .sizes).manifest.inputs["weights"] == weights
        {
            return nil
        }
        let version = try nextVersion(in: networkFolder)
        let model = try SequenceRecommender(try shopNetwork(network))
        let measure = try networkMeasure(network, set)
        try FileSystem.makeFolder(networkFolder)
        var writer = try ArtefactWriter(
            folder: "\(networkFolder)/\(version)", kind: SequenceRecommender.artefactKind,
            formatVersion: SequenceRecommender.artefactFormat, creator: "souk train", seed: artefact.manifest.seed)
        try writer.add("\(SequenceRecommender.name).columns", model.columns().encoded())
        try writer.add("card.md", try artefact.read("card.md"))
        var metrics = artefact.manifest.metrics
        if let measure {
            try writer.add(TrainingMeasure.file, measure.encoded)
            metrics[TrainingMeasure.metric] = measure.mean
        }
        var inputs = artefact.manifest.inputs
        (inputs["weights"], inputs["network"]) = (weights, artefact.manifest.kind)
        _ = try writer.finish(metrics: metrics, inputs: inputs)
        return TrainedModel(name: SequenceRecommender.artefactKind, version: version)
    }

    /// How well the network that chose the epochs told first baskets that it had not learned, beside the one in service if that had not
    /// either; `nil` if it is gone, or nobody bought since.
    private func networkMeasure(_ network: NetworkArtefact, _ set: TrainingSet) throws -> TrainingMeasure? {
        guard let path = network.choosingFolder, FileSystem.exists(path) else { return nil }
        let choosing = try NetworkArtefact(try Artefact(folder: path, verify: .checksums), shop: config.shop)
        let model = try SequenceRecommender(try shopNetwork(choosing))
        var served: (name: String, until: Timestamp, model: any Recommender)?
        if let name = try PublicationStore(folder: folder).current()?.models[SequenceRecommender.artefactKind] {
            let path = "\(folder.path)/\(name)"
            let manifest = try Artefact(folder: path, verify: .sizes).manifest
            if let until = manifest.inputs["until"].flatMap({ Timestamp(iso8601: $0) }) {
                served = (name, until, try SequenceRecommender(artefact: path))
            }
        }
        return TrainingMeasure(set, of: model, from: choosing.until, newAlone: network.tellsNew, beside: served)
    }

    /// Which network is published: the newest, unless it was measured to be worse than the one in service.
    ///
    /// - Returns: Its place, and what was found worse and is published all the same.
    func chooseNetwork(
        _ candidate: String?, served: String?, allowsWorse: Bool, _ note: (String) -> Void
    ) throws -> (name: String?, allowed: String?) {
        guard let candidate, let served, candidate != served, FileSystem.exists("\(folder.path)/\(served)") else {
            return (candidate, nil)
        }
        let verdict = PublishingGuard(
            candidate: try TrainingMeasure(folder: "\(folder.path)/\(candidate)"),
            served: try TrainingMeasure(folder: "\(folder.path)/\(served)"), name: served)
        guard case .worse = verdict.verdict else {
            note("\(candidate): \(verdict.words).")
            return (candidate, nil)
        }
        guard allowsWorse else {
            note("\(candidate) is not published: \(verdict.words). \(served) stays in service.")
            return (served, nil)
        }
        note("\(candidate): \(verdict.words). It is published all the same.")
        return (candidate, verdict.words)
    }

    /// How many people had been erased when a network learned; `nil` without one.
    func erasures(ofNetwork name: String?) throws -> Int? {
        try name.map { try Artefact(folder: "\(folder.path)/\($0)", verify: .sizes) }?
            .manifest.inputs["erasures"].flatMap { Int($0) }
    }
}
