import TextAnalysis

/// A word of the catalogue that somebody may have meant.
struct Correction: Sendable {
    let word: [UInt8]
    let term: [UInt8]
    /// Of the slips alone.
    let cost: Float
    /// In `0...1`, among all corrections of the word.
    var likelihood: Double
    var text: String { String(decoding: word, as: UTF8.self) }
}

extension QueryPlanner {
    /// A correction as likely as this is made without asking.
    static let sureLikelihood = 0.7
    /// What frequency weighs against slips: the logarithm of a word's items, for a slip of cost 1.
    private static let frequencyWeight = 0.12
    /// How fast likelihood falls with cost, as the exponent of a noisy channel (Kernighan, Church and Gale, 1990).
    private static let steepness = 4.5
    /// For reading a word without its ending, as its stem has it.
    private static let stemCost: Float = 0.1
    private static let prefixScan = 400

    /// How many slips are looked for in a word of so many letters.
    static func slips(_ letters: Int) -> Int { letters >= 7 ? 2 : letters >= 4 ? 1 : 0 }

    /// The words of the catalogue that `word` may be a slip of, most likely first.
    ///
    /// Likelihood weighs the slips of `SlipModel` against how many items hold the word; forms of one stem are one.
    /// - Parameter isPrefix: The word may be the beginning of one only: its frequent continuations are corrections.
    func corrections(of word: [UInt8], isPrefix: Bool = false, limit: Int? = nil) -> [Correction] {
        let letters = SlipModel.letters(of: word)
        let limit = limit ?? Self.slips(letters.count)
        guard limit > 0, SpellingIndex.isEligible(word), letters.count <= SlipModel.maximumLetters else { return [] }
        var model = SlipModel()
        var found: [[UInt8]: (score: Double, cost: Float, word: [UInt8], sum: Double)] = [:]
        for segment in segments {
            for index in candidates(letters, word, limit: limit, isPrefix: isPrefix, in: segment) {
                let candidate = segment.words[index]
                let term = segment.terms[Int(segment.wordTerms[index])]
                var cheapest: Float?
                for form in term == candidate ? [term] : [candidate, term] {
                    let meant = SlipModel.letters(of: form)
                    guard meant.count >= SpellingIndex.shortest,
                        let cost = model.cost(typed: letters, word: meant, limit: limit, isPrefix: isPrefix)
                    else { continue }
                    cheapest = min(cheapest ?? .infinity, cost + (form == candidate ? 0 : Self.stemCost))
                }
                guard let cost = cheapest else { continue }
                let frequency = naturalLogarithm(1 + Double(segment.wordDocuments[index]))
                let score = Double(cost) - Self.frequencyWeight * frequency
                let known = found[term]
                let sum = (known?.sum ?? 0) + exponential(-Self.steepness * score)
                if let known, known.score <= score {
                    found[term]?.sum = sum
                } else {
                    found[term] = (score, cost, candidate, sum)
                }
            }
        }
        let total = found.values.reduce(0) { $0 + $1.sum }
        guard total > 0 else { return [] }
        return found.map { term, value in
            Correction(word: value.word, term: term, cost: value.cost, likelihood: value.sum / total)
        }
        .sorted { $0.likelihood == $1.likelihood ? precedes($0.word, $1.word) : $0.likelihood > $1.likelihood }
    }

    /// Readings of a word that no item holds, and the step that says so: silently one if it is sure, else up to three.
    func readings(ofSlip token: Token, isPrefix: Bool) -> (variants: [Variant], step: RelaxationStep)? {
        let corrections = corrections(of: token.word, isPrefix: isPrefix)
        guard let best = corrections.first else { return nil }
        let isSure = best.likelihood >= Self.sureLikelihood
        let kept = isSure ? [best] : corrections.prefix(3).filter { $0.likelihood >= 0.2 * best.likelihood }
        let variants = kept.map { correction in
            Variant(
                terms: [correction.term], weight: Float(0.9 * (0.5 + 0.5 * correction.likelihood / best.likelihood)),
                kind: .typo, text: correction.text)
        }
        let texts = variants.map(\.text)
        return (
            variants, isSure ? .typo(from: token.text, to: texts) : .didYouMean(from: token.text, to: texts)
        )
    }

    /// What a word that only a few items hold is more likely to mean, if one slip leads to a far more frequent word.
    func likelierWord(than token: Token, frequency: Int) -> String? {
        guard frequency <= 3, token.word.count >= 5 else { return nil }
        let best = corrections(of: token.word, limit: 1).first { $0.term != token.term }
        guard let best, documentFrequency(best.term) >= 100 * frequency, best.cost < 1 else { return nil }
        return best.text
    }

    /// A sure correction of a word that the supplier's shorthand alone holds, such as `cndles`.
    func correctionOfShorthand(_ token: Token) -> Correction? {
        guard !segments.contains(where: { $0.words.find(token.word) != nil }) else { return nil }
        let corrections = corrections(of: token.word)
        guard let best = corrections.first, best.likelihood >= Self.sureLikelihood,
            !corrections.contains(where: { $0.term == token.term })
        else { return nil }
        return best
    }

    private func candidates(
        _ letters: [UInt16], _ word: [UInt8], limit: Int, isPrefix: Bool, in segment: Segment
    ) -> [Int] {
        let whole = segment.spelling.candidates(for: letters, limit: limit).map(Int.init)
        guard isPrefix, letters.count < SpellingIndex.prefixLength else { return whole }
        return Array(Set(whole + continuations(ofSlip: word, in: segment)))
    }

    /// Words that begin with what one slip makes of `prefix`; the first letter is right.
    ///
    /// Complexity: O(letters · letters that follow in the vocabulary · log words).
    private func continuations(ofSlip prefix: [UInt8], in segment: Segment) -> [Int] {
        var found: Set<Int> = []
        func take(_ beginning: [UInt8]) {
            var index = segment.words.lowerBound(beginning)
            var steps = 0
            while index < segment.words.count, segment.words.hasPrefix(index, beginning), steps < Self.prefixScan {
                found.insert(index)
                (index, steps) = (index + 1, steps + 1)
            }
        }
        for place in 1..<max(1, prefix.count) {
            let (start, rest) = (Array(prefix[..<place]), Array(prefix[(place + 1)...]))
            guard let following = following(start, in: segment) else { break }
            take(start + rest)
            if let next = rest.first { take(start + [next, prefix[place]] + rest.dropFirst()) }
            for letter in following where letter != prefix[place] {
                take(start + [letter] + rest)
                take(start + [letter] + prefix[place...])
            }
        }
        return Array(found)
    }

    /// The bytes that follow `prefix` in the vocabulary; `nil` where no word begins with it.
    private func following(_ prefix: [UInt8], in segment: Segment) -> [UInt8]? {
        var result: [UInt8] = []
        var index = segment.words.lowerBound(prefix)
        guard index < segment.words.count, segment.words.hasPrefix(index, prefix) else { return nil }
        while index < segment.words.count, segment.words.hasPrefix(index, prefix) {
            guard segment.words.length(index) > prefix.count else {
                index += 1
                continue
            }
            let letter = segment.words[index][prefix.count]
            result.append(letter)
            guard letter < UInt8.max else { break }
            index = segment.words.lowerBound(prefix + [letter + 1])
        }
        return result
    }

    private func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.lexicographicallyPrecedes(right) }
}
