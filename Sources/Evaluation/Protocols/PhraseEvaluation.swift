public import JSON

/// How well what a shopper meant is told from what was typed: share of phrases that come first, share among the first, mean reciprocal rank.
public struct PhraseEvaluation: Sendable {
    /// Ranks behind this count as not found.
    public let depth: Int
    /// Of each question; `nil` where the phrase was not among the first `depth`.
    public private(set) var ranks: [Int?] = []
    /// The number of each question's phrase: questions about one phrase are not independent of each other.
    public private(set) var phrases: [Int] = []
    private var seconds = 0.0

    public init(depth: Int) { self.depth = depth }

    /// Takes the answer to one question.
    ///
    /// - Parameter answers: Best first; of equal ones the first counts.
    /// - Parameter number: Of the phrase that was wanted.
    public mutating func add(_ answers: [String], wanted: String, number: Int, seconds: Double) {
        ranks.append(answers.prefix(depth).firstIndex(of: wanted).map { $0 + 1 })
        phrases.append(number)
        self.seconds += seconds
    }

    public mutating func add(_ other: PhraseEvaluation) {
        ranks += other.ranks
        phrases += other.phrases
        seconds += other.seconds
    }

    /// 1/rank of each question, 0 where the phrase was not found.
    public var reciprocalRanks: [Double] { ranks.map { $0.map { 1 / Double($0) } ?? 0 } }

    /// The share of questions whose phrase came first; 0 without questions.
    public var first: Double { share { $0 == 1 } }
    /// The share of questions whose phrase was among the first `depth`.
    public var success: Double { share { _ in true } }
    public var meanReciprocalRank: Double { reciprocalRanks.reduce(0, +) / Double(max(1, ranks.count)) }
    public var milliseconds: Double { 1000 * seconds / Double(max(1, ranks.count)) }

    private func share(_ isRight: (Int) -> Bool) -> Double {
        Double(ranks.count { $0.map(isRight) ?? false }) / Double(max(1, ranks.count))
    }

    public var json: JSONValue {
        .object([
            .init("questions", .integer(Int64(ranks.count))), .init("success@1", .number(first)),
            .init("success@\(depth)", .number(success)), .init("mrr@\(depth)", .number(meanReciprocalRank)),
            .init("milliseconds", .number(milliseconds)),
        ])
    }
}
