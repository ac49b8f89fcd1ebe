import Domain
import Encoders
import Evaluation
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

        /// - Throws: `unusable` for a folder that no training of this shop wrote, or that holds another kind of network.
        init(_ artefact: Artefact, as role: NetworkRole, shop: ShopID) throws(LearningError) {
            let inputs = artefact.manifest.inputs
            guard role.trainers.contains(artefact.manifest.kind), inputs["shop"] == shop.rawValue,
                let until = inputs["until"].flatMap({ Timestamp(iso8601: $0) }),
                let erasures = inputs["erasures"].flatMap({ Int($0) })
            else {
                throw LearningError(
                    .unusable,
                    "\(artefact.folder) holds no network of the shop \(shop) for `\(role.kind)`: train one with "
                        + "`souk-train \(role.usualTrainer) --shop DIR`."
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

    private static let (countsFile, weightsFile) = ("counts.txt", "weights.safetensors")

    /// The folders of the shop's networks in one role, below `models/`.
    func networkFolder(_ role: NetworkRole) -> String { "\(folder.modelsFolder)/\(role.kind)" }

    /// Refuses a network that learned from somebody who was erased since.
    private func checkErasures(_ network: NetworkArtefact) throws {
        guard network.erasures == (try store.erasureCount()) else {
            throw LearningError(
                .unusable,
                "\(network.artefact.folder) learned from people of whom one was erased since. Train it again, so that it forgets them."
            )
        }
    }

    /// The network that is meant, if there is one.
    ///
    /// - Parameter before: It may have learned from nothing at or after this moment; `nil` for any.
    /// - Parameter includesChoosing: Whether networks that only chose the number of epochs count, which learned from less.
    /// - Returns: The one that learned from most; of several the newest.
    /// - Throws: `unusable` for a named folder that cannot be taken.
    func network(
        _ choice: NetworkChoice, as role: NetworkRole = .sequence, before: Timestamp?, includesChoosing: Bool = false
    ) throws -> NetworkArtefact? {
        switch choice {
        case .none: return nil
        case .folder(let path):
            let found = try NetworkArtefact(
                try Artefact(folder: path, verify: .checksums), as: role, shop: config.shop)
            if let before, found.until > before {
                throw LearningError(
                    .unusable,
                    "\(path) learned from events until \(found.until), which lie after \(before): the figures would be worthless."
                )
            }
            return found
        case .newest(let parent):
            let folders = role.folders(below: parent, shop: config.shop)
                .flatMap { includesChoosing ? [$0, $0 + "/choosing"] : [$0] }
            let found = try folders.flatMap { parent in
                try versions(in: parent).compactMap { version in
                    // What else lies there, and what was written for another shop, is passed over.
                    try? NetworkArtefact(  // See above.
                        try Artefact(folder: "\(parent)/\(version)", verify: .sizes), as: role, shop: config.shop)
                }
            }.filter { role.serves($0.artefact.manifest) }
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
        try checkErasures(network)
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

    /// A network of purchases.
    ///
    /// - Throws: `unusable` for one that learned from somebody who was erased since; `EncoderError` or `StorageError` for one that is not
    ///   served, or damaged.
    func purchaseNetwork(_ network: NetworkArtefact) throws -> PurchaseScorer {
        try checkErasures(network)
        return try PurchaseScorer(PurchaseEncoder(network.artefact))
    }

    /// Takes networks into the shop, for `publish` to name, unless the newest ones there are the same.
    ///
    /// - Parameter set: What models learn from: a network of histories is measured on what the one that chose its epochs had not learned.
    /// - Parameter note: Told of a network that is passed over, for it learned from somebody who was erased since.
    func takeNetworks(
        _ choice: NetworkChoice, before: Timestamp?, _ set: TrainingSet, note: (String) -> Void
    ) throws -> [TrainedModel] {
        var roles = NetworkRole.allCases
        if case .folder(let path) = choice {
            let kind = try Artefact(folder: path, verify: .sizes).manifest.kind
            // A folder of neither is refused as one of the first.
            roles = [roles.first { $0.trainers.contains(kind) } ?? roles[0]]
        }
        return try roles.compactMap { role in
            guard let network = try network(choice, as: role, before: before) else { return nil }
            if case .newest = choice, network.erasures != (try store.erasureCount()) {
                note(
                    "\(network.artefact.folder) is not taken: it learned from somebody who was erased since. Train it again with "
                        + "souk-train.")
                return nil
            }
            return try take(network, as: role, set)
        }
    }

    private func take(_ network: NetworkArtefact, as role: NetworkRole, _ set: TrainingSet) throws -> TrainedModel? {
        try checkErasures(network)
        let (artefact, parent) = (network.artefact, networkFolder(role))
        let weights = artefact.manifest.files[Self.weightsFile]?.sha256 ?? ""
        if let newest = try versions(in: parent).last,
            try Artefact(folder: "\(parent)/\(newest)", verify: .sizes).manifest.inputs["weights"] == weights
        {
            return nil
        }
        let version = try nextVersion(in: parent)
        var (files, metrics, inputs) = (
            [(String, [UInt8])](), artefact.manifest.metrics, artefact.manifest.inputs
        )
        inputs["weights"] = weights
        switch role {
        case .sequence:
            let model = try SequenceRecommender(try shopNetwork(network))
            files.append(("\(SequenceRecommender.name).columns", model.columns().encoded()))
            if let measure = try networkMeasure(network, set) {
                files.append((TrainingMeasure.file, measure.encoded))
                metrics[TrainingMeasure.metric] = measure.mean
            }
            inputs["network"] = artefact.manifest.kind
        case .purchase:
            _ = try purchaseNetwork(network)
            for name in [PurchaseEncoder.scalingFile, PurchaseEncoder.weightsFile, MeasuredCases.file]
            where artefact.manifest.files[name] != nil { files.append((name, try artefact.read(name))) }
        }
        try FileSystem.makeFolder(parent)
        var writer = try ArtefactWriter(
            folder: "\(parent)/\(version)", kind: role.kind, formatVersion: role.format, creator: "souk train",
            seed: artefact.manifest.seed)
        for (name, bytes) in files { try writer.add(name, bytes) }
        try writer.add("card.md", try artefact.read("card.md"))
        _ = try writer.finish(metrics: metrics, inputs: inputs)
        return TrainedModel(name: role.kind, version: version)
    }

    /// How well the network that chose the epochs told first baskets that it had not learned, beside the one in service if that had not
    /// either; `nil` if it is gone, or nobody bought since.
    private func networkMeasure(_ network: NetworkArtefact, _ set: TrainingSet) throws -> TrainingMeasure? {
        guard let path = network.choosingFolder, FileSystem.exists(path) else { return nil }
        let choosing = try NetworkArtefact(
            try Artefact(folder: path, verify: .checksums), as: .sequence, shop: config.shop)
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
}
