import TextAnalysis

extension QueryPlanner {
    /// What another wording of the shop's counts for beside the words themselves.
    private static let wordingWeight: Float = 0.95

    /// A phrase that the shop has other words for, the longest first.
    ///
    /// Slips are forgiven on both sides: a phrase that may be one holds a word that the catalogue lacks, and a word of another
    /// wording that it lacks is put right.
    func ownSynonym(_ tokens: [Token], at index: Int, _ request: SearchRequest) -> (group: TermGroup, used: Int)? {
        var best: (group: TermGroup, used: Int)?
        for synonym in request.synonyms {
            let phrase = analyzer.tokens(of: synonym.from, limit: 8).filter { !isIdle($0, request) }
            guard !phrase.isEmpty, phrase.count >= best?.used ?? 1, index + phrase.count <= tokens.count else {
                continue
            }
            let part = tokens[index..<index + phrase.count]
            guard zip(phrase, part).allSatisfy({ $0.word == $1.word }),
                synonym.isExact || part.contains(where: { documentFrequency($0.term) == 0 })
            else { continue }
            var group = best?.used == phrase.count ? best?.group : nil
            if group == nil { group = own(part) }
            guard var group else { continue }
            let limit = group.variants.first { $0.kind == .exact }?.terms.map { inverseFrequency($0) }.max()
            for text in synonym.to {
                guard let variant = wording(text), !group.variants.contains(where: { $0.terms == variant.terms }) else {
                    continue
                }
                group.variants.append(limit.map { notAbove($0, variant) } ?? variant)
            }
            best = (group, phrase.count)
        }
        guard let best, best.group.variants.contains(where: { $0.kind == .synonym }) else { return nil }
        return best
    }

    private func own(_ part: ArraySlice<Token>) -> TermGroup {
        let text = part.map(\.text).joined(separator: " ")
        let terms = part.map(\.term)
        guard together(terms) > 0 else { return TermGroup(text: text, variants: []) }
        return TermGroup(text: text, variants: [Variant(terms: terms, weight: 1, kind: .exact, text: text)])
    }

    /// Another wording, if items hold it.
    private func wording(_ text: String) -> Variant? {
        let terms = analyzer.tokens(of: text, limit: 8).filter { !Analyzer.stopWords.contains($0.word) }.map { token in
            guard documentFrequency(token.term) == 0, let best = corrections(of: token.word).first,
                best.likelihood >= Self.sureLikelihood
            else { return token.term }
            return best.term
        }
        guard !terms.isEmpty, together(terms) > 0 else { return nil }
        return Variant(terms: terms, weight: Self.wordingWeight, kind: .synonym, text: text)
    }
}
