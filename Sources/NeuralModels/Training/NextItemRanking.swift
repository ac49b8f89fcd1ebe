internal import Evaluation
internal import Foundation
internal import Torch

/// Ranks all known items that a person does not have, and finds the place of the one that came next.
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
    func measure(_ targets: [Int32]) throws -> (loss: Double, ndcg: Double) {
        let order = data.histories.indices.sorted {
            (data.histories[$0].count, $0) < (data.histories[$1].count, $1)
        }
        var (loss, gain) = (0.0, 0.0)
        for start in stride(from: 0, to: order.count, by: Self.batch) {
            let people = Array(order[start..<min(order.count, start + Self.batch)])
            let logits = try scores(of: people)
            let wanted = try Tensor(
                people.map { Int64(targets[$0]) }, shape: [people.count], device: network.parameters.device)
            loss += try Loss.crossEntropy(logits, wanted).item() * Double(people.count)
            let numbers = try logits.floats()
            for (row, person) in people.enumerated() {
                let scores = numbers.span.extracting(row * data.itemCount..<(row + 1) * data.itemCount)
                guard let rank = rank(of: targets[person], person, scores), rank < SequenceEvaluation.cutoff else {
                    continue
                }
                gain += 1 / log2(Double(rank) + 2)
            }
        }
        let count = Double(max(1, order.count))
        return (loss / count, gain / count)
    }

    /// Shape `[people, items]`.
    private func scores(of people: [Int]) throws -> Tensor {
        let ends = people.map { network.question(after: data.histories[$0]) }
        let width = ends.reduce(1) { max($0, $1.count) }
        var inputs = [Int64](repeating: Int64(network.vocabulary.padding), count: people.count * width)
        for (row, end) in ends.enumerated() {
            for (column, item) in end.enumerated() { inputs[row * width + column] = Int64(item) }
        }
        let device = network.parameters.device
        let states = try network.states(
            after: try Tensor(inputs, shape: [people.count, width], device: device), isTraining: false)
        let last = ends.enumerated().map { Int64($0 * width + max(0, $1.count - 1)) }
        let rows = try states.reshaped([-1, states.shape[2]])
            .selected(try Tensor(last, shape: [last.count], device: device))
        return try rows.linear(weight: try network.outputs(of: nil), bias: nil)
    }

    /// How many items stand before `target`, ties by number; `nil` if it is not ranked.
    private func rank(of target: Int32, _ person: Int, _ scores: Span<Float>) -> Int? {
        let history = data.histories[person]
        guard isKnown[Int(target)], !history.contains(target) else { return nil }
        var before = 0
        for item in 0..<scores.count where isKnown[item] && Self.isBefore(item, Int(target), scores) { before += 1 }
        return Set(history).reduce(before) { $0 - (Self.isBefore(Int($1), Int(target), scores) ? 1 : 0) }
    }

    private static func isBefore(_ item: Int, _ other: Int, _ scores: Span<Float>) -> Bool {
        scores[item] > scores[other] || scores[item] == scores[other] && item < other
    }
}
