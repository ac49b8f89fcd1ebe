import Domain
import TextAnalysis

extension SearchSnapshot {
    /// A facet with more values than this is not looked through for words of a query.
    private static let fewValues = 24

    /// Takes prices, sizes, an order, values and exclusions out of the words of a request and makes filters of them.
    ///
    /// What the request says itself goes before what its words say; a part that it names in `ignored` stays words.
    /// - Parameter decimals: Of the currency that prices are in.
    /// - Complexity: O(words · values of small facets).
    func understand(_ request: SearchRequest, decimals: Int) -> (
        request: SearchRequest, understanding: QueryUnderstanding
    ) {
        var understanding = QueryUnderstanding()
        guard !request.isUnderstood, request.understands, request.usesLists, !request.query.isEmpty else {
            understanding.words = request.query
            return (request, understanding)
        }
        var result = request
        result.isUnderstood = true
        let planner = planner()
        guard planner.identifier(request.query) == nil else {
            understanding.words = request.query
            return (result, understanding)
        }
        let phrases = QueryPhrases(request.query, decimals: decimals)
        var rest: [String] = []
        var index = 0
        while index < phrases.words.count {
            if let (part, length) = part(phrases, at: index, planner), !request.ignored.contains(part.id),
                !understanding.parts.contains(where: { $0.id == part.id }), apply(part, to: &result, planner)
            {
                understanding.parts.append(part)
                index += length
            } else {
                rest.append(phrases.words[index])
                index += 1
            }
        }
        if understanding.parts.isEmpty {
            understanding.words = request.query
        } else {
            result.query = rest.joined(separator: " ")
            understanding.words = result.query
        }
        return (result, understanding)
    }

    private func part(_ phrases: QueryPhrases, at index: Int, _ planner: QueryPlanner)
        -> (part: QueryUnderstanding.Part, length: Int)?
    {
        func text(_ length: Int) -> String { phrases.words[index..<index + length].joined(separator: " ") }
        if let (value, length) = value(phrases.words, at: index) {
            return (
                QueryUnderstanding.Part(
                    id: value.field, text: text(length), meaning: .value(field: value.field, value: value.value)),
                length
            )
        }
        guard let (phrase, length) = phrases.phrase(at: index) else { return nil }
        switch phrase {
        case .price(let lowest, let highest):
            return (.init(id: "price", text: text(length), meaning: .price(lowest: lowest, highest: highest)), length)
        case .order(let sort):
            return (.init(id: "order", text: text(length), meaning: .order(sort)), length)
        case .amount(let amount):
            let wordings = amount.wordings.filter { isHeld($0, planner) }
            return wordings.isEmpty
                ? nil : (.init(id: "size", text: text(length), meaning: .size(wordings: wordings)), length)
        case .without(let word):
            let token = analyzer.tokens(of: word, limit: 1).first
            let stem = token.map { String(decoding: $0.term, as: UTF8.self) } ?? word
            let others = phrases.words[..<index] + phrases.words[(index + length)...]
            let wordings = [word + " free", "no " + word, stem + "less", "non " + word].filter {
                isHeld($0, beside: others, planner)
            }
            let isKnown = token.map { planner.documentFrequency($0.term) > 0 } ?? false
            // An exclusion alone would leave nothing to look for.
            return wordings.isEmpty && (!isKnown || length == phrases.words.count)
                ? nil
                : (
                    .init(id: "without", text: text(length), meaning: .without(word: word, wordings: wordings)), length
                )
        }
    }

    /// Whether an item holds a wording, with all other words of the query that the catalogue knows.
    private func isHeld(
        _ wording: String, beside others: ArraySlice<String> = [], _ planner: QueryPlanner
    ) -> Bool {
        let terms = analyzer.tokens(of: wording, limit: 6).map(\.term)
        let known = others.flatMap { analyzer.tokens(of: $0, limit: 2) }
            .filter { !Analyzer.stopWords.contains($0.word) && planner.documentFrequency($0.term) > 0 }.map(\.term)
        return !terms.isEmpty && planner.together(Array(terms + known.filter { !terms.contains($0) })) > 0
    }

    /// A value of a small facet beside a word of the facet's name: `private brand`.
    private func value(_ words: [String], at index: Int) -> (value: (field: String, value: String), length: Int)? {
        for part in parts {
            for facet in part.segment.facets
            where facet.values.count <= Self.fewValues && facet.name != FacetBuilder.categoryName {
                let names = Set(analyzer.tokens(of: facet.name.replacing("_", with: " "), limit: 4).map(\.term))
                for ordinal in 0..<facet.values.count {
                    let value = facet.values.text(ordinal)
                    let tokens = analyzer.tokens(of: value, limit: 4)
                    let end = index + tokens.count
                    guard !tokens.isEmpty, end < words.count else { continue }
                    let typed = words[index...end].flatMap { analyzer.tokens(of: $0, limit: 2) }
                    guard typed.count == tokens.count + 1, typed.dropLast().map(\.word) == tokens.map(\.word),
                        let name = typed.last, names.contains(name.term)
                    else { continue }
                    return ((facet.name, value), tokens.count + 1)
                }
            }
        }
        return nil
    }

    /// Returns whether the request had room for it.
    private func apply(_ part: QueryUnderstanding.Part, to request: inout SearchRequest, _ planner: QueryPlanner)
        -> Bool
    {
        switch part.meaning {
        case .price(let lowest, let highest):
            guard request.minimumPrice == nil, request.maximumPrice == nil else { return false }
            (request.minimumPrice, request.maximumPrice) = (lowest, highest)
        case .order(let sort):
            guard request.sort == .relevance else { return false }
            request.sort = sort
        case .value(let field, let value):
            guard request.filters[field] == nil else { return false }
            request.filters[field] = [value]
        case .size(let wordings):
            request.readings.append(group(part.text, wordings))
        case .without(let word, let wordings):
            if wordings.isEmpty {
                request.excludedTerms += analyzer.tokens(of: word, limit: 1).map(\.term)
            } else {
                request.readings.append(group(part.text, wordings))
            }
        }
        return true
    }

    private func group(_ text: String, _ wordings: [String]) -> TermGroup {
        TermGroup(
            text: text,
            variants: wordings.map { wording in
                Variant(
                    terms: analyzer.tokens(of: wording, limit: 6).map(\.term), weight: 1, kind: .exact, text: wording)
            })
    }
}
