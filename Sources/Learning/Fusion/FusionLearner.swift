import Evaluation
import Foundation
import SearchIndex

/// Learns what the parts of a fusion weigh from queries whose items are graded.
///
/// A linear LambdaRank (Burges, Ragno and Le, NIPS 2006): for each pair of items of one query, the better before the worse, the
/// logistic loss of the difference of their scores, times what changing their places would change of NDCG@10. Weights stay at or
/// above zero, so that more words and a nearer meaning never count less, and are drawn to those of the usual sum, as strongly as
/// cross-validation over the queries finds best: from few queries little is learned. Deterministic; sums in `Double`, in the order of
/// the queries.
struct FusionLearner {
    /// The items of one query that could come first.
    struct Example {
        /// By item: the parts that `Fusion.Weights` weighs.
        var parts: [[Float]]
        /// By item; 0 where nobody judged.
        var grades: [Int]
        /// NDCG's ideal gain over all judged items of the query.
        var ideal: Double

        init(parts: [[Float]], grades: [Int], judged: [Int]) {
            (self.parts, self.grades) = (parts, grades)
            ideal = judged.sorted(by: >).prefix(SearchEvaluation.cutoff).enumerated().reduce(0) {
                $0 + FusionLearner.gain($1.element) * FusionLearner.discount($1.offset)
            }
        }
    }

    private static let rounds = 40
    private static let rate = 0.05
    /// How strongly weights may be drawn to the usual ones, the strongest first: they do not move at all.
    private static let pulls = [Double.infinity, 20, 2, 0.2, 0.02]
    private static let folds = 4
    /// How steep the logistic is: scores lie between 0 and about 1.
    private static let steepness = 10.0
    /// Where learning begins: the shipped sum.
    static let prior = Fusion.additive().weights.list.map(Double.init)

    static func weights(_ examples: [Example]) -> Fusion.Weights {
        let examples = examples.filter { $0.ideal > 0 && !$0.parts.isEmpty }
        var best = (pull: pulls[0], value: validated(examples, pulls[0]))
        for pull in pulls.dropFirst() {
            let value = validated(examples, pull)
            if value > best.value + 1e-9 { best = (pull, value) }
        }
        return Fusion.Weights(fitted(examples, pull: best.pull).map { Float($0) })
    }

    /// The mean NDCG@10 of examples, each put in order by what the other folds teach.
    private static func validated(_ examples: [Example], _ pull: Double) -> Double {
        var sum = 0.0
        for fold in 0..<folds {
            let weights = fitted(examples.indices.filter { $0 % folds != fold }.map { examples[$0] }, pull: pull)
            for number in stride(from: fold, to: examples.count, by: folds) {
                let example = examples[number]
                let order = order(example, weights).order
                sum +=
                    order.prefix(SearchEvaluation.cutoff).enumerated().reduce(0) {
                        $0 + gain(example.grades[$1.element]) * discount($1.offset)
                    } / example.ideal
            }
        }
        return sum / Double(max(1, examples.count))
    }

    private static func fitted(_ examples: [Example], pull: Double) -> [Double] {
        var weights = prior
        guard pull.isFinite, !examples.isEmpty else { return weights }
        var squares = [Double](repeating: 1e-8, count: weights.count)
        for _ in 0..<rounds {
            var gradient = zip(weights, prior).map { pull * ($0 - $1) }
            for example in examples { add(example, weights, share: 1 / Double(examples.count), to: &gradient) }
            // AdaGrad (Duchi, Hazan and Singer, 2011), with the weights kept at or above zero.
            for place in weights.indices {
                squares[place] += gradient[place] * gradient[place]
                weights[place] = max(0, weights[place] - rate * gradient[place] / squares[place].squareRoot())
            }
        }
        return weights
    }

    /// The items' scores, and the items by them.
    private static func order(_ example: Example, _ weights: [Double]) -> (scores: [Double], order: [Int]) {
        let scores = example.parts.map { parts in zip(parts, weights).reduce(0) { $0 + Double($1.0) * $1.1 } }
        return (scores, scores.indices.sorted { (scores[$0], $1) > (scores[$1], $0) })
    }

    private static func gain(_ grade: Int) -> Double { exp2(Double(grade)) - 1 }
    private static func discount(_ place: Int) -> Double {
        place < SearchEvaluation.cutoff ? 1 / log2(Double(place + 2)) : 0
    }

    private static func add(_ example: Example, _ weights: [Double], share: Double, to gradient: inout [Double]) {
        let (scores, order) = order(example, weights)
        // Exchanging two items behind the cut-off changes nothing.
        for (place, item) in order.prefix(SearchEvaluation.cutoff).enumerated() {
            for (otherPlace, other) in order.enumerated().dropFirst(place + 1)
            where example.grades[item] != example.grades[other] {
                let change = abs(
                    (gain(example.grades[item]) - gain(example.grades[other]))
                        * (discount(place) - discount(otherPlace)))
                guard change > 0 else { continue }
                let isBetter = example.grades[item] > example.grades[other]
                let (good, bad) = isBetter ? (item, other) : (other, item)
                let slope = 1 / (1 + exp(steepness * (scores[good] - scores[bad])))
                let force = share * steepness * slope * change / example.ideal
                for part in gradient.indices {
                    gradient[part] -= force * Double(example.parts[good][part] - example.parts[bad][part])
                }
            }
        }
    }
}
