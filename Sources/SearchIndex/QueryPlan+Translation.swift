import TextAnalysis

extension QueryPlanner {
    /// Several words that a dictionary knows as one headword, such as `pommes de terre`, or characters that make a word.
    func phraseInOtherLanguage(_ tokens: [Token], at index: Int) -> (TermGroup, Int)? {
        guard index < tokens.count else { return nil }
        for length in stride(from: min(6, tokens.count - index), through: 2, by: -1) {
            let part = tokens[index..<index + length]
            guard part.contains(where: { documentFrequency($0.term) == 0 }) else { continue }
            let phrase = Array(part.map(\.word).joined(separator: [32]))
            let found = expansions.translations(of: phrase).filter { isKnown($0) }.prefix(5)
            if !found.isEmpty {
                return (TermGroup(text: String(decoding: phrase, as: UTF8.self), variants: Array(found)), length)
            }
        }
        return nil
    }

    /// A word of two, as German makes them: `Hundekuchen` is read as `dog` with `cake`.
    ///
    /// Each half is a word of the catalogue or of a dictionary, the first one perhaps with a letter that joins them.
    func compoundInOtherLanguage(_ token: Token) -> Variant? {
        let word = token.word
        guard word.count >= 8, word.allSatisfy({ $0 < 128 }) else { return nil }
        var best: (value: Float, variant: Variant)?
        for cut in 3...(word.count - 4) {
            let right = half(Array(word[cut...]))
            guard !right.isEmpty else { continue }
            for first in half(Array(word[..<cut])) {
                for second in right where first.kind == .translation || second.kind == .translation {
                    let terms = first.terms + second.terms
                    let both = SegmentScorer.intersectionCount(terms, segments)
                    guard both > 0 else { continue }
                    let value = first.weight * second.weight * Float(1 + naturalLogarithm(Double(both)))
                    guard value > best?.value ?? 0 else { continue }
                    let variant = Variant(
                        terms: terms, weight: 0.8, kind: .translation, text: first.text + " " + second.text)
                    best = (value, variant)
                }
            }
        }
        return best?.variant
    }

    private func half(_ word: [UInt8]) -> [Variant] {
        let translated = expansions.translations(of: word).filter { isKnown($0) }.prefix(4)
        let own = analyzer.token(word)
        guard word.count >= 4, documentFrequency(own.term) > 0 else { return Array(translated) }
        return [Variant(terms: [own.term], weight: 0.7, kind: .exact, text: own.text)] + translated
    }
}
