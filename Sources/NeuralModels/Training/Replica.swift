internal import Collective
internal import JSON
internal import Torch

/// One of several equal copies of a run, each in a process of its own that computes a shard of every batch.
///
/// The gradients of all are added up in each step, so that the copies stay equal. Rank 0 has the checkpoint and measures; the others
/// take over from it at the beginning of each epoch.
final class Replica {
    private let group: ProcessGroup
    private let parameters: Parameters
    /// Time spent with the others since it was last asked for, waiting for them included.
    private var spent: Duration = .zero

    init(_ group: ProcessGroup, _ task: any TrainingTask) {
        (self.group, parameters) = (group, task.parameters)
        task.shard = Shard(rank: group.rank, count: group.count)
    }

    var isFirst: Bool { group.isFirst }
    var rank: Int { group.rank }

    /// Refuses processes that train something else.
    ///
    /// - Throws: `otherRun`, at all processes.
    func agree(on fingerprint: String) throws {
        let all = try group.gather(fingerprint)
        guard let other = all.indices.first(where: { all[$0] != all[0] }) else { return }
        throw NeuralError(
            .otherRun,
            "Rank \(other) trains something else than rank 0: \(all[other]), not \(all[0]). Give all processes the same data and "
                + "options, and the same version of this program.")
    }

    /// Takes over from rank 0 what a checkpoint holds.
    ///
    /// - Parameter tensors: Changed in place, in the same order everywhere.
    /// - Returns: Rank 0's step and epochs.
    func takeOver(
        step: Int, history: [EpochRecord], tensors: [Tensor]
    ) throws -> (step: Int, history: [EpochRecord]) {
        let own = JSONValue.object([
            .init("step", .integer(Int64(step))), .init("history", .array(history.map(\.json))),
        ])
        let text = try group.broadcast(String(decoding: own.encoded, as: UTF8.self))
        try Runtime.withoutGradients {
            for tensor in tensors { try tensor.withFloats { try group.broadcast(&$0) } }
        }
        guard !isFirst else { return (step, history) }
        let json = try JSONValue(parsing: text)
        guard let step = json["step"]?.integerValue, let list = json["history"]?.arrayValue else {
            throw NeuralError(.damaged, "What rank 0 sent of its run cannot be read: is it of another version?")
        }
        return (Int(step), list.compactMap { EpochRecord($0) })
    }

    /// Replaces the gradients of all processes by their sums.
    ///
    /// - Parameter loss: The process's part of the batch's loss. If it is not finite, the gradients are left as they are.
    /// - Returns: The loss of the whole batch, which is the same everywhere.
    func addGradients(loss: Double) throws -> Double {
        try Runtime.withoutGradients {
            let entries = parameters.learned
            let gradients = try entries.map { loss.isFinite ? try $0.tensor.gradient() : nil }
            var parts: [Tensor] = []
            for (entry, gradient) in zip(entries, gradients) {
                parts.append(try (try gradient ?? entry.tensor.zeros()).reshaped([-1]))
            }
            parts.append(try Tensor([Float(loss)], shape: [1], device: parameters.device))
            let flat = try Tensor.joined(parts, axis: 0)
            try timed { try flat.withFloats { try group.sum(&$0) } }
            let count = flat.count
            let total = try flat.slice(axis: 0, count - 1..<count).item()
            guard total.isFinite else { return total }
            var start = 0
            for (entry, gradient) in zip(entries, gradients) {
                let end = start + entry.tensor.count
                if let gradient {
                    try gradient.copy(from: try flat.slice(axis: 0, start..<end).reshaped(entry.tensor.shape))
                }
                start = end
            }
            return total
        }
    }

    /// Replaces each number by its mean over the processes: of what no gradient changes, such as running means.
    func average(_ tensors: [Tensor]) throws {
        try Runtime.withoutGradients {
            for tensor in tensors {
                try timed { try tensor.withFloats { try group.sum(&$0) } }
                try tensor.scale(by: 1 / Double(group.count))
            }
        }
    }

    /// What the first process that has something to tell says; all are asked.
    func first(_ text: String?) throws -> (rank: Int, text: String)? {
        let all = try group.gather(text ?? "")
        return all.indices.first { !all[$0].isEmpty }.map { (rank: $0, text: all[$0]) }
    }

    /// Seconds since the last call that went by in steps' exchanges.
    func takeSeconds() -> Double {
        defer { spent = .zero }
        return Double(spent.components.seconds) + Double(spent.components.attoseconds) * 1e-18
    }

    private func timed<Result>(_ body: () throws -> Result) rethrows -> Result {
        let start = ContinuousClock.now
        defer { spent += ContinuousClock.now - start }
        return try body()
    }
}
