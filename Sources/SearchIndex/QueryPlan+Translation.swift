import TextAnalysis

/// What part of a query was read in another language.
struct ForeignReading {
    var groups: [TermGroup] = []
    var steps: [RelaxationStep] = []
    var missing: [String] = []
}

extension QueryPlanner {
    private static let longestPhrase = 6
    private static let longestWordOfCharacters = 12
    /// What the market's language counts for, in words of the query; the catalogue's own language counts `ownBonus`.
    private static let marketBonus = 0.75
    private static let ownBonus = 0.25

    // MARK: Which language

    /// The other language that explains more words of a query than the catalogue's own does, if there is one.
    ///
    /// Each word votes for the languages that have it, short words half; the market's language is favoured. Without a word
    /// that the catalogue's language lacks, only the market's language can win.
    func foreignLanguage(of tokens: [Token], market: String?) -> String? {
        guard !tokens.contains(where: { standsAlone($0) }) else { return nil }
        var known: [String: Set<Int>] = [:]
        var own = Self.ownBonus
        var isStrange = false
        func vote(_ index: Int) -> Double { tokens[index].word.count <= 2 ? 0.5 : 1 }
        for (index, token) in tokens.enumerated() {
            if isOwn(token) { own += vote(index) } else { isStrange = true }
            for language in languages(of: token) { known[language, default: []].insert(index) }
            for length in 2..<5 where index + length <= tokens.count {
                let phrase = Array(tokens[index..<index + length].map(\.word).joined(separator: [32]))
                for translation in expansions.translations(of: phrase, lemmas: false)
                where !translation.language.isEmpty {
                    known[translation.language, default: []].formUnion(index..<index + length)
                }
            }
        }
        let votes = known.map { language, words in
            (key: language, value: words.reduce(language == market ? Self.marketBonus : 0) { $0 + vote($1) })
        }
        let best = votes.filter { isStrange || $0.key == market }.max { left, right in
            let (first, second) = (worth(of: tokens, left), worth(of: tokens, right))
            return first == second ? left.key > right.key : first < second
        }
        guard let best, best.value > own else { return nil }
        return best.key
    }

    /// Votes, and between equal ones how sure the dictionary is.
    private func worth(of tokens: [Token], _ votes: (key: String, value: Double)) -> Double {
        let weights = tokens.map { token in
            Double(expansions.translations(of: token.word, in: votes.key).first?.variant.weight ?? 0)
        }
        return votes.value + 0.01 * weights.reduce(0, +)
    }

    private func isOwn(_ token: Token) -> Bool {
        documentFrequency(token.term) > 0 || Analyzer.stopWords.contains(token.word)
            || expansions.function(token.word) != nil
            || token.word.allSatisfy { (48...57).contains($0) } || !expansions.synonyms(of: token.word).isEmpty
    }

    /// Languages that have a word, by its stem only if it is no likely slip.
    private func languages(of token: Token) -> Set<String> {
        let exact = Set(expansions.translations(of: token.word, lemmas: false).map(\.language)).subtracting([""])
        let idle = Set(expansions.idle(token.word).map(\.language))
        guard exact.isEmpty, idle.isEmpty else { return exact.union(idle) }
        guard documentFrequency(token.term) == 0, !isLikelySlip(token) else { return [] }
        return Set(expansions.translations(of: token.word).map(\.language))
    }

    /// Whether one usual slip leads from a word of the catalogue to this one.
    func isLikelySlip(_ token: Token) -> Bool {
        guard let best = corrections(of: token.word).first else { return false }
        return best.likelihood >= Self.sureLikelihood && best.cost <= 0.65
    }

    // MARK: Reading in one language

    /// Reads words in another language: the longest headwords first, words that say nothing left out.
    func reading(of tokens: ArraySlice<Token>, in language: String) -> ForeignReading {
        var reading = ForeignReading()
        var index = tokens.startIndex
        while index < tokens.endIndex {
            let found = headword(tokens, at: index, in: language)
            if tokens.count > 1, found?.1 ?? 1 == 1, saysNothing(tokens[index], in: language) {
                index += 1
                continue
            }
            if let (group, length) = found {
                reading.groups.append(group)
                reading.steps.append(.translation(from: group.text, to: group.variants.map(\.text)))
                index += length
                continue
            }
            let token = tokens[index]
            index += 1
            if token.word.count > 1, documentFrequency(token.term) > 0 {
                let own = Variant(terms: [token.term], weight: 1, kind: .exact, text: token.text)
                reading.groups.append(TermGroup(text: token.text, variants: [own]))
            } else if let compound = compoundInOtherLanguage(token, language: language) {
                reading.groups.append(TermGroup(text: token.text, variants: [compound]))
                reading.steps.append(.translation(from: token.text, to: [compound.text]))
            } else if let slip = isLikelySlip(token) ? readings(ofSlip: token, isPrefix: false) : nil {
                reading.groups.append(TermGroup(text: token.text, variants: slip.variants))
                reading.steps.append(slip.step)
            } else if !standsAlone(token) {
                reading.missing.append(token.text)
            }
        }
        join(&reading)
        if !reading.groups.isEmpty {
            // Romance languages put what is described first, the others last.
            let isFirst = ["ca", "es", "fr", "it", "pt", "ro"].contains(language)
            reading.groups[isFirst ? 0 : reading.groups.count - 1].isHead = true
        }
        return reading
    }

    /// Whether a word says more often nothing than something, as `de` does in Spanish.
    private func saysNothing(_ token: Token, in language: String) -> Bool {
        guard let idle = expansions.idle(token.word).first(where: { $0.language == language }) else { return false }
        let says = expansions.translations(of: token.word, in: language, lemmas: false).first?.variant.weight ?? 0
        return idle.weight >= says
    }

    private func phrase(_ tokens: ArraySlice<Token>) -> [UInt8] { Array(tokens.map(\.word).joined(separator: [32])) }

    /// The longest run of words from `index` on that a dictionary has, with what the catalogue holds of its meanings.
    private func headword(_ tokens: ArraySlice<Token>, at index: Int, in language: String) -> (TermGroup, Int)? {
        let longest = standsAlone(tokens[index]) ? Self.longestWordOfCharacters : Self.longestPhrase
        for length in stride(from: min(longest, tokens.endIndex - index), through: 1, by: -1) {
            let part = tokens[index..<index + length]
            if length == 1, isKana(part[index]) { continue }
            var variants = sharpened(expansions.translations(of: phrase(part), in: language))
            guard !variants.isEmpty else { continue }
            if length == 1, documentFrequency(part[index].term) > 0 {
                variants.append(Variant(terms: [part[index].term], weight: 0.4, kind: .exact, text: part[index].text))
            }
            let text = part.map(\.text).joined(separator: standsAlone(tokens[index]) ? "" : " ")
            return (TermGroup(text: text, variants: variants), length)
        }
        return nil
    }

    /// Weighs translations by how much of the catalogue they lead to; what leads nowhere is widened or left out.
    func sharpened(_ translations: [Expansions.Translation]) -> [Variant] {
        var found: [(variant: Variant, count: Int)] = []
        var seen: Set<[[UInt8]]> = []
        func take(_ variant: Variant) {
            let count = together(variant.terms)
            if count > 0, seen.insert(variant.terms).inserted { found.append((variant, count)) }
        }
        for translation in translations.prefix(8) {
            let before = found.count
            take(translation.variant)
            guard found.count == before, translation.variant.terms.count > 1 else { continue }
            // `toilet paper` where the catalogue says `toilet tissue`.
            let phrase = Array(TextFolding.words(of: translation.variant.text).joined(separator: [32]))
            for like in expansions.synonyms(of: phrase) where like.weight >= Self.closeMeaning {
                take(
                    Variant(
                        terms: like.terms, weight: translation.variant.weight * 0.9, kind: .translation, text: like.text
                    ))
            }
        }
        let most = naturalLogarithm(1 + Double(found.map(\.count).max() ?? 0))
        let sorted = found.map { variant, count in
            variant.scaled(Float(0.55 + 0.45 * naturalLogarithm(1 + Double(count)) / most))
        }
        .sorted { $0.weight > $1.weight }.prefix(5)
        guard let best = sorted.first else { return [] }
        let limit = best.terms.map { inverseFrequency($0) }.max() ?? 0
        return sorted.map { notAbove(limit, $0) }
    }

    /// Two translations that the catalogue writes as one word, in either order: `pasta de dientes` is toothpaste.
    private func join(_ reading: inout ForeignReading) {
        var index = 0
        while index + 1 < reading.groups.count {
            let (left, right) = (reading.groups[index], reading.groups[index + 1])
            let joined = joined(left.variants, right.variants)
            if !joined.isEmpty {
                let text = left.text + " " + right.text
                reading.groups.replaceSubrange(index...index + 1, with: [TermGroup(text: text, variants: joined)])
                reading.steps.append(.translation(from: text, to: joined.map(\.text)))
            }
            index += 1
        }
    }

    private func joined(_ left: [Variant], _ right: [Variant]) -> [Variant] {
        var best: (count: Int, variants: [Variant]) = (0, [])
        for first in left.prefix(4) where first.terms.count == 1 && first.kind == .translation {
            for second in right.prefix(4) where second.terms.count == 1 && second.kind == .translation {
                let apart = together(first.terms + second.terms)
                for texts in [[second.text, first.text], [first.text, second.text]] {
                    let term = analyzer.token(Array(texts.joined().lowercased().utf8)).term
                    let count = documentFrequency(term)
                    if count > max(apart, best.count) {
                        let variant = Variant(terms: [term], weight: 0.9, kind: .translation, text: texts.joined())
                        best = (count, [variant])
                    }
                    // `toilet` and `paper`, where the catalogue says `toilet tissue`.
                    let others = apart < Self.few ? otherNames(texts.joined(separator: " ")) : []
                    let named = others.map { together($0.terms) }.max() ?? 0
                    if named > max(apart, best.count) { best = (named, others) }
                }
            }
        }
        return best.variants
    }

    /// What an English phrase is called otherwise, if items hold it.
    private func otherNames(_ phrase: String) -> [Variant] {
        let key = Array(TextFolding.words(of: phrase).joined(separator: [32]))
        let own = analyzer.tokens(of: phrase, limit: 8).map(\.term)
        return expansions.synonyms(of: key).filter {
            $0.weight >= Self.closeMeaning && !Set($0.terms).isSubset(of: own) && together($0.terms) > 0
        }
        .map { Variant(terms: $0.terms, weight: 0.9, kind: .translation, text: $0.text) }
    }

    // MARK: Scripts without spaces

    /// Reads a run of characters that stand for words or parts of words, in the language that needs the fewest pieces.
    func readingOfCharacters(_ tokens: ArraySlice<Token>, market: String?) -> ForeignReading? {
        let hasKana = tokens.contains { isKana($0) }
        var languages = hasKana ? ["ja", "zh"] : ["zh", "ja"]
        if let market, languages.contains(market), !hasKana { languages = [market] + languages.filter { $0 != market } }
        let readings = languages.map { reading(of: tokens, in: $0) }.filter { !$0.groups.isEmpty }
        return readings.min { cost($0, tokens.count) < cost($1, tokens.count) }
    }

    /// Pieces, and twice the characters that none of them covers.
    private func cost(_ reading: ForeignReading, _ characters: Int) -> Int {
        let covered = reading.groups.reduce(0) { $0 + $1.text.unicodeScalars.count }
        return reading.groups.count + 2 * max(0, characters - covered)
    }

    private func isKana(_ token: Token) -> Bool {
        token.text.unicodeScalars.first.map { (0x3040...0x30FF).contains($0.value) } ?? false
    }

    /// Whether a token is one character of a script without spaces.
    func standsAlone(_ token: Token) -> Bool {
        token.word.count >= 3 && token.word[0] >= 0xE0 && token.text.unicodeScalars.count == 1
    }

    // MARK: Compounds

    /// A word of two, as German and Dutch make them: `Hundekuchen` is read as `dog` with `cake`.
    ///
    /// Each half is a word of the catalogue or of a dictionary, the first one perhaps with a letter that joins them.
    func compoundInOtherLanguage(_ token: Token, language: String?) -> Variant? {
        let word = token.word
        guard word.count >= 7, word.allSatisfy({ $0 < 128 }), language == nil || language == "de" || language == "nl"
        else {
            return nil
        }
        var best: (value: Float, variant: Variant)?
        for cut in 3...(word.count - 3) {
            let right = half(Array(word[cut...]), language)
            guard !right.isEmpty else { continue }
            for first in firstHalf(Array(word[..<cut]), language) {
                for second in right where first.kind == .translation || second.kind == .translation {
                    let terms = first.terms + second.terms
                    let both = together(terms)
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

    /// The first half, also without a letter or two that join it to the second.
    private func firstHalf(_ word: [UInt8], _ language: String?) -> [Variant] {
        let found = half(word, language)
        if !found.isEmpty { return found }
        for link in ["s", "n", "en", "es", "er"] where word.count >= link.utf8.count + 3 {
            guard word.suffix(link.utf8.count).elementsEqual(link.utf8) else { continue }
            let bare = half(Array(word.dropLast(link.utf8.count)), language)
            if !bare.isEmpty { return bare }
        }
        return []
    }

    private func half(_ word: [UInt8], _ language: String?) -> [Variant] {
        let languages = language.map { [$0] } ?? ["de", "nl"]
        let translated = languages.flatMap { expansions.translations(of: word, in: $0) }.map(\.variant)
            .filter { isKnown($0) }.prefix(4)
        let own = analyzer.token(word)
        guard word.count >= 4, documentFrequency(own.term) > 0 else { return Array(translated) }
        return [Variant(terms: [own.term], weight: 0.7, kind: .exact, text: own.text)] + translated
    }
}
