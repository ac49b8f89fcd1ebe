import Foundation
import Numerics

/// Items as words of sequences: item2vec (Barkan and Koenigstein, MLSP 2016), skip-grams with negative samples.
///
/// An item is to predict those within five steps on either side; negatives are drawn by frequency^0.75 (Mikolov et al., NIPS
/// 2013). The score is the cosine with the decayed sum of the history's vectors.
public struct ItemEmbeddingModel: SequenceModel, FactorScorer {
    public static let name = "item2vec"
    private static let (factors, window, negatives, epochs) = (48, 5, 4, 8)
    private static let historyDecay: Float = 0.8

    /// Rows of length one, or zero for an item that never occurred.
    private let vectors: FactorMatrix

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> ItemEmbeddingModel {
        var random = SeededGenerator(seed: 1)
        var counts = [Double](repeating: 0, count: itemLimit)
        for sequence in sequences { for item in sequence { counts[Int(item)] += 1 } }
        var centres = FactorMatrix(rows: itemLimit, factors: factors, scale: 0.5 / Float(factors), random: &random)
        var contexts = FactorMatrix(rows: itemLimit, factors: factors)
        let pool = negativePool(counts)
        let width = centres.width
        var gradient = [Float](repeating: 0, count: width)
        for epoch in 0..<(pool.isEmpty ? 0 : epochs) {
            let rate = 0.05 * (1 - Float(epoch) / Float(epochs)) + 0.002
            for sequence in sequences {
                for (place, item) in sequence.enumerated() {
                    let reach = 1 + Int(random.next() % UInt64(window))
                    for other in max(0, place - reach)..<min(sequence.count, place + reach + 1) where other != place {
                        for draw in 0...negatives {
                            let target = draw == 0 ? sequence[other] : pool[Int(random.next() % UInt64(pool.count))]
                            guard draw == 0 || target != sequence[other] else { continue }
                            step(
                                Int(item) * width, Int(target) * width, label: draw == 0 ? 1 : 0, rate, &centres,
                                &contexts, &gradient)
                        }
                        for index in 0..<width {
                            centres.values[Int(item) * width + index] += gradient[index]
                            gradient[index] = 0
                        }
                    }
                }
            }
        }
        for item in 0..<itemLimit {
            let range = item * width..<(item + 1) * width
            let norm = centres.values[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
            let scale = counts[item] > 0 && norm > 0 ? 1 / norm : 0
            for place in range { centres.values[place] *= scale }
        }
        return ItemEmbeddingModel(vectors: centres)
    }

    /// Each item as often as its frequency^0.75 says, in 200,000 places.
    private static func negativePool(_ counts: [Double]) -> [UInt32] {
        let powers = counts.map { pow($0, 0.75) }
        let total = powers.reduce(0, +)
        guard total > 0 else { return [] }
        return powers.enumerated().flatMap { item, value in
            repeatElement(UInt32(item), count: value > 0 ? max(1, Int(200_000 * value / total)) : 0)
        }
    }

    /// One step of logistic regression of a pair; the centre's part gathers in `gradient`.
    private static func step(
        _ centre: Int, _ target: Int, label: Float, _ rate: Float, _ centres: inout FactorMatrix,
        _ contexts: inout FactorMatrix, _ gradient: inout [Float]
    ) {
        let width = centres.width
        // Safe: both rows lie within their matrices.
        unsafe centres.values.withUnsafeBufferPointer { centres in
            unsafe contexts.values.withUnsafeMutableBufferPointer { contexts in
                unsafe gradient.withUnsafeMutableBufferPointer { gradient in
                    guard let x = centres.baseAddress, let y = contexts.baseAddress, let sum = gradient.baseAddress
                    else { return }
                    let dot = unsafe FloatKernels.dot(x + centre, y + target, count: width)
                    let pull = rate * (label - 1 / (1 + exp(-dot)))
                    unsafe FloatKernels.add(y + target, times: pull, to: sum, count: width)
                    unsafe FloatKernels.add(x + centre, times: pull, to: y + target, count: width)
                }
            }
        }
    }

    var itemFactors: FactorMatrix { vectors }
    var itemBiases: [Float] { [] }

    func vectors(after histories: ArraySlice<[UInt32]>) -> [Float] { histories.flatMap(sum) }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        vectors.addProducts(with: sum(history), to: &scores)
    }

    /// The decayed sum of a history's vectors; shape `[width]`.
    private func sum(_ history: [UInt32]) -> [Float] {
        let width = vectors.width
        var sum = [Float](repeating: 0, count: width)
        var weight: Float = 1
        for item in history.reversed().prefix(40) {
            if Int(item) < vectors.rows {
                for place in 0..<width { sum[place] += weight * vectors.values[Int(item) * width + place] }
            }
            weight *= Self.historyDecay
        }
        return sum
    }
}
