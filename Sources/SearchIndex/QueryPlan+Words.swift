import TextAnalysis

extension QueryPlanner {
    /// Up to 24 frequent words that begin with what was typed.
    func prefixes(of token: Token) -> [Variant] {
        var found: [[UInt8]: (count: UInt32, word: [UInt8])] = [:]
        for segment in segments {
            var index = segment.words.lowerBound(token.word)
            var steps = 0
            while index < segment.words.count, segment.words.hasPrefix(index, token.word), steps < 2_000 {
                let term = segment.terms[Int(segment.wordTerms[index])]
                let count = (found[term]?.count ?? 0) + segment.wordDocuments[index]
                found[term] = (count, segment.words[index])
                (index, steps) = (index + 1, steps + 1)
            }
        }
        found[token.term] = nil
        let best = found.sorted { ($0.value.count, $1.key.count) > ($1.value.count, $0.key.count) }.prefix(24)
        return best.map { term, value in
            Variant(terms: [term], weight: 0.7, kind: .prefix, text: String(decoding: value.word, as: UTF8.self))
        }
    }

    /// Words that together have another name, where hardly any item holds them all: `toilet paper`, or `toilet tissue`.
    func phraseOfLikeMeaning(_ tokens: [Token], at index: Int) -> (group: TermGroup, used: Int)? {
        for length in stride(from: min(3, tokens.count - index), through: 2, by: -1) {
            let part = corrected(tokens[index..<index + length])
            var known = expansions.synonyms(of: Array(part.map(\.word).joined(separator: [32])))
            // `sun screen` is `sunscreen` too.
            if known.isEmpty, length == 2 { known = expansions.synonyms(of: Array(part.map(\.word).joined())) }
            guard !known.isEmpty else { continue }
            let own = part.map(\.term)
            let count = together(own)
            guard count < QueryPlanner.few else { continue }
            // What a phrase is a kind of, as `bread` for `whole wheat bread`, is no other name for it.
            var variants = known.filter {
                $0.weight >= Self.closeMeaning && !Set($0.terms).isSubset(of: own) && together($0.terms) > count
            }
            guard !variants.isEmpty else { continue }
            let text = part.map(\.text).joined(separator: " ")
            if count > 0 { variants.append(Variant(terms: own, weight: 1, kind: .exact, text: text)) }
            return (TermGroup(text: text, variants: variants), length)
        }
        return nil
    }

    /// Some words with the sure slips in them put right.
    private func corrected(_ tokens: ArraySlice<Token>) -> [Token] {
        tokens.map { token in
            guard documentFrequency(token.term) == 0, !expansions.isOwn(token.word), isLikelySlip(token),
                let best = corrections(of: token.word).first
            else { return token }
            return Token(word: best.word, term: best.term)
        }
    }

    /// Two words that the catalogue writes as one, such as `tooth paste`, perhaps with a slip in one of them.
    ///
    /// The joined word must be held by more items than both words together.
    func joinedWord(_ left: Token, _ right: Token) -> (group: TermGroup, step: RelaxationStep)? {
        let typed = left.text + " " + right.text
        let word = left.word + right.word
        let joined = analyzer.token(word)
        let frequency = documentFrequency(joined.term)
        let apart = frequency > 0 ? together([left.term, right.term], limit: frequency) : 0
        if frequency > apart {
            var variants = [Variant(terms: [joined.term], weight: 1, kind: .split, text: joined.text)]
            if apart > 0 {
                variants.append(
                    Variant(terms: [left.term, right.term], weight: 1, kind: .exact, text: typed))
            }
            return (TermGroup(text: joined.text, variants: variants), .split(from: typed, to: joined.text))
        }
        let unknown = [left, right].filter { documentFrequency($0.term) == 0 }
        guard !unknown.isEmpty, min(left.word.count, right.word.count) >= 3,
            unknown.allSatisfy({ expansions.translations(of: $0.word).isEmpty }),
            let best = corrections(of: word).first, best.likelihood >= Self.sureLikelihood
        else { return nil }
        // The words apart, the unknown one corrected, must not be the likelier reading.
        if unknown.count == 1 {
            let known = unknown[0] == left ? right : left
            for alone in corrections(of: unknown[0].word).prefix(3) {
                let frequency = documentFrequency(best.term)
                let both = together([known.term, alone.term], limit: frequency)
                guard both < frequency, both == 0 || alone.cost > best.cost else { return nil }
            }
        }
        let variant = Variant(terms: [best.term], weight: 0.9, kind: .split, text: best.text)
        return (TermGroup(text: best.text, variants: [variant]), .split(from: typed, to: best.text))
    }

    /// `icecream` where the catalogue has `ice cream`: both halves known, held together by as many items as can be.
    func splitWord(_ token: Token) -> Variant? {
        let word = token.word
        guard word.count >= 6, word.count <= Analyzer.maximumWordBytes, word.allSatisfy({ $0 < 128 }) else {
            return nil
        }
        var best: (frequency: Int, variant: Variant)?
        for cut in 3...(word.count - 3) {
            let (left, right) = (analyzer.token(Array(word[..<cut])), analyzer.token(Array(word[cut...])))
            guard documentFrequency(left.term) > 0, documentFrequency(right.term) > 0 else { continue }
            consider(left.term, right.term, left.text + " " + right.text, weight: 0.9, &best)
        }
        return best?.variant
    }

    /// `icecraem`: one half known, the other one slip away from a word that stands beside it in the catalogue.
    func splitWordWithSlip(_ token: Token) -> Variant? {
        let word = token.word
        guard word.count >= 7, word.count <= 24, word.allSatisfy({ $0 < 128 }) else { return nil }
        var best: (frequency: Int, variant: Variant)?
        for cut in 3...(word.count - 3) {
            let halves = [Array(word[..<cut]), Array(word[cut...])].map { analyzer.token($0) }
            for slipped in 0...1 where documentFrequency(halves[1 - slipped].term) > 0 && halves[slipped].word.count > 3
            {
                for correction in corrections(of: halves[slipped].word, limit: 1).prefix(2) where correction.cost < 1 {
                    let known = halves[1 - slipped]
                    let texts = slipped == 0 ? [correction.text, known.text] : [known.text, correction.text]
                    consider(known.term, correction.term, texts.joined(separator: " "), weight: 0.8, &best)
                }
            }
        }
        return best?.variant
    }

    private func consider(
        _ left: [UInt8], _ right: [UInt8], _ text: String, weight: Float,
        _ best: inout (frequency: Int, variant: Variant)?
    ) {
        let both = together([left, right])
        guard both > best?.frequency ?? 0 else { return }
        best = (both, Variant(terms: [left, right], weight: weight, kind: .split, text: text))
    }
}
