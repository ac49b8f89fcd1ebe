import Numerics

extension ClusterBootstrap {
    /// Returns the interval of the area under the ROC curve of `scores`, or of its difference to that of `baseline`, groups drawn with
    /// replacement as in `interval`.
    ///
    /// - Parameters:
    ///   - labels: Which examples are positive.
    ///   - groups: The group of each example; any numbers.
    /// - Returns: `nil` without examples of both labels, or for a score that is no number. Draws that lack a label are drawn again, up to
    ///   ten times; `nil` if that does not help. Deterministic for a seed.
    /// - Complexity: O(examples · (log examples + resamples)).
    public static func areaInterval(
        of scores: [Double], less baseline: [Double]? = nil, labels: [Bool], groups: [Int],
        confidence: Double = 0.95, resamples: Int = defaultResamples, seed: UInt64 = 1
    ) -> ConfidenceInterval? {
        precondition(
            scores.count == groups.count && scores.count == labels.count && (baseline ?? scores).count == scores.count,
            "one group and one label a score")
        precondition((0.5..<1).contains(confidence) && resamples > 1, "confidence in 0.5..<1, at least two resamples")
        let (places, count) = numbered(groups)
        let (own, other) = (WeightedArea(scores, labels, places), baseline.map { WeightedArea($0, labels, places) })
        func area(_ weights: [Double]) -> Double? {
            guard let first = own.value(weights) else { return nil }
            guard let other else { return first }
            return other.value(weights).map { first - $0 }
        }
        guard scores.allSatisfy({ !$0.isNaN }), baseline?.allSatisfy({ !$0.isNaN }) ?? true,
            let whole = area([Double](repeating: 1, count: count))
        else { return nil }
        var random = SeededGenerator(seed: seed)
        var draws: [Double] = []
        for _ in 0..<resamples * 10 where draws.count < resamples {
            var weights = [Double](repeating: 0, count: count)
            for _ in 0..<count { weights[draw(of: count, &random)] += 1 }
            if let value = area(weights) { draws.append(value) }
        }
        return draws.count == resamples ? interval(whole, draws, confidence) : nil
    }

    /// The area under the ROC curve of examples that count as often as their group was drawn; ties count half.
    private struct WeightedArea {
        /// Examples by score, the highest first; `endsTie` where the next score is another.
        private let steps: [(group: Int, isPositive: Bool, endsTie: Bool)]

        init(_ scores: [Double], _ labels: [Bool], _ groups: [Int]) {
            let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
            steps = order.enumerated().map { place, example in
                let isLast = place + 1 == order.count || scores[order[place + 1]] != scores[example]
                return (groups[example], labels[example], isLast)
            }
        }

        func value(_ weights: [Double]) -> Double? {
            var (positives, negatives, area) = (0.0, 0.0, 0.0)
            var tie = (positives: 0.0, negatives: 0.0)
            for step in steps {
                if step.isPositive {
                    tie.positives += weights[step.group]
                } else {
                    tie.negatives += weights[step.group]
                }
                guard step.endsTie else { continue }
                area += tie.negatives * (positives + tie.positives / 2)
                (positives, negatives) = (positives + tie.positives, negatives + tie.negatives)
                tie = (0, 0)
            }
            return positives > 0 && negatives > 0 ? area / (positives * negatives) : nil
        }
    }
}
