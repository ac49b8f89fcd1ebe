/// Scores of things that are positive or negative, grouped by equal score from the highest down: what curves are made of.
///
/// Ties are never broken: whatever has one score is taken together, so that no order of the input helps or harms.
struct ScoredLabels {
    /// One score, and how many have at least it.
    struct Step: Hashable {
        let threshold: Double
        let positives: Int
        let negatives: Int
    }

    let steps: [Step]
    var positives: Int { steps.last?.positives ?? 0 }
    var negatives: Int { steps.last?.negatives ?? 0 }

    /// - Returns: `nil` if a score is no number.
    /// - Complexity: O(*n* log *n*).
    init?(scores: [Double], labels: [Bool]) {
        precondition(scores.count == labels.count, "one label for each score")
        guard !scores.contains(where: \.isNaN) else { return nil }
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        var (steps, positives, negatives): ([Step], Int, Int) = ([], 0, 0)
        for (rank, index) in order.enumerated() {
            if labels[index] { positives += 1 } else { negatives += 1 }
            let isLastOfTies = rank + 1 == order.count || scores[order[rank + 1]] != scores[index]
            if isLastOfTies {
                steps.append(Step(threshold: scores[index], positives: positives, negatives: negatives))
            }
        }
        self.steps = steps
    }
}
