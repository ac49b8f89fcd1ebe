internal import Encoders
internal import Foundation
internal import Numerics
internal import Torch
internal import VectorIndex

/// Training of a sentence encoder to tell a text's answer from the other texts of a batch and from near ones that are no answers
/// (in-batch contrast with log q: Yi et al., RecSys 2019; hard negatives: Karpukhin et al., EMNLP 2020).
final class ContrastTask: TrainingTask {
    struct Plan: Sendable, Hashable {
        /// Pairs a step, all of one kind; kinds take turns.
        var batch = 64
        /// Pairs an epoch.
        var pairs = 5120
        /// Near texts that are no answers, a pair; 0 for none.
        var hard = 1
        /// What a cosine is divided by.
        var temperature = 0.05
        /// Longer texts are cut off.
        var tokens = 48
        /// Which of the nearest by the weights at the start are drawn from: the very nearest often mean the same.
        var near = 10..<50
    }

    /// What a part's pairs are, by question and answer.
    private struct Pair {
        let question: Int
        let answer: Int
    }

    private struct Prepared {
        let part: TextPairs.Part
        let pairs: [Pair]
        let answers: [Set<Int>]
        let queries: [[Int32]]
        let heldOut: [[Int32]]
        /// Logarithm of a text's share of all pairs, smoothed; by text.
        let logShares: [Float]
        /// By question: near texts that are no answers.
        var near: [[Int32]]
    }

    let network: SentenceNetwork
    let rule: any UpdateRule
    let fingerprint: String
    /// Of a batch's pairs those that ask; all items answer in every process.
    var shard = Shard.whole
    private let plan: Plan
    private let seed: UInt64
    private let texts: [[Int32]]
    private var parts: [Prepared]
    private var orders: [[Int]] = []
    private var random: SeededGenerator

    /// - Throws: `badData` if no kind has something to learn from and something to measure on.
    init(
        _ network: SentenceNetwork, on data: TextPairs, tokenizer: WordPieceTokenizer, plan: Plan,
        rule: any UpdateRule, base: String, seed: UInt64
    ) throws {
        guard !data.parts.isEmpty else {
            throw NeuralError(
                .badData,
                "Nothing to learn from: no kind of pairs has some to train on and some to measure on. Wait for more events."
            )
        }
        (self.network, self.plan, self.rule, self.seed) = (network, plan, rule, seed)
        let limit = min(plan.tokens, network.shape.positions)
        func tokens(_ text: String) -> [Int32] { tokenizer.tokens(of: text, limit: limit) }
        texts = data.texts.map(tokens)
        parts = data.parts.map { part in
            let pairs = part.training.enumerated().flatMap { number, question in
                question.answers.map { Pair(question: number, answer: $0) }
            }
            var counts = [Float](repeating: 1, count: data.texts.count)
            for pair in pairs { counts[pair.answer] += 1 }
            let total = Float(pairs.count + data.texts.count)
            return Prepared(
                part: part, pairs: pairs, answers: part.training.map { Set($0.answers) },
                queries: part.training.map { tokens($0.query) }, heldOut: part.heldOut.map { tokens($0.query) },
                logShares: counts.map { log($0 / total) }, near: [])
        }
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: 0))
        let kinds = data.parts.map { "\($0.pairCount) of \($0.kind.rawValue)" }.joined(separator: ", ")
        fingerprint =
            "sentence encoder \(base), \(network.parameters.count) numbers learned, on pairs: \(kinds) "
            + "(\(data.checksum.text)), \(plan.batch) of \(plan.pairs) a step, \(plan.hard) hard, "
            + "temperature \(plan.temperature), \(plan.tokens) tokens, \(rule)"
        guard plan.hard > 0 else { return }
        try Runtime.withoutGradients { try findNear() }
    }

    var parameters: Parameters { network.parameters }
    var batchCount: Int { max(parts.count, plan.pairs / plan.batch) }

    func begin(epoch: Int) throws {
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        orders = parts.map { $0.pairs.indices.shuffled(using: &random) }
    }

    /// The part that a batch is of, and its pairs.
    private func pairs(ofBatch number: Int) -> (Prepared, [Pair]) {
        let (place, turn) = (number % parts.count, number / parts.count)
        let order = orders[place]
        let count = min(plan.batch, order.count)
        return (parts[place], (0..<count).map { parts[place].pairs[order[(turn * plan.batch + $0) % order.count]] })
    }

    func loss(ofBatch number: Int) throws -> Tensor {
        let (prepared, pairs) = pairs(ofBatch: number)
        let count = pairs.count
        let others = pairs.flatMap { pair in
            (0..<plan.hard).compactMap { _ in prepared.near[pair.question].randomElement(using: &random).map { Int($0) }
            }
        }
        let share = shard.share(ofBatch: count)
        let asking = Set(share.places)
        let own = share.places.map { pairs[$0] }
        // The answers of the pairs that ask stand first.
        let rest = (0..<count).filter { !asking.contains($0) }.map { pairs[$0].answer }
        let items = own.map(\.answer) + rest + others
        var hits = [Bool](repeating: false, count: own.count * items.count)
        for (row, pair) in own.enumerated() {
            let (answers, asked) = (prepared.answers[pair.question], prepared.part.training[pair.question].own)
            for (column, item) in items.enumerated() where column != row {
                hits[row * items.count + column] = item == asked || answers.contains(item)
            }
        }
        let device = parameters.device
        let vectors = try network.vectors(
            of: own.map { prepared.queries[$0.question] } + items.map { texts[$0] }, isTraining: true)
        let loss = try Loss.inBatchContrast(
            queries: try vectors.slice(axis: 0, 0..<own.count),
            items: try vectors.slice(axis: 0, own.count..<own.count + items.count),
            logProbabilities: try Tensor(
                items.map { prepared.logShares[$0] }, shape: [items.count], device: device),
            hits: try Tensor(hits, shape: [own.count, items.count], device: device), temperature: plan.temperature)
        return try share.part(ofMean: loss)
    }

    func layerNotFinite(inBatch number: Int) throws -> String? {
        let (prepared, pairs) = pairs(ofBatch: number)
        return try network.firstNotFinite(pairs.flatMap { [prepared.queries[$0.question], texts[$0.answer]] })
    }

    func validate() throws -> Validation? {
        let measured = try measure()
        let count = Double(measured.count)
        return Validation(
            loss: measured.reduce(0) { $0 + $1.loss } / count,
            score: measured.reduce(0) { $0 + $1.scores.meanReciprocalRank } / count)
    }

    /// How well held-out questions of each kind find their answers among all texts, and the mean of −log of the share that the
    /// answers have of the softmax over all texts.
    func measure() throws -> [(scores: RetrievalScores, loss: Double)] {
        try Runtime.withoutGradients {
            let all = try network.vectors(of: texts, isTraining: false)
            var columns = VectorColumns(width: network.shape.width)
            columns.append(try all.floats())
            return try parts.map { prepared in
                let queries = try network.vectors(of: prepared.heldOut, isTraining: false)
                let scores = RetrievalScores(
                    prepared.part.kind, prepared.part.heldOut, queries: try queries.floats(), texts: columns)
                return (scores, try likelihood(queries, all, prepared.part.heldOut))
            }
        }
    }

    /// The ten texts nearest to each, itself left out.
    func neighbours() throws -> [[Int]] {
        try Runtime.withoutGradients {
            let all = try network.vectors(of: texts, isTraining: false).floats()
            return nearest(all, all, RetrievalScores.cutoff + 1).enumerated().map { place, found in
                Array(found.filter { $0 != place }.prefix(RetrievalScores.cutoff))
            }
        }
    }

    private func nearest(_ queries: [Float], _ texts: [Float], _ count: Int) -> [[Int]] {
        let width = network.shape.width
        var columns = VectorColumns(width: width)
        columns.append(texts)
        return stride(from: 0, to: queries.count, by: width).map { start in
            columns.nearest(Array(queries[start..<start + width]), count: count).map(\.place)
        }
    }

    private func findNear() throws {
        let all = try network.vectors(of: texts, isTraining: false).floats()
        for place in parts.indices {
            let prepared = parts[place]
            let queries = try network.vectors(of: prepared.queries, isTraining: false).floats()
            parts[place].near = nearest(queries, all, plan.near.upperBound).enumerated().map { number, found in
                let own = prepared.part.training[number].own
                let behind = min(plan.near.lowerBound, found.count / 2)
                return found.dropFirst(behind).filter { $0 != own && !prepared.answers[number].contains($0) }
                    .map { Int32($0) }
            }
        }
    }

    private func likelihood(_ queries: Tensor, _ texts: Tensor, _ questions: [TextPairs.Question]) throws -> Double {
        let (part, count) = (128, texts.shape[0])
        var sum = 0.0
        for start in stride(from: 0, to: questions.count, by: part) {
            let range = start..<min(questions.count, start + part)
            var isOther = [Bool](repeating: true, count: range.count * count)
            for (row, number) in range.enumerated() {
                for answer in questions[number].answers { isOther[row * count + answer] = false }
            }
            let logits =
                try (try queries.slice(axis: 0, range).matmul(try texts.transposed(0, 1)))
                * (1 / plan.temperature)
            let others = try Tensor(isOther, shape: [range.count, count], device: parameters.device)
            let answers = try logits.masked(by: others, with: -.infinity).logSumExp()
            sum += try (try logits.logSumExp() - answers).sum().item()
        }
        return sum / Double(max(1, questions.count))
    }
}
