internal import Evaluation
internal import Numerics
internal import Torch

/// Ranks all known items for each question, and looks where those stand that came next.
struct NextItemRanking {
    private static let batch = 256
    private let network: any SequenceNetwork
    private let data: SequenceSet
    private let isKnown: [Bool]

    init(_ network: any SequenceNetwork, _ data: SequenceSet, known: [Int32]) throws {
        (self.network, self.data) = (network, data)
        var isKnown = [Bool](repeating: false, count: data.itemCount)
        for item in known { isKnown[Int(item)] = true }
        self.isKnown = isKnown
    }

    /// - Returns: The mean of −log softmax over all items, and NDCG@10; no number if a score is none.
    func measure(_ questions: [SequenceSet.Question]) throws -> (loss: Double, ndcg: Double) {
        let order = questions.indices.sorted {
            (questions[$0].history.count, $0) < (questions[$1].history.count, $1)
        }
        var (loss, gain) = (0.0, 0.0)
        for start in stride(from: 0, to: order.count, by: Self.batch) {
            let asked = order[start..<min(order.count, start + Self.batch)].map { questions[$0] }
            let numbers = try scores(of: asked).floats()
            let sums = TrainingKernels.logSums(numbers.span, width: data.itemCount)
            for (row, question) in asked.enumerated() {
                let scores = numbers.span.extracting(row * data.itemCount..<(row + 1) * data.itemCount)
                loss += question.targets.isEmpty ? 0 : sums[row] - Self.mean(of: question.targets, scores)
                let hits = best(question, scores).map { question.targets.contains($0) }
                gain +=
                    RankingMetrics.ndcg(
                        hits: hits, relevantCount: question.targetCount, at: SequenceEvaluation.cutoff) ?? 0
            }
        }
        let count = Double(max(1, order.count))
        return (loss / count, gain / count)
    }

    /// Shape `[questions, items]`.
    private func scores(of questions: [SequenceSet.Question]) throws -> Tensor {
        let ends = questions.map { network.question(after: $0.history) }
        let width = ends.reduce(1) { max($0, $1.count) }
        var inputs = [Int64](repeating: Int64(network.vocabulary.padding), count: questions.count * width)
        for (row, end) in ends.enumerated() {
            for (column, item) in end.enumerated() { inputs[row * width + column] = Int64(item) }
        }
        let device = network.parameters.device
        let states = try network.states(
            after: try Tensor(inputs, shape: [questions.count, width], device: device), isTraining: false)
        let last = ends.enumerated().map { Int64($0 * width + max(0, $1.count - 1)) }
        let rows = try states.reshaped([-1, states.shape[2]])
            .selected(try Tensor(last, shape: [last.count], device: device))
        return try rows.linear(weight: try network.outputs(of: nil), bias: nil)
    }

    private static func mean(of targets: [Int32], _ scores: Span<Float>) -> Double {
        targets.reduce(0) { $0 + Double(scores[Int($1)]) } / Double(targets.count)
    }

    /// The ten known items with the highest scores, ties by number; without the history's unless they are asked for again.
    private func best(_ question: SequenceSet.Question, _ scores: Span<Float>) -> [Int32] {
        let excluded = data.asksAgain ? [] : Set(question.history)
        let limit = SequenceEvaluation.cutoff
        var list: [Int32] = []
        for item in 0..<scores.count where isKnown[item] {
            if list.count == limit, scores[item] <= scores[Int(list[limit - 1])] { continue }
            guard !excluded.contains(Int32(item)) else { continue }
            let place = list.firstIndex { scores[Int($0)] < scores[item] } ?? list.count
            list.insert(Int32(item), at: place)
            if list.count > limit { list.removeLast() }
        }
        return list
    }
}
