public import Collective
internal import Foundation
internal import Storage
internal import Torch

/// The training loop: epochs of steps, validation, checkpoints, early stopping, and a stop with a name on NaN.
///
/// After `run` the model holds the weights of its best epoch. The same seed, data and number of threads give the same
/// weights, whether the run was stopped and resumed between or not.
///
/// Several processes can train together, see `Replica`: then the same number of them gives the same weights.
public final class Trainer {
    /// What a run tells while it goes on.
    public enum Event: Sendable {
        /// Goes on behind the epoch with this number.
        case resumed(epoch: Int)
        /// Steps made before the first one of this call, of all steps; comes once, before the first epoch.
        case begun(at: Int, of: Int)
        /// Steps done of all steps, and the loss of the last.
        case step(Int, of: Int, loss: Double)
        case epoch(EpochRecord, isBest: Bool)
    }

    public struct Outcome: Sendable {
        public let history: [EpochRecord]
        /// The epoch whose weights were kept, from 1.
        public let bestEpoch: Int
        public let stoppedEarly: Bool
        /// What the weights depend on, in words.
        public let settings: String
    }

    private let task: any TrainingTask
    private let settings: TrainingSettings
    private let folder: String
    private let write: ([UInt8], String) throws -> Void
    private let optimiser: Optimiser
    private let average: WeightAverage?
    private let replica: Replica?
    private let best: [Tensor]
    private var history: [EpochRecord] = []
    private var bestEpoch = 0

    /// - Parameter folder: Where `checkpoint.safetensors` and `log.csv` are kept, rewritten after each epoch.
    /// - Parameter group: The processes that train together, each with the same task and settings; `nil` for this one alone.
    ///   Rank 0 alone measures, writes and reports.
    /// - Parameter write: Writes a file in one step; a failure leaves the earlier one in place.
    public init(
        _ task: any TrainingTask, _ settings: TrainingSettings, folder: String, group: ProcessGroup? = nil,
        write: (([UInt8], String) throws -> Void)? = nil
    ) throws {
        (self.task, self.settings, self.folder, self.write) = (
            task, settings, folder, write ?? { try AtomicFile.write($0, to: $1) }
        )
        replica = group.map { Replica($0, task) }
        optimiser = try Optimiser(task.parameters, rule: task.rule, penalty: settings.penalty)
        average = settings.averaging > 0 ? try WeightAverage(task.parameters, decay: settings.averaging) : nil
        best = try task.parameters.entries.map { try $0.tensor.copied() }
    }

    private var isFirst: Bool { replica?.isFirst ?? true }
    private var lastEpoch: Int { min(settings.epochs, settings.lastEpoch ?? settings.epochs) }

    public var checkpointPath: String { folder + "/checkpoint.safetensors" }

    /// Trains to the last epoch, or until patience ends.
    ///
    /// - Parameter resume: Goes on from the folder's checkpoint if there is one.
    /// - Throws: `diverged`; `otherRun`; `lost` if a process of the group ended or cannot be reached.
    public func run(resume: Bool, report: (Event) -> Void) throws -> Outcome {
        do {
            try replica?.agree(on: fingerprint)
            if isFirst { try FileSystem.makeFolder(folder) }
            if resume, isFirst, FileSystem.exists(checkpointPath) { try restore(report) }
            report(.begun(at: optimiser.step, of: lastEpoch * task.batchCount))
            while try goesOn() { try trainEpoch(report) }
        } catch let error as CollectiveError {
            throw NeuralError(
                .lost, "Epoch \(history.count + 1): \(error) \(kept) Start all processes again, with --resume.")
        }
        try adoptBest()
        return Outcome(
            history: history, bestEpoch: bestEpoch, stoppedEarly: history.count < settings.epochs,
            settings: fingerprint)
    }

    /// Whether another epoch follows: rank 0 knows, and the others take over all that it knows.
    private func goesOn() throws -> Bool {
        if let replica {
            let first = try replica.takeOver(step: optimiser.step, history: history, tensors: tensors.map(\.tensor))
            adopt(step: first.step, history: first.history)
        }
        return history.count < lastEpoch && (history.count - bestEpoch < settings.patience || history.isEmpty)
    }

    private func trainEpoch(_ report: (Event) -> Void) throws {
        let epoch = history.count
        let start = ContinuousClock.now
        // Each process drops other numbers.
        let own = settings.seed &+ UInt64(replica?.rank ?? 0) &* 0xA076_1D64_78BD_642F
        try task.parameters.random.seed(Self.seed(own, epoch: epoch))
        try task.begin(epoch: epoch)
        let total = settings.epochs * task.batchCount
        var (sum, rate) = (0.0, 0.0)
        for batch in 0..<task.batchCount {
            rate = settings.rate * settings.schedule.factor(step: optimiser.step, total: total)
            let loss = try trainStep(batch, rate: rate, epoch: epoch)
            sum += loss
            report(.step(optimiser.step, of: lastEpoch * task.batchCount, loss: loss))
        }
        try replica?.average(statistics)
        guard isFirst else { return }
        let validation = try measured { try task.validate() }
        guard validation?.loss.isFinite != false else {
            throw try diverged(epoch, task.batchCount - 1, "validation loss")
        }
        let spent = (ContinuousClock.now - start).components
        let record = EpochRecord(
            epoch: epoch + 1, seconds: Double(spent.seconds) + Double(spent.attoseconds) * 1e-18, rate: rate,
            trainingLoss: sum / Double(max(1, task.batchCount)), validation: validation,
            exchangeSeconds: replica?.takeSeconds())
        let isBest = validation.map { Self.isBetter($0, than: history) } ?? true
        history.append(record)
        if isBest {
            bestEpoch = record.epoch
            try measured {
                for (copy, entry) in zip(best, task.parameters.entries) { try copy.copy(from: entry.tensor) }
            }
        }
        try save()
        report(.epoch(record, isBest: isBest))
    }

    private func trainStep(_ batch: Int, rate: Double, epoch: Int) throws -> Double {
        try task.parameters.clearGradients()
        let loss = try task.loss(ofBatch: batch)
        var value = try loss.item()
        if value.isFinite { try loss.backward() }
        if let replica { value = try replica.addGradients(loss: value) }
        guard value.isFinite else { throw try diverged(epoch, batch, "loss", together: true) }
        if let clip = settings.clip {
            guard try task.parameters.clipGradients(toNorm: clip).isFinite else {
                throw try diverged(epoch, batch, "gradient", together: true)
            }
        }
        try optimiser.step(rate: rate)
        try average?.update(step: optimiser.step)
        return value
    }

    private func measured<Result>(_ body: () throws -> Result) throws -> Result {
        try Runtime.withoutGradients { try average?.inPlace(body) ?? body() }
    }

    /// What is left of the run when it fails; other ranks do not see the folder of rank 0.
    private var kept: String {
        (FileSystem.exists(checkpointPath) || !isFirst) && !history.isEmpty
            ? "The checkpoint of epoch \(history.count) is kept: \(checkpointPath)." : "No epoch was finished before."
    }

    /// An error that names the layer, the step and what is left of the run.
    ///
    /// - Parameter together: Whether all processes have come to it: then the first that finds a layer names it.
    private func diverged(
        _ epoch: Int, _ batch: Int, _ what: String, together: Bool = false
    ) throws -> NeuralError {
        var layer = try Runtime.withoutGradients {
            try task.parameters.firstNotFinite() ?? task.layerNotFinite(inBatch: batch)
        }
        if together, let replica { layer = try replica.first(layer).map { "\($0.text) at rank \($0.rank)" } }
        return NeuralError(
            .diverged,
            "Epoch \(epoch + 1), batch \(batch + 1): the \(what) is no finite number; the first layer with NaN or infinity "
                + "is \(layer ?? "the loss itself"). \(kept) Lower the learning rate or clip the gradients.")
    }

    /// Every tensor of the run by its name in the checkpoint.
    private var tensors: [(name: String, tensor: Tensor)] {
        let names = task.parameters.entries.map(\.name)
        let parts: [(String, [(name: String, tensor: Tensor)])] = [
            ("model/", task.parameters.entries.map { (name: $0.name, tensor: $0.tensor) }),
            ("best/", zip(names, best).map { (name: $0, tensor: $1) }),
            ("average/", average?.state ?? []), ("optimiser/", optimiser.state),
        ]
        return parts.flatMap { prefix, list in list.map { (name: prefix + $0.name, tensor: $0.tensor) } }
    }

    /// What a process learns of its own examples without gradients, such as running means, and the averages of it.
    private var statistics: [Tensor] {
        task.parameters.entries.enumerated().filter { !$0.element.isLearned }.flatMap { place, entry in
            [entry.tensor] + (average.map { [$0.averages[place]] } ?? [])
        }
    }

    private func save() throws {
        let checkpoint = Checkpoint(
            fingerprint: fingerprint, step: optimiser.step, history: history, tensors: tensors)
        try write(try checkpoint.encoded, checkpointPath)
        try write(Array(EpochRecord.csv(history).utf8), folder + "/log.csv")
    }

    private func restore(_ report: (Event) -> Void) throws {
        let loaded = try Checkpoint.load(checkpointPath, fingerprint: fingerprint, into: tensors)
        adopt(step: loaded.step, history: loaded.history)
        report(.resumed(epoch: history.count))
    }

    private func adopt(step: Int, history: [EpochRecord]) {
        self.history = history
        bestEpoch =
            history.indices.last { place in
                history[place].validation.map { Self.isBetter($0, than: history[..<place]) } ?? true
            }.map { $0 + 1 } ?? 0
        optimiser.resume(atStep: step)
    }

    private static func isBetter(_ validation: Validation, than earlier: some Sequence<EpochRecord>) -> Bool {
        earlier.allSatisfy { ($0.validation?.score ?? -.infinity) < validation.score }
    }

    private func adoptBest() throws {
        guard bestEpoch > 0 else { return }
        try Runtime.withoutGradients {
            for (copy, entry) in zip(best, task.parameters.entries) { try entry.tensor.copy(from: copy) }
        }
    }

    /// What the weights depend on beside the task; what is not used is not named.
    private var fingerprint: String {
        let penalty = settings.penalty
        return "\(task.fingerprint), \(settings.epochs) epochs, rate \(settings.rate), \(settings.schedule), "
            + (settings.clip.map { "gradients up to \($0), " } ?? "")
            + (penalty == Optimiser.Penalty() ? "" : "penalties \(penalty.l1) and \(penalty.l2), ")
            + "seed \(settings.seed), \(settings.lastEpoch.map { "up to epoch \($0), " } ?? "")averaging \(settings.averaging)"
    }

    /// A seed for each epoch, so that a resumed run draws as an uninterrupted one does.
    static func seed(_ seed: UInt64, epoch: Int) -> UInt64 {
        (seed &+ UInt64(epoch) &* 0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03
    }
}
