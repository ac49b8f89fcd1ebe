import TextAnalysis

/// One way to read a word of a query: terms that a document must hold all of.
struct Variant: Hashable, Sendable {
    enum Kind: Sendable { case exact, prefix, typo, split, synonym, translation }

    let terms: [[UInt8]]
    let weight: Float
    let kind: Kind
    let text: String
}

/// One word of a query with the ways to read it; a document's best variant counts.
struct TermGroup: Sendable {
    let text: String
    var variants: [Variant]
    /// How much the word says: the idf of its best reading.
    var information: Float = 0
}

/// A query, understood: what every document is measured by.
struct QueryPlan: Sendable {
    var groups: [TermGroup] = []
    var steps: [RelaxationStep] = []
    /// Words that nothing in the catalogue is near to.
    var missing: [String] = []
}

/// Turns a query into a plan with the words that the catalogue holds.
struct QueryPlanner {
    static let maximumWords = 24

    let analyzer: Analyzer
    let segments: [Segment]
    let expansions: Expansions

    func plan(_ request: SearchRequest) -> QueryPlan {
        var tokens = Array(analyzer.tokens(of: request.query, limit: Self.maximumWords))
        let telling = tokens.filter { !Analyzer.stopWords.contains($0.word) }
        if !telling.isEmpty { tokens = telling }
        var plan = QueryPlan()
        var index = 0
        while index < tokens.count {
            if let (joined, used) = phraseInOtherLanguage(tokens, at: index), request.correctsTypos {
                plan.groups.append(joined)
                plan.steps.append(.translation(from: joined.text, to: joined.variants.map(\.text)))
                index += used
                continue
            }
            let isLast = index == tokens.count - 1
            let next = index + 1 < tokens.count ? tokens[index + 1] : nil
            if let joined = joinedWord(tokens[index], next) {
                plan.steps.append(.split(from: tokens[index].text + " " + (next?.text ?? ""), to: joined.text))
                plan.groups.append(joined)
                index += 2
                continue
            }
            add(tokens[index], isPrefix: isLast && request.isPrefix, corrects: request.correctsTypos, to: &plan)
            index += 1
        }
        for group in plan.groups.indices { plan.groups[group].information = information(plan.groups[group]) }
        return plan
    }

    private func add(_ token: Token, isPrefix: Bool, corrects: Bool, to plan: inout QueryPlan) {
        var group = TermGroup(text: token.text, variants: [])
        let frequency = documentFrequency(token.term)
        if frequency > 0 {
            group.variants.append(Variant(terms: [token.term], weight: 1, kind: .exact, text: token.text))
        }
        if isPrefix { group.variants += prefixes(of: token) }
        let synonyms = expansions.synonyms(of: token.word).filter { isKnown($0) }
        if corrects { group.variants += synonyms }
        if group.variants.isEmpty, corrects {
            let translated = Array(expansions.translations(of: token.word).filter { isKnown($0) }.prefix(5))
            if !translated.isEmpty {
                group.variants = translated
                plan.steps.append(.translation(from: token.text, to: translated.map(\.text)))
            } else if let split = splitWord(token) {
                group.variants = [split]
                plan.steps.append(.split(from: token.text, to: split.text))
            } else if let compound = compoundInOtherLanguage(token) {
                group.variants = [compound]
                plan.steps.append(.translation(from: token.text, to: [compound.text]))
            } else {
                group.variants = corrections(of: token)
                if !group.variants.isEmpty {
                    plan.steps.append(.typo(from: token.text, to: group.variants.map(\.text)))
                }
            }
        } else if !synonyms.isEmpty, corrects {
            plan.steps.append(.synonyms(from: token.text, to: synonyms.map(\.text)))
        }
        if group.variants.isEmpty {
            plan.missing.append(token.text)
        } else {
            plan.groups.append(group)
        }
    }

    // MARK: Words of the catalogue

    func documentFrequency(_ term: [UInt8]) -> Int {
        segments.reduce(0) { sum, segment in sum + (segment.terms.find(term).map { segment.postings($0).count } ?? 0) }
    }

    func isKnown(_ variant: Variant) -> Bool {
        variant.terms.allSatisfy { term in segments.contains { $0.terms.find(term) != nil } }
    }

    private func information(_ group: TermGroup) -> Float {
        var best: Float = 0
        for variant in group.variants
        where variant.kind != .synonym || group.variants.allSatisfy({ $0.kind == .synonym }) {
            for term in variant.terms {
                for segment in segments {
                    if let found = segment.terms.find(term) { best = max(best, segment.idf[found] * variant.weight) }
                }
            }
        }
        return best
    }

    /// Up to 24 frequent words that begin with what was typed.
    private func prefixes(of token: Token) -> [Variant] {
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

    /// The nearest words of the catalogue: one edit from four letters, two from seven.
    ///
    /// The first letter must agree unless nothing else is near; among equally near words the frequent ones win.
    private func corrections(of token: Token) -> [Variant] {
        let word = token.word
        guard word.count >= 4, !word.contains(where: { (48...57).contains($0) }) else { return [] }
        let limit = word.count >= 7 ? 2 : 1
        let mask = Segment.letterMask(word)
        var candidates: [(cost: Double, word: [UInt8], term: [UInt8])] = []
        for segment in segments {
            for index in 0..<segment.words.count {
                // Each edit changes the set of letters by two at most: most words are ruled out without reading them.
                guard (mask ^ segment.wordMasks[index]).nonzeroBitCount <= 2 * limit else { continue }
                let length = segment.words.length(index)
                guard abs(length - word.count) <= limit, length >= 3 else { continue }
                let candidate = segment.words[index]
                guard let distance = EditDistance.bounded(word, candidate, limit: limit) else { continue }
                let sameStart = candidate[0] == word[0]
                let frequency = Double(segment.wordDocuments[index])
                let cost =
                    Double(distance) + (sameStart ? 0 : 0.7) - 0.12 * naturalLogarithm(1 + frequency)
                    + (sharesConsonants(word, candidate) ? -0.4 : 0)
                candidates.append((cost, candidate, segment.terms[Int(segment.wordTerms[index])]))
            }
        }
        candidates.sort { ($0.cost, $0.word.count) < ($1.cost, $1.word.count) }
        guard let best = candidates.first else { return [] }
        var seen: Set<[UInt8]> = []
        return candidates.prefix { $0.cost <= best.cost + 0.3 }.filter { seen.insert($0.term).inserted }.prefix(3).map {
            Variant(
                terms: [$0.term], weight: Float(0.9 - 0.5 * ($0.cost - best.cost)), kind: .typo,
                text: String(decoding: $0.word, as: UTF8.self))
        }
    }

    /// Whether two words have the same consonants in the same order, doubled ones counted once: a likely slip.
    private func sharesConsonants(_ left: [UInt8], _ right: [UInt8]) -> Bool { skeleton(left) == skeleton(right) }

    private func skeleton(_ word: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for byte in word where !"aeiouyh".utf8.contains(byte) && result.last != byte {
            result.append(byte == UInt8(ascii: "c") ? UInt8(ascii: "k") : byte)
        }
        return result
    }

    /// `toothpaste` typed as `tooth paste`, where only the joined word is in the catalogue.
    private func joinedWord(_ left: Token, _ right: Token?) -> TermGroup? {
        guard let right, documentFrequency(left.term) == 0 || documentFrequency(right.term) == 0 else { return nil }
        let joined = analyzer.token(left.word + right.word)
        guard documentFrequency(joined.term) > 0 else { return nil }
        return TermGroup(
            text: joined.text, variants: [Variant(terms: [joined.term], weight: 1, kind: .split, text: joined.text)])
    }

    /// `icecream` where the catalogue has `ice cream`: both halves known, the rarer half as frequent as can be.
    private func splitWord(_ token: Token) -> Variant? {
        guard token.word.count >= 6 else { return nil }
        var best: (frequency: Int, variant: Variant)?
        for cut in 3...(token.word.count - 3) {
            let (left, right) = (
                analyzer.token(Array(token.word[..<cut])), analyzer.token(Array(token.word[cut...]))
            )
            let both = SegmentScorer.intersectionCount([left.term, right.term], segments)
            if both > best?.frequency ?? 0 {
                best = (
                    both,
                    Variant(
                        terms: [left.term, right.term], weight: 0.9, kind: .split,
                        text: left.text + " " + right.text)
                )
            }
        }
        return best?.variant
    }
}
