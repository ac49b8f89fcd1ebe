import Encoders
import Evaluation
import Foundation
import JSON
import Meaning
import Numerics
import Storage

extension Workbench {
    private static let rewritingDepth = 5
    private static let suggestionDepth = 10
    /// Each phrase is damaged so often in every way.
    private static let draws = 2
    /// How many letters are typed.
    private static let typed = [2, 4, 6, 8, 12]

    /// Asks for every held-out phrase by damaged forms of it, a network beside what the shop does today.
    ///
    /// - Parameter weights: A folder that `souk-train rewriter` wrote; its seed tells which phrases it did not learn from.
    /// - Parameter isKnown: Asks for as many phrases that it did learn from instead, as both sides know them in service.
    /// - Returns: The result as one line of JSON.
    /// - Throws: `LearningError` for a shop without held-out phrases or without an index; what `PhraseModel` throws.
    public func evaluateRewriting(
        weights: String, isKnown: Bool = false, progress: (Int, Int) -> Void
    ) throws -> String {
        let model = try PhraseModel(.rewriter, folder: weights)
        let phrases = try askedPhrases(model, isKnown: isKnown)
        let rivals = try PhraseRivals(self)
        var groups: [(name: String, network: PhraseEvaluation, today: PhraseEvaluation)] = []
        for damage in PhraseDamage.allCases {
            var random = SeededGenerator(seed: model.seed ^ 0xDA_7A6E)
            var (network, today) = (
                PhraseEvaluation(depth: Self.rewritingDepth), PhraseEvaluation(depth: Self.rewritingDepth)
            )
            for (place, phrase) in phrases.enumerated() {
                for _ in 0..<Self.draws {
                    guard let query = damage.apply(phrase, using: &random) else { continue }
                    try ask(&network, phrase, place) {
                        model.candidates(for: query, limit: Self.rewritingDepth).map(\.text)
                    }
                    try ask(&today, phrase, place) { try rivals.rewritten(query, limit: Self.rewritingDepth) }
                }
                progress(groups.count * phrases.count + place + 1, phrases.count * PhraseDamage.allCases.count)
            }
            groups.append((damage.rawValue, network, today))
        }
        return Self.line(groups, phrases: phrases.count, rival: "corrections", first: true)
    }

    /// Asks for every held-out phrase by its first letters, a network beside what the shop suggests today.
    ///
    /// - Parameter weights: A folder that `souk-train suggester` wrote.
    /// - Parameter isKnown: As of `evaluateRewriting`.
    public func evaluateSuggestions(
        weights: String, isKnown: Bool = false, progress: (Int, Int) -> Void
    ) throws -> String {
        let model = try PhraseModel(.suggester, folder: weights)
        let phrases = try askedPhrases(model, isKnown: isKnown)
        let rivals = try PhraseRivals(self)
        var groups: [(name: String, network: PhraseEvaluation, today: PhraseEvaluation)] = []
        for count in Self.typed {
            var (network, today) = (
                PhraseEvaluation(depth: Self.suggestionDepth), PhraseEvaluation(depth: Self.suggestionDepth)
            )
            for (place, phrase) in phrases.enumerated() where phrase.count > count {
                let prefix = String(phrase.prefix(count))
                try ask(&network, phrase, place) {
                    model.candidates(for: prefix, limit: Self.suggestionDepth).map(\.text)
                }
                try ask(&today, phrase, place) { try rivals.suggested(prefix, limit: Self.suggestionDepth) }
                progress(groups.count * phrases.count + place + 1, phrases.count * Self.typed.count)
            }
            groups.append(("letters_\(count)", network, today))
        }
        return Self.line(groups, phrases: phrases.count, rival: "counts", first: false)
    }

    private func askedPhrases(_ model: PhraseModel, isKnown: Bool) throws -> [String] {
        let all = try ShopPhrases(reading: store)
        let heldOut = all.texts(.test, seed: model.seed)
        guard !heldOut.isEmpty else { throw LearningError(.unusable, "The shop has no phrases to ask for.") }
        guard isKnown else { return heldOut }
        var random = SeededGenerator(seed: model.seed)
        return Array(all.texts(.training, seed: model.seed).shuffled(using: &random).prefix(heldOut.count))
    }

    private func ask(
        _ results: inout PhraseEvaluation, _ wanted: String, _ number: Int, _ answer: () throws -> [String]
    ) throws {
        let start = ContinuousClock.now
        let phrases = try answer()
        results.add(
            phrases, wanted: wanted, number: number, seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// - Parameter first: Whether what came first is compared, not the reciprocal rank.
    private static func line(
        _ groups: [(name: String, network: PhraseEvaluation, today: PhraseEvaluation)], phrases: Int, rival: String,
        first: Bool
    ) -> String {
        var all = (network: PhraseEvaluation(depth: 0), today: PhraseEvaluation(depth: 0))
        var members = [JSONValue.Member("phrases", .integer(Int64(phrases)))]
        if let depth = groups.first?.network.depth {
            all = (PhraseEvaluation(depth: depth), PhraseEvaluation(depth: depth))
        }
        for group in groups {
            all.network.add(group.network)
            all.today.add(group.today)
        }
        for (name, network, today) in [("all", all.network, all.today)] + groups {
            let values = [network, today].map { one in
                first ? one.ranks.map { $0 == 1 ? 1.0 : 0 } : one.reciprocalRanks
            }
            let interval = ClusterBootstrap.interval(
                of: values[0], less: values[1], groups: network.phrases, measure: .mean)
            members.append(
                .init(
                    name,
                    .object([
                        .init("network", network.json), .init(rival, today.json),
                        .init(
                            first ? "success@1_difference" : "mrr_difference",
                            interval.map { .array([$0.mean, $0.lower, $0.upper].map { .number($0) }) } ?? .null),
                    ])))
        }
        return JSONLine.text(.object(members))
    }

    /// What a network of `souk-train rewriter` or `suggester` makes of a text, or without one what the shop suggests by counts.
    ///
    /// - Returns: Phrases, best first, with their probability where a network tells it.
    public static func phrases(
        for text: String, weights: String?, shop: String?, limit: Int
    ) throws -> [(text: String, probability: Double?)] {
        guard let folded = ShopPhrases.folded(text) else {
            throw LearningError(
                .unusable, "'\(text)' holds no words, or more than \(ShopPhrases.mostLetters) letters.")
        }
        if let weights {
            return try PhraseModel(folder: weights).candidates(for: folded, limit: limit)
                .map { ($0.text, exp(Double($0.logProbability))) }
        }
        guard let shop else { throw LearningError(.missing, "Name a shop or weights.") }
        return try PhraseRivals(Workbench(path: shop)).suggested(folded, limit: limit).map { ($0, nil) }
    }
}
