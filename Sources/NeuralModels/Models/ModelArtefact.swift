internal import Foundation
internal import JSON
internal import Storage
internal import Torch

/// A trained model's folder: weights, figures, epochs and a model card, under a manifest.
enum ModelArtefact {
    static let formatVersion = 1
    static let creator = "souk-train 0.1.0"

    /// What goes into the folder beside the weights.
    struct Content {
        let kind: String
        let seed: UInt64
        let inputs: [String: String]
        let metrics: [String: Double]
        let figures: JSONValue
        let card: String
        var weightsFile = "weights.safetensors"
        /// What else the model needs, by name.
        var files: [(name: String, bytes: [UInt8])] = []
    }

    /// Writes a folder with the tensors of a model as they are.
    static func write(
        _ content: Content, parameters: Parameters, outcome: Trainer.Outcome, parent: String
    ) throws -> String {
        let tensors = (parameters.entries + parameters.frozen).map { (name: $0.name, tensor: $0.tensor) }
        return try write(content, tensors: tensors, outcome: outcome, parent: parent)
    }

    /// Writes the folder `parent/V`, V being the next free number, and gives its path.
    static func write(
        _ content: Content, tensors: [(name: String, tensor: Tensor)], outcome: Trainer.Outcome, parent: String
    ) throws -> String {
        let taken = try FileSystem.names(in: parent).compactMap { Int($0) }.max() ?? 0
        let folder = "\(parent)/\(taken + 1)"
        var writer = try ArtefactWriter(
            folder: folder, kind: content.kind, formatVersion: formatVersion, creator: creator, seed: content.seed)
        var weights = SafetensorsWriter()
        weights.metadata = ["kind": content.kind]
        for (name, tensor) in tensors { weights.add(name, try tensor.floats(), shape: tensor.shape) }
        try writer.add(content.weightsFile, weights.encoded())
        try writer.add("metrics.json", content.figures.encoded + [0x0A])
        try writer.add("log.csv", Array(EpochRecord.csv(outcome.history).utf8))
        try writer.add("card.md", Array(content.card.utf8))
        for (name, bytes) in content.files { try writer.add(name, bytes) }
        return try writer.finish(metrics: content.metrics, inputs: content.inputs).folder
    }

    /// Copies weights from a folder that `write` made into a model of the same shapes.
    static func load(_ folder: String, kind: String, into parameters: Parameters) throws {
        let artefact = try Artefact.open(
            folder: folder, kind: kind, formatVersion: formatVersion, verify: .checksums)
        let file = try SafetensorsFile(path: try artefact.path(of: "weights.safetensors"))
        let values = try parameters.entries.map { try file.floats($0.name, shape: $0.tensor.shape) }
        try Runtime.withoutGradients {
            for (entry, numbers) in zip(parameters.entries, values) {
                try entry.tensor.copy(from: try Tensor(numbers, shape: entry.tensor.shape))
            }
        }
    }
}
