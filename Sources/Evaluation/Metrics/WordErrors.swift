/// How the words that were heard differ from those that were said, along one cheapest alignment (Levenshtein, 1966).
public struct WordErrors: Hashable, Sendable {
    /// Words heard as others.
    public var substitutions = 0
    /// Words said and not heard.
    public var deletions = 0
    /// Words heard and not said.
    public var insertions = 0
    /// Words that were said.
    public var words = 0

    /// Nothing said and nothing heard.
    public init() {}

    /// Compares words as they are: fold case and punctuation before.
    ///
    /// Of alignments that cost the same, one with the most substitutions is counted; `count` and `rate` are the same for all.
    /// - Complexity: O(said · heard).
    public init(said: [String], heard: [String]) {
        words = said.count
        // The errors of a beginning of what was said beside each beginning of what was heard.
        var row = heard.indices.map { Path(insertions: $0) } + [Path(insertions: heard.count)]
        for (place, word) in said.enumerated() {
            var corner = row[0]
            row[0] = Path(deletions: place + 1)
            for column in heard.indices {
                let above = row[column + 1]
                let step = word == heard[column] ? corner : corner.adding(substitution: 1)
                row[column + 1] = min(step, above.adding(deletion: 1), row[column].adding(insertion: 1))
                corner = above
            }
        }
        let best = row[heard.count]
        (substitutions, deletions, insertions) = (best.substitutions, best.deletions, best.insertions)
    }

    public var count: Int { substitutions + deletions + insertions }

    /// The word error rate, (S + D + I) / N: 0 for all right, and above 1 where much was heard that nobody said; `nil` if nothing was said.
    public var rate: Double? { words > 0 ? Double(count) / Double(words) : nil }

    /// The errors of several sentences together: the rate of a set is that of its sum, not a mean of rates.
    public static func + (left: WordErrors, right: WordErrors) -> WordErrors {
        var sum = left
        sum.substitutions += right.substitutions
        sum.deletions += right.deletions
        sum.insertions += right.insertions
        sum.words += right.words
        return sum
    }

    private struct Path: Comparable {
        var substitutions = 0
        var deletions = 0
        var insertions = 0
        var count: Int { substitutions + deletions + insertions }

        func adding(substitution: Int = 0, deletion: Int = 0, insertion: Int = 0) -> Path {
            Path(
                substitutions: substitutions + substitution, deletions: deletions + deletion,
                insertions: insertions + insertion)
        }

        static func < (left: Path, right: Path) -> Bool {
            (left.count, right.substitutions) < (right.count, left.substitutions)
        }
    }
}
