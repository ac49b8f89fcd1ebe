import Domain

/// A book made ready for searches: exact queries by hash, phrases by their first word, the rest in a list.
///
/// Complexity of one search: O(words + rules with a pattern or without a query + rules that match).
public struct RuleMatcher: Sendable {
    /// How many rules may replace a query one after another.
    public static let maximumReplacements = 8
    private static let maximumWordings = 16

    public let book: RuleBook
    /// Places in `book.rules`, strongest first wherever a list is given.
    private var exact: [String: [Int]] = [:]
    private var phrases: [Substring: [Int]] = [:]
    private var others: [Int] = []
    /// Strength by place: smaller is stronger.
    private var ranks: [Int] = []
    private var synonyms = SynonymTable()

    public init(_ book: RuleBook) {
        self.book = book
        let order = book.rules.indices.sorted {
            (-book.rules[$0].priority, $0) < (-book.rules[$1].priority, $1)
        }
        ranks = Array(repeating: 0, count: book.rules.count)
        for (rank, place) in order.enumerated() { ranks[place] = rank }
        for place in order where book.rules[place].isEnabled {
            switch book.rules[place].conditions.query {
            case .exact(let text)?: exact[text, default: []].append(place)
            case .contains(let text)?:
                if let first = QueryText.words(text).first { phrases[first, default: []].append(place) }
            case .pattern?, nil: others.append(place)
            }
        }
        synonyms = SynonymTable(book.synonyms)
    }

    /// What the rules make of a search.
    public func outcome(_ context: RuleContext) -> RuleOutcome {
        var outcome = RuleOutcome(query: context.query)
        if book.rules.isEmpty && book.synonyms.isEmpty { return outcome }
        var visited = [QueryText.fold(context.query)]
        var used: Set<Int> = []
        var matched = Set(matches(visited[0], context))
        while outcome.replacements.count < Self.maximumReplacements {
            let candidates = matches(QueryText.fold(outcome.query), context).filter { !used.contains($0) }
            guard let (place, text) = firstReplacement(candidates, outcome.query) else { break }
            used.insert(place)
            let folded = QueryText.fold(text)
            // A replacement that leads back is not taken: publishing refuses such rules.
            guard !visited.contains(folded) else { continue }
            outcome.replacements.append(
                RuleOutcome.Replacement(rule: book.rules[place].id, from: outcome.query, to: text))
            outcome.query = text
            visited.append(folded)
            matched.formUnion(matches(folded, context))
        }
        collect(matched.sorted { ranks[$0] < ranks[$1] }, into: &outcome)
        outcome.wordings = synonyms.wordings(of: QueryText.fold(outcome.query), limit: Self.maximumWordings)
        return outcome
    }

    /// Places of the rules whose conditions hold for a folded query, strongest first.
    func matches(_ folded: String, _ context: RuleContext) -> [Int] {
        candidates(folded).filter { holds(book.rules[$0].conditions, context) }.sorted { ranks[$0] < ranks[$1] }
    }

    /// Places of the rules whose condition on the query holds.
    func candidates(_ folded: String) -> [Int] {
        var found = exact[folded] ?? []
        let words = QueryText.words(folded)
        for word in Set(words) {
            for place in phrases[word] ?? [] {
                guard case .contains(let phrase)? = book.rules[place].conditions.query else { continue }
                if QueryText.range(of: QueryText.words(phrase), in: words) != nil { found.append(place) }
            }
        }
        let characters = Array(folded)
        for place in others {
            guard case .pattern(let pattern)? = book.rules[place].conditions.query else {
                found.append(place)
                continue
            }
            if pattern.matches(characters) { found.append(place) }
        }
        return found
    }

    /// Where the first rule's replacement leads to; `nil` if none of the rules replaces anything.
    func firstReplacement(_ places: [Int], _ query: String) -> (place: Int, text: String)? {
        for place in places {
            for case .replace(let phrase, let with) in book.rules[place].actions {
                guard let phrase else { return (place, with) }
                let words = QueryText.fold(query).split(separator: " ")
                guard let range = QueryText.range(of: QueryText.words(phrase), in: words) else { continue }
                let parts = words[..<range.lowerBound] + [Substring(with)] + words[range.upperBound...]
                return (place, parts.filter { !$0.isEmpty }.joined(separator: " "))
            }
        }
        return nil
    }

    private func holds(_ conditions: Conditions, _ context: RuleContext) -> Bool {
        if let start = conditions.start, context.now < start { return false }
        if let end = conditions.end, context.now >= end { return false }
        if !conditions.markets.isEmpty, !conditions.markets.contains(context.market) { return false }
        if !conditions.segments.isEmpty, conditions.segments.isDisjoint(with: context.segments) { return false }
        if let category = conditions.category {
            let chosen = context.filters["category"] ?? []
            guard chosen.contains(where: { $0 == category || $0.hasPrefix(category + " > ") }) else { return false }
        }
        return conditions.filters.allSatisfy { field, values in
            !(context.filters[field] ?? []).isDisjoint(with: values)
        }
    }

    private func collect(_ places: [Int], into outcome: inout RuleOutcome) {
        var hidden: Set<ItemID> = []
        var pinned: [Int: RuleOutcome.Pin] = [:]
        var pinnedItems: Set<ItemID> = []
        for place in places {
            let rule = book.rules[place]
            outcome.rules.append(rule.id)
            for action in rule.actions {
                switch action {
                case .pin(let item, let wanted):
                    guard !hidden.contains(item), pinnedItems.insert(item).inserted else { continue }
                    // A stronger rule has the place: the next free one is taken.
                    var position = wanted
                    while pinned[position] != nil { position += 1 }
                    pinned[position] = RuleOutcome.Pin(
                        rule: rule.id, item: item, position: position, mode: rule.pinMode)
                case .hide(let target):
                    if case .items(let ids) = target {
                        let free = ids.filter { !pinnedItems.contains($0) }
                        hidden.formUnion(free)
                        guard !free.isEmpty else { continue }
                        outcome.hidden.append(RuleOutcome.Hiding(rule: rule.id, target: .items(free)))
                    } else {
                        outcome.hidden.append(RuleOutcome.Hiding(rule: rule.id, target: target))
                    }
                case .weigh(let target, let factor):
                    outcome.weights.append(RuleOutcome.Weight(rule: rule.id, target: target, factor: factor))
                case .filter(let field, let values):
                    guard !outcome.filters.contains(where: { $0.field == field }) else { continue }
                    outcome.filters.append(RuleOutcome.Filter(rule: rule.id, field: field, values: values))
                case .replace: break
                case .redirect(let address): outcome.redirect = outcome.redirect ?? address
                case .banner(let banner): outcome.banners.append(banner)
                }
            }
        }
        outcome.pins = pinned.values.sorted { $0.position < $1.position }
    }
}
