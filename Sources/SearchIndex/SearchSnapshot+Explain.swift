public import Domain
import TextAnalysis

extension SearchSnapshot {
    /// Explains the score of one item for a query: the leaves of each branch sum to their parent.
    ///
    /// Reads the item's text anew with the statistics of its segment, so it needs the item as it was indexed.
    /// - Returns: `nil` if the item does not match the query.
    public func explain(_ request: SearchRequest, _ stored: StoredItem) throws(SearchError) -> ScoreExplanation? {
        let plan = plan(request)
        guard !plan.groups.isEmpty, let place = place(of: stored.number) else { return nil }
        let segment = parts[place.part].segment
        var scorer = SegmentScorer(segment)
        var branches: [ScoreExplanation] = []
        for group in plan.groups {
            let before = scorer.scores[place.document]
            scorer.add(group)
            let gained = scorer.scores[place.document] - before
            guard gained > 0 else { continue }
            let best = bestVariant(of: group, in: segment, document: place.document)
            branches.append(
                ScoreExplanation(
                    label: "\(best?.kind.label ?? "word") '\(best?.text ?? group.text)'", value: Double(gained),
                    children: best.map { fields(of: $0, stored.item, in: segment, gained: gained) } ?? []))
        }
        guard !branches.isEmpty else { return nil }
        let words = branches.reduce(0) { $0 + $1.value }
        let total = plan.groups.reduce(0) { $0 + $1.information }
        let isComplete = Int(scorer.matchedGroups[place.document]) == plan.groups.count
        if !isComplete {
            let coverage = Double(scorer.covered[place.document] / total)
            branches.append(ScoreExplanation(label: "words that are missing", value: words * (coverage - 1)))
        }
        let subtotal = branches.reduce(0) { $0 + $1.value }
        let share = Double(popularityShare * segment.popularity[place.document])
        branches.append(ScoreExplanation(label: "popularity", value: subtotal * share))
        return ScoreExplanation(label: "score", value: subtotal * (1 + share), children: branches)
    }

    private func place(of number: ItemNumber) -> (part: Int, document: Int)? {
        for (index, part) in parts.enumerated().reversed() {
            if let document = part.segment.documentOfNumber[number.rawValue], !part.dead[Int(document)] {
                return (index, Int(document))
            }
        }
        return nil
    }

    private func bestVariant(of group: TermGroup, in segment: Segment, document: Int) -> Variant? {
        var best: (score: Float, variant: Variant)?
        for variant in group.variants {
            var scorer = SegmentScorer(segment)
            scorer.add(TermGroup(text: variant.text, variants: [variant]))
            let score = scorer.scores[document]
            if score > best?.score ?? 0 { best = (score, variant) }
        }
        return best?.variant
    }

    /// Splits what a variant gained over the fields that hold its words, by their share of the pseudo-frequency.
    private func fields(of variant: Variant, _ item: Item, in segment: Segment, gained: Float) -> [ScoreExplanation] {
        var shares: [(String, Float)] = []
        for field in Field.allCases {
            let tokens = analyzer.tokens(of: field.text(of: item))
            let count = Float(tokens.count { variant.terms.contains($0.term) })
            guard count > 0 else { continue }
            let weighted = weightedCount(
                count, field: field, length: Float(tokens.count), average: segment.averages[field.rawValue])
            shares.append((field.label, weighted))
        }
        let sum = shares.reduce(0) { $0 + $1.1 }
        guard sum > 0 else { return [] }
        return shares.map { ScoreExplanation(label: $0.0, value: Double(gained * $0.1 / sum)) }
    }
}

extension Variant.Kind {
    var label: String {
        switch self {
        case .exact: "word"
        case .prefix: "beginning"
        case .typo: "spelling"
        case .split: "split word"
        case .synonym: "like meaning"
        case .translation: "translation"
        }
    }
}
