internal import Evaluation
internal import Numerics
internal import Torch

/// Training of a purchase network by binary cross-entropy; the epoch with the least loss of the first question on held-out examples is the
/// best.
///
/// Examples may know the answers of some questions alone. The loss of a batch is the mean over the questions of the mean over the examples
/// that know the answer; a question that none of the batch knows adds zero.
final class PurchaseTask: TrainingTask {
    let model: any PurchaseNetwork
    let rule: any UpdateRule
    let fingerprint: String
    var shard = Shard.whole
    private let training: PurchaseInputs
    private let heldOut: PurchaseInputs?
    private let batch: Int
    private let seed: UInt64
    /// What the network's first logit is taught.
    private let question: Int
    /// Whether every example knows every answer.
    private let isComplete: Bool
    private var order: [Int]

    /// - Parameter name: The network's kind and sizes, for the fingerprint.
    /// - Parameter question: What a network of one question is taught; 0 for the purchase.
    init(
        _ model: any PurchaseNetwork, name: String, training: PurchaseInputs, heldOut: PurchaseInputs?,
        rule: any UpdateRule, batch: Int, seed: UInt64, question: Int = 0
    ) {
        (self.model, self.training, self.heldOut) = (model, training, heldOut)
        (self.rule, self.batch, self.seed, self.question) = (rule, batch, seed, question)
        order = Array(0..<training.count)
        isComplete = training.isComplete(question..<question + model.questionCount)
        precondition(heldOut?.isComplete(question..<question + 1) ?? true, "held-out examples know the first answer")
        fingerprint =
            "\(name) of \(model.parameters.count) numbers on \(training.count) examples "
            + "(\(training.checksum.text)), question \(question), \(batch) a step, \(rule)"
    }

    var parameters: Parameters { model.parameters }
    var batchCount: Int { (training.count + batch - 1) / batch }

    func begin(epoch: Int) throws {
        var random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        order = Array(0..<training.count).shuffled(using: &random)
    }

    func loss(ofBatch number: Int) throws -> Tensor {
        let all = chosen(number)
        let share = shard.share(ofBatch: all.count)
        let chosen = share.places.map { all[all.startIndex + $0] }
        let labels = chosen.flatMap { place in
            (0..<model.questionCount).map { training.labels[question + $0][place] ? 1 : 0 as Float }
        }
        let wanted = try Tensor(labels, shape: [chosen.count, model.questionCount], device: parameters.device)
        let batch = try training.batch(chosen, device: parameters.device)
        let logits = try model.logits(batch, isTraining: true)
        guard !isComplete else { return try share.part(ofMean: try Loss.binaryCrossEntropy(logits, wanted)) }
        let weights = try Tensor(
            weights(of: chosen, in: all, isEmpty: share.weight == 0), shape: wanted.shape, device: parameters.device)
        return try Loss.binaryCrossEntropy(logits, wanted, weights: weights)
    }

    /// What each answer of some examples counts, shape `[chosen, questions]`: 1 / (questions · examples of the whole batch that know it), or 0.
    /// With the whole batch as the measure, the losses of several processes add up to that of one.
    ///
    /// - Parameter isEmpty: Whether the examples only give gradients their shapes, and count nothing.
    private func weights(of chosen: [Int], in batch: ArraySlice<Int>, isEmpty: Bool) -> [Float] {
        let questions = question..<question + model.questionCount
        let each = questions.map { question -> Float in
            let count = batch.count { training.isKnown[question][$0] }
            return count == 0 || isEmpty ? 0 : 1 / Float(questions.count * count)
        }
        return chosen.flatMap { place in
            questions.map { training.isKnown[$0][place] ? each[$0 - question] : 0 }
        }
    }

    func validate() throws -> Validation? {
        guard let heldOut else { return nil }
        let chances = try model.chances(heldOut, device: parameters.device)
        let loss =
            ClassificationMetrics.logLoss(probabilities: chances, labels: heldOut.labels[question]) ?? .nan
        return Validation(loss: loss, score: -loss)
    }

    func layerNotFinite(inBatch number: Int) throws -> String? {
        let batch = try training.batch(chosen(number), device: parameters.device)
        return try model.steps(batch, isTraining: true).first { try !$0.value.isFinite() }?.name
    }

    private func chosen(_ number: Int) -> ArraySlice<Int> {
        order[number * batch..<min(order.count, (number + 1) * batch)]
    }
}
