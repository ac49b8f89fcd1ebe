internal import Evaluation
internal import Foundation
internal import Numerics
internal import VectorIndex

/// How well vectors find the answers of held-out questions, question by question.
struct RetrievalScores: Sendable {
    static let cutoff = 10
    /// An answer behind this rank counts nothing.
    static let depth = 100

    let kind: TextPairs.Kind
    /// Of each question: found answers among the first ten, as a share of its answers but of ten at most.
    let recalls: [Double]
    /// Of each question: 1 / rank of the first answer.
    let reciprocalRanks: [Double]

    /// - Parameters:
    ///   - queries: Vectors of the questions, shape `[questions, width]`.
    ///   - texts: Vectors of all texts, rounded to 8 bits as a shop keeps them.
    init(_ kind: TextPairs.Kind, _ questions: [TextPairs.Question], queries: [Float], texts: VectorColumns) {
        let width = texts.width
        self.init(
            kind, questions,
            ranked: questions.indices.map { row in
                texts.nearest(Array(queries[row * width..<(row + 1) * width]), count: Self.depth + 1).map(\.place)
            })
    }

    /// - Parameter ranked: Of each question the texts that were found, best first.
    init(_ kind: TextPairs.Kind, _ questions: [TextPairs.Question], ranked: [[Int]]) {
        var (recalls, ranks): ([Double], [Double]) = ([], [])
        for (question, places) in zip(questions, ranked) {
            let hits = places.filter { $0 != question.own }
            let answers = Set(question.answers)
            let found = hits.prefix(Self.cutoff).count { answers.contains($0) }
            recalls.append(Double(found) / Double(min(Self.cutoff, max(1, answers.count))))
            ranks.append(hits.prefix(Self.depth).firstIndex { answers.contains($0) }.map { 1 / Double($0 + 1) } ?? 0)
        }
        self.init(kind, recalls: recalls, reciprocalRanks: ranks)
    }

    init(_ kind: TextPairs.Kind, recalls: [Double], reciprocalRanks: [Double]) {
        (self.kind, self.recalls, self.reciprocalRanks) = (kind, recalls, reciprocalRanks)
    }

    var recall: Double { Self.mean(recalls) }
    var meanReciprocalRank: Double { Self.mean(reciprocalRanks) }

    /// 1 / rank of each question's first answer, by the words that were asked.
    func cases(_ questions: [TextPairs.Question]) -> MeasuredCases {
        MeasuredCases(
            figure: "MRR on \(kind.rawValue)",
            zip(questions, reciprocalRanks).map { (key: MeasuredCases.key($0.query.utf8), value: $1) })
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }
}

/// What tuning changed on held-out questions of one kind, by paired bootstrap over questions.
struct RetrievalDifference: Sendable {
    let before: RetrievalScores
    let after: RetrievalScores
    let recall: ConfidenceInterval
    let reciprocalRank: ConfidenceInterval

    var kind: TextPairs.Kind { after.kind }

    init?(before: RetrievalScores, after: RetrievalScores) {
        guard
            let recall = PairedBootstrap.interval(candidate: after.recalls, baseline: before.recalls),
            let rank = PairedBootstrap.interval(candidate: after.reciprocalRanks, baseline: before.reciprocalRanks)
        else { return nil }
        (self.before, self.after, self.recall, reciprocalRank) = (before, after, recall, rank)
    }
}

extension RetrievalDifference {
    /// What a table's row says; see `columns`.
    var row: [String] {
        [
            kind.rawValue, String(after.recalls.count), Self.figure(before.recall), Self.figure(after.recall),
            Self.interval(recall), Self.figure(before.meanReciprocalRank), Self.figure(after.meanReciprocalRank),
            Self.interval(reciprocalRank),
        ]
    }

    static let columns = [
        "Held out", "Questions", "Recall@10 before", "after", "difference", "MRR before", "after", "difference",
    ]

    var metrics: [String: Double] {
        let kind = kind.rawValue
        return [
            "\(kind)_questions": Double(after.recalls.count), "\(kind)_recall@10_before": before.recall,
            "\(kind)_recall@10": after.recall, "\(kind)_mrr_before": before.meanReciprocalRank,
            "\(kind)_mrr": after.meanReciprocalRank, "\(kind)_mrr_gain_lower": reciprocalRank.lower,
            "\(kind)_mrr_gain_upper": reciprocalRank.upper,
        ]
    }

    static func figure(_ value: Double) -> String { String(format: "%.3f", value) }

    private static func interval(_ interval: ConfidenceInterval) -> String {
        String(format: "%+.3f (%+.3f to %+.3f)", interval.mean, interval.lower, interval.upper)
    }
}

extension TextPairs {
    /// The file of how well the log's queries found, which a later network is compared by; none where they were not asked.
    func casesFile(_ differences: [RetrievalDifference]) -> [(name: String, bytes: [UInt8])] {
        guard let after = differences.first(where: { $0.kind == .queries })?.after,
            let part = parts.first(where: { $0.kind == .queries })
        else { return [] }
        return [(name: MeasuredCases.file, bytes: after.cases(part.heldOut).encoded)]
    }
}

/// Whether a tuned encoder may take the place of the one that it began as.
struct TuningVerdict: Sendable {
    let isBetter: Bool
    /// For a reader.
    let reason: String

    /// Queries of the log must find better in reciprocal rank, beyond the 95 % interval, and no kind may be worse beyond it.
    ///
    /// Baskets do not decide: they tell what goes with what, which is another question than what a query means.
    init(_ differences: [RetrievalDifference]) {
        let worse = differences.filter { $0.reciprocalRank.upper < 0 }.map(\.kind.rawValue)
        let searches = differences.first { $0.kind == .queries }
        let isFound = searches.map { $0.reciprocalRank.lower > 0 } ?? false
        isBetter = worse.isEmpty && isFound
        reason =
            if !worse.isEmpty {
                "worse beyond the 95 % interval on \(worse.joined(separator: " and "))"
            } else if searches == nil {
                "not measured on queries that people asked: the log holds too few with a choice after them"
            } else if !isFound {
                "not better beyond the 95 % interval on queries that people asked"
            } else {
                "better beyond the 95 % interval on queries that people asked, and worse on nothing"
            }
    }
}
