import TextAnalysis

/// One way to read a word of a query: terms that a document must hold all of.
struct Variant: Hashable, Sendable {
    enum Kind: Sendable { case exact, prefix, typo, split, synonym, translation, identifier }

    let terms: [[UInt8]]
    let weight: Float
    let kind: Kind
    let text: String
    /// In place of terms: what stands for an item's number.
    var identifier: UInt64?

    func scaled(_ factor: Float) -> Variant {
        Variant(terms: terms, weight: weight * factor, kind: kind, text: text, identifier: identifier)
    }
}

/// One word of a query with the ways to read it; a document's best variant counts.
struct TermGroup: Sendable {
    let text: String
    var variants: [Variant]
    /// How much the word says: the idf of its best reading.
    var information: Float = 0
    /// Whether it names what is looked for, as `wine` does in `red wine from italy`.
    var isHead = false
}

/// A query, understood: what every document is measured by.
struct QueryPlan: Sendable {
    var groups: [TermGroup] = []
    var steps: [RelaxationStep] = []
    /// Words that nothing in the catalogue is near to.
    var missing: [String] = []
    /// Items that hold one of these terms do not match.
    var excluded: [[UInt8]] = []
}

/// Turns a query into a plan with the words that the catalogue holds.
struct QueryPlanner {
    static let maximumWords = 24
    /// A phrase that fewer items hold is looked for under its other names.
    static let few = 10
    /// From this weight on a word means the same, and is not only wider.
    static let closeMeaning: Float = 0.4
    /// What the best reading of a word weighs that no item holds, if its weight is at least that of what it is a kind of.
    private static let usualMeaning: Float = 0.6
    private static let leastKind: Float = 0.2
    private static let likelyShare: Float = 0.75
    /// What a query is about says as much as this many words that describe it.
    static let headFactor: Float = 3

    let analyzer: Analyzer
    let segments: [Segment]
    let expansions: Expansions

    func plan(_ request: SearchRequest) -> QueryPlan {
        var tokens = tokens(of: request.query)
        var plan = QueryPlan()
        let number = identifier(request.query).map { key in
            Variant(terms: [], weight: 1, kind: .identifier, text: request.query, identifier: key)
        }
        if let number, tokens.count != 1 || documentFrequency(tokens[0].term) == 0 {
            plan.groups = [TermGroup(text: request.query, variants: [number])]
            plan.groups[0].information = information(plan.groups[0])
            return plan
        }
        let head = head(of: tokens, request)
        if request.correctsTypos, request.synonyms.isEmpty,
            let language = foreignLanguage(of: tokens, market: request.language)
        {
            let reading = reading(of: tokens[...], in: language)
            if !reading.groups.isEmpty { take(reading, &plan) }
        }
        if plan.groups.isEmpty {
            let telling = tokens.filter { !isIdle($0, request) }
            if !telling.isEmpty { tokens = telling }
            read(tokens, request, &plan)
            if let place = plan.groups.lastIndex(where: { group in head.map { group.text.hasSuffix($0.text) } ?? false }
            ) {
                plan.groups[place].isHead = true
            }
        }
        if let number, plan.groups.count == 1 { plan.groups[0].variants.append(number) }
        plan.groups += request.readings
        plan.excluded = request.excludedTerms
        for group in plan.groups.indices { plan.groups[group].information = information(plan.groups[group]) }
        return plan
    }

    /// The words of a query. One with an apostrophe that nobody knows is two, as in `l'huile`.
    private func tokens(of query: String) -> [Token] {
        let limit = Self.maximumWords
        let tokens = analyzer.tokens(of: query, limit: limit)
        guard query.unicodeScalars.contains(where: { $0 == "'" || $0 == "\u{2019}" }) else { return tokens }
        let isStrange = tokens.contains {
            documentFrequency($0.term) == 0 && expansions.translations(of: $0.word, lemmas: false).isEmpty
        }
        guard isStrange else { return tokens }
        let spaced = query.map { $0 == "'" || $0 == "\u{2019}" ? " " : $0 }
        return analyzer.tokens(of: String(spaced), limit: limit)
    }

    /// The word that a query is about: the last one that is no adjective, or the last such before a preposition.
    private func head(of tokens: [Token], _ request: SearchRequest) -> Token? {
        let start = tokens.firstIndex { !isIdle($0, request) } ?? 0
        let end =
            tokens[start...].dropFirst().firstIndex {
                request.usesLists && Analyzer.prepositions.contains($0.word)
                    || expansions.function($0.word)?.parts ?? false
            } ?? tokens.count
        let telling = tokens[..<end].filter { !isIdle($0, request) }
        // A description that stands behind what it describes, as in `tortillas organic`, names nothing.
        return telling.last { !expansions.isAdjective($0.word) } ?? telling.last ?? tokens.last
    }

    /// Whether a word says nothing of a product: by a list, or as the catalogue's language uses it.
    func isIdle(_ token: Token, _ request: SearchRequest) -> Bool {
        request.usesLists && Analyzer.stopWords.contains(token.word) || expansions.function(token.word) != nil
    }

    private func take(_ reading: ForeignReading, _ plan: inout QueryPlan) {
        plan.groups += reading.groups
        plan.steps += reading.steps
        plan.missing += reading.missing
    }

    private func read(_ tokens: [Token], _ request: SearchRequest, _ plan: inout QueryPlan) {
        var index = 0
        while index < tokens.count {
            if request.correctsTypos, standsAlone(tokens[index]) {
                let end = tokens[index...].firstIndex { !standsAlone($0) } ?? tokens.count
                let run = tokens[index..<end]
                if run.contains(where: { documentFrequency($0.term) == 0 }) {
                    if let reading = readingOfCharacters(run, market: request.language) {
                        take(reading, &plan)
                        index = end
                        continue
                    }
                    let text = run.map(\.text).joined()
                    if let (variants, step) = readings(ofSound: text) {
                        plan.groups.append(TermGroup(text: text, variants: variants))
                        plan.steps.append(step)
                        index = end
                        continue
                    }
                }
            }
            if request.correctsTypos, let (group, used) = ownSynonym(tokens, at: index, request) {
                plan.groups.append(group)
                let others = group.variants.filter { $0.kind == .synonym }.map(\.text)
                plan.steps.append(.synonyms(from: group.text, to: others))
                index += used
                continue
            }
            if request.correctsTypos, let (group, used) = phraseOfLikeMeaning(tokens, at: index) {
                plan.groups.append(group)
                plan.steps.append(.synonyms(from: group.text, to: group.variants.map(\.text)))
                index += used
                continue
            }
            if request.correctsTypos, index + 1 < tokens.count,
                let joined = joinedWord(tokens[index], tokens[index + 1])
            {
                plan.steps.append(joined.step)
                plan.groups.append(joined.group)
                index += 2
                continue
            }
            let isPrefix = index == tokens.count - 1 && request.isPrefix
            add(
                tokens[index], isPrefix: isPrefix, isAlone: tokens.count == 1, corrects: request.correctsTypos,
                isByRelevance: request.sort == .relevance, to: &plan)
            index += 1
        }
    }

    private func add(
        _ token: Token, isPrefix: Bool, isAlone: Bool, corrects: Bool, isByRelevance: Bool, to plan: inout QueryPlan
    ) {
        var group = TermGroup(text: token.text, variants: [])
        let frequency = documentFrequency(token.term)
        if frequency > 0 {
            group.variants.append(Variant(terms: [token.term], weight: 1, kind: .exact, text: token.text))
        }
        if isPrefix { group.variants += prefixes(of: token) }
        if corrects, !isPrefix, frequency > 0 { reconsider(token, frequency, &group, &plan) }
        // In another order than by relevance, a wider word would count as much as the word itself.
        let widens = corrects && (isByRelevance || frequency < Self.few)
        let synonyms = widens ? synonyms(of: token, frequency: frequency) : []
        group.variants += synonyms
        if group.variants.isEmpty, corrects {
            if let (variants, step) = readings(ofUnknown: token, isPrefix: isPrefix, isAlone: isAlone) {
                group.variants = variants
                plan.steps.append(step)
            }
        } else if !synonyms.isEmpty {
            plan.steps.append(.synonyms(from: token.text, to: synonyms.map(\.text)))
        }
        if group.variants.isEmpty {
            plan.missing.append(token.text)
        } else {
            plan.groups.append(group)
        }
    }

    /// A word that is known, but not from what the shop writes, or from little of it.
    private func reconsider(_ token: Token, _ frequency: Int, _ group: inout TermGroup, _ plan: inout QueryPlan) {
        if let best = correctionOfShorthand(token) {
            group.variants.append(Variant(terms: [best.term], weight: 1, kind: .typo, text: best.text))
            plan.steps.append(.typo(from: token.text, to: [best.text]))
        }
        if let likelier = likelierWord(than: token, frequency: frequency) {
            plan.steps.append(.didYouMean(from: token.text, to: [likelier]))
        }
    }

    /// What a word that the catalogue does not hold may stand for: the likeliest kind of reading that leads somewhere.
    ///
    /// Beside others, a word of the catalogue's own language is neither a slip nor one of another language.
    private func readings(ofUnknown token: Token, isPrefix: Bool, isAlone: Bool) -> (
        variants: [Variant], step: RelaxationStep
    )? {
        func translated(_ variants: [Variant]) -> (variants: [Variant], step: RelaxationStep)? {
            variants.isEmpty ? nil : (variants, .translation(from: token.text, to: variants.map(\.text)))
        }
        func split(_ variant: Variant?) -> (variants: [Variant], step: RelaxationStep)? {
            variant.map { ([$0], .split(from: token.text, to: $0.text)) }
        }
        if !isAlone, expansions.isOwn(token.word) { return split(splitWord(token)) }
        let isHeadword = !expansions.translations(of: token.word, lemmas: false).isEmpty
        if !isHeadword, isLikelySlip(token), let slip = readings(ofSlip: token, isPrefix: isPrefix) { return slip }
        return translated(sharpened(expansions.translations(of: token.word))) ?? readings(ofSound: token.text)
            ?? split(splitWord(token))
            ?? translated(compoundInOtherLanguage(token, language: nil).map { [$0] } ?? [])
            ?? readings(ofSlip: token, isPrefix: isPrefix) ?? split(splitWordWithSlip(token))
    }

    // MARK: Words of the catalogue

    func documentFrequency(_ term: [UInt8]) -> Int {
        segments.reduce(0) { sum, segment in sum + (segment.terms.find(term).map { segment.documentFrequency($0) } ?? 0)
        }
    }

    /// How many items hold all of some terms; counted no further than `limit`.
    func together(_ terms: [[UInt8]], limit: Int = .max) -> Int {
        PhrasePostings.intersectionCount(terms, segments, limit: limit)
    }

    func isKnown(_ variant: Variant) -> Bool {
        variant.terms.allSatisfy { term in segments.contains { $0.terms.find(term) != nil } }
    }

    /// Words of like meaning; beside the word itself none of them counts more for being rarer than it.
    ///
    /// What many items hold needs no wider words. Of a word that none holds the likeliest readings count alone, and the best of
    /// them as much as a usual sense does.
    private func synonyms(of token: Token, frequency: Int) -> [Variant] {
        var known = expansions.synonyms(of: token.word).filter { isKnown($0) }
        if frequency > 0 {
            if frequency >= Self.few { known.removeAll { $0.weight < Self.closeMeaning } }
            return known.map { notAbove(inverseFrequency(token.term), $0) }
        }
        let best = known.map(\.weight).max() ?? 0
        guard best > 0 else { return [] }
        known.removeAll { $0.weight < Self.likelyShare * best }
        return best < Self.leastKind ? known : known.map { $0.scaled(max(1, Self.usualMeaning / best)) }
    }

    /// A reading that counts no more for being rarer than a word of the given idf.
    func notAbove(_ limit: Float, _ variant: Variant) -> Variant {
        let rarest = variant.terms.map { inverseFrequency($0) }.max() ?? limit
        return rarest > limit ? variant.scaled(limit / rarest) : variant
    }

    /// The highest idf of a term in any segment; 0 for an unknown one.
    func inverseFrequency(_ term: [UInt8]) -> Float {
        segments.reduce(0) { best, segment in max(best, segment.terms.find(term).map { segment.idf[$0] } ?? 0) }
    }

    /// How much a group says: the idf of its best reading, and more for what the query is about.
    ///
    /// A word that stands in the catalogue for another, or none for it, says as much as that one.
    private func information(_ group: TermGroup) -> Float {
        let own = group.variants.filter { $0.kind != .synonym }
        let heaviest = group.variants.map(\.weight).max() ?? 0
        var best: Float = 0
        for variant in own.isEmpty ? group.variants : own {
            let weight = own.isEmpty ? (variant.weight == heaviest ? 1 : 0) : variant.weight
            for term in variant.terms { best = max(best, inverseFrequency(term) * weight) }
            if variant.identifier != nil { best = max(best, segments.map(\.highestIDF).max() ?? 0) }
        }
        return group.isHead ? best * Self.headFactor : best
    }
}
