internal import Foundation
internal import JSON
internal import Storage
internal import Torch

/// A run between two epochs, in one safetensors file: all that is needed to go on as if it had not stopped.
///
/// Tensors are `model/…`, `best/…`, `average/…` and `optimiser/…`; the epochs so far are JSON in the metadata.
struct Checkpoint {
    static let format = "souk-checkpoint-1"

    var fingerprint: String
    var step: Int
    var history: [EpochRecord]
    var tensors: [(name: String, tensor: Tensor)]

    var encoded: [UInt8] {
        get throws {
            var writer = SafetensorsWriter()
            writer.metadata = [
                "format": Self.format, "fingerprint": fingerprint, "step": String(step),
                "history": String(decoding: JSONValue.array(history.map(\.json)).encoded, as: UTF8.self),
            ]
            for (name, tensor) in tensors { writer.add(name, try tensor.floats(), shape: tensor.shape) }
            return writer.encoded()
        }
    }

    /// Reads a checkpoint into `tensors`, which have the names and shapes of the run.
    ///
    /// - Throws: `otherRun` for another fingerprint, `damaged` for what is no checkpoint; nothing is changed then.
    static func load(
        _ path: String, fingerprint: String, into tensors: [(name: String, tensor: Tensor)]
    ) throws -> (step: Int, history: [EpochRecord]) {
        let file = try SafetensorsFile(path: path)
        guard file.metadata["format"] == format, let step = file.metadata["step"].flatMap({ Int($0) }),
            let text = file.metadata["history"], let list = try JSONValue(parsing: text).arrayValue
        else { throw NeuralError(.damaged, "\(path) is no checkpoint of this version. Train without --resume.") }
        guard file.metadata["fingerprint"] == fingerprint else {
            throw NeuralError(
                .otherRun,
                "\(path) is of another run: \(file.metadata["fingerprint"] ?? "unknown"), not \(fingerprint). "
                    + "Give the same options, or train without --resume.")
        }
        let history = list.compactMap { EpochRecord($0) }
        guard history.count == list.count, !history.isEmpty else {
            throw NeuralError(.damaged, "\(path): its epochs cannot be read. Train without --resume.")
        }
        // All is read before anything is changed.
        let values = try tensors.map { try file.floats($0.name, shape: $0.tensor.shape) }
        try Runtime.withoutGradients {
            for (entry, numbers) in zip(tensors, values) {
                try entry.tensor.copy(from: try Tensor(numbers, shape: entry.tensor.shape))
            }
        }
        return (step, history)
    }
}
