public import JSON

extension SearchEvaluation {
    /// A run beside another of the same queries: whether the difference is more than chance.
    public struct Comparison: Hashable, Sendable {
        public let baseline: Result
        /// Of the mean NDCG@10, candidate less baseline.
        public let difference: ConfidenceInterval
        /// Two-sided, of `PairedPermutationTest`.
        public let pValue: Double
        /// Queries that the candidate answers better, and worse.
        public let better: Int
        public let worse: Int

        /// - Throws: `badRun` if the runs are of other queries.
        public init(_ candidate: Result, beside baseline: Result) throws(EvaluationError) {
            guard candidate.queries.map(\.query) == baseline.queries.map(\.query) else {
                throw EvaluationError(.badRun, "The runs that are compared are of different queries.")
            }
            let (own, other) = (candidate.queries.map(\.ndcg), baseline.queries.map(\.ndcg))
            guard let difference = PairedBootstrap.interval(candidate: own, baseline: other),
                let pValue = PairedPermutationTest.pValue(candidate: own, baseline: other)
            else { throw EvaluationError(.nothingToMeasure, "There are no queries to compare.") }
            (self.baseline, self.difference, self.pValue) = (baseline, difference, pValue)
            better = zip(own, other).count { $0 > $1 }
            worse = zip(own, other).count { $0 < $1 }
        }

        /// The figures, to stand beside those of a `Result`.
        public var json: JSONValue {
            .object([
                .init("ndcg@10", .number(baseline.ndcg)), .init("difference", .number(difference.mean)),
                .init("lower", .number(difference.lower)), .init("upper", .number(difference.upper)),
                .init("p_value", .number(pValue)), .init("better", .integer(Int64(better))),
                .init("worse", .integer(Int64(worse))),
            ])
        }
    }
}
