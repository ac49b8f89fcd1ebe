public import Domain
import TextAnalysis

extension SearchSnapshot {
    /// Explains the score of one item for a query; see `PreparedSearch.explain`.
    public func explain(
        _ request: SearchRequest, _ stored: StoredItem, offers: OfferColumns? = nil
    ) throws(SearchError) -> ScoreExplanation? {
        try prepare(request).explain(stored, offers: offers)
    }
}

extension PreparedSearch {
    /// Explains the score of one item: the leaves of each branch sum to their parent.
    ///
    /// Reads the item's text anew with the statistics of its segment, so it needs the item as it was indexed.
    /// - Parameters:
    ///   - offers: As the search saw them, for weights that ask for a price.
    ///   - response: What `run` answered: spares a fusion that compares the words' scores another search.
    /// - Returns: `nil` if the item does not match the query.
    public func explain(
        _ stored: StoredItem, offers: OfferColumns? = nil, in response: SearchResponse? = nil
    ) -> ScoreExplanation? {
        guard let place = place(of: stored.number) else { return nil }
        let segment = snapshot.parts[place.part].segment
        let query = SegmentQuery(plan, segment)
        let near = meaningBranch(of: stored.number)
        // Popularity is part of every impact.
        let share = Double(popularityShare * segment.popularity[place.document])
        var (branches, covered, sum): ([ScoreExplanation], UInt32, UInt32) = ([], 0, 0)
        for (index, group) in plan.groups.enumerated() {
            let gained = query.contribution(of: index, to: place.document)
            guard gained > 0 else { continue }
            covered += query.groups[index].information
            sum &+= gained
            let words = Score.value(gained) / (1 + share)
            let best = bestVariant(of: group, in: segment, document: place.document)
            branches.append(
                ScoreExplanation(
                    label: "\(best?.kind.label ?? "word") '\(best?.text ?? group.text)'", value: words,
                    children: best.map { fields(of: $0, stored.item, in: segment, gained: Float(words)) } ?? []))
        }
        guard !branches.isEmpty || near != nil else { return nil }
        let words = branches.reduce(0) { $0 + $1.value }
        let total = query.groups.reduce(0) { $0 + $1.information }
        // Where any word is enough, nothing is taken off for the others.
        let isComplete = branches.count == plan.groups.count || request.matching == .any
        let coverage = isComplete ? 1 : Double(Float(covered) / Float(total))
        if !isComplete, words > 0 {
            branches.append(ScoreExplanation(label: "words that are missing", value: words * (coverage - 1)))
        }
        if words > 0 { branches.append(ScoreExplanation(label: "popularity", value: words * coverage * share)) }
        let comparesWords = fusion.comparesWords && neighbours != nil
        if !comparesWords, let near { branches.append(near) }
        var kept = isComplete ? sum : UInt32(Float(sum) * (Float(covered) / Float(total)))
        if request.boostsNearness, total > 0, let nearness = Nearness(plan, segment) {
            let gained = comparesWords ? 0 : UInt32((near?.value ?? 0) * Double(Score.one))
            let bonus = nearness.bonus(kept &+ gained, place.document)
            if bonus > 0 { branches.append(ScoreExplanation(label: "words side by side", value: Score.value(bonus))) }
            kept &+= bonus
        }
        if comparesWords {
            branches = [wordsBranch(branches, score: kept, offers, response), near].compactMap(\.self)
        }
        if request.sort == .relevance {
            let price = offers?.price(at: stored.number.index) ?? OfferColumns.noPrice
            for weight in DocumentWeights(request.weights, segment).weights(of: place.document, price: price) {
                let before = branches.reduce(0) { $0 + $1.value }
                branches.append(
                    ScoreExplanation(
                        label: "\(weight.label): times \(weight.factor)", value: before * (weight.factor - 1)))
            }
        }
        let score = branches.reduce(0) { $0 + $1.value }
        return ScoreExplanation(label: "score", value: score, children: branches)
    }

    /// What the words count where a fusion compares their scores: the parts of the score, as shares of it.
    private func wordsBranch(
        _ parts: [ScoreExplanation], score: UInt32, _ offers: OfferColumns?, _ response: SearchResponse?
    ) -> ScoreExplanation? {
        guard score > 0, let words = response?.words ?? compared(offers) else { return nil }
        let value = Score.value(words.part(score))
        let whole = parts.reduce(0) { $0 + $1.value }
        let hundredths = (Score.value(score) * 100).rounded() / 100
        return ScoreExplanation(
            label: "words (score \(hundredths), rank \(words.scores.rank(of: score)))", value: value,
            children: whole > 0 ? parts.map { $0.times(value / whole) } : [])
    }

    /// What the words' scores count, read anew.
    private func compared(_ offers: OfferColumns?) -> WordParts? {
        run(offers: offers ?? OfferColumns(currency: .usd, numberLimit: 0)).words
    }

    /// What the item gains from meaning something near to the query.
    private func meaningBranch(of number: ItemNumber) -> ScoreExplanation? {
        guard let neighbours, let similarity = neighbours.similarity(of: number) else { return nil }
        let highest = plan.highestScore(snapshot.parts.map { SegmentQuery(plan, $0.segment) })
        let gain = NeighbourGains(neighbours, fusion, highest: highest).gain(of: number.rawValue)
        guard gain > 0 else { return nil }
        let hundredths = (Double(similarity) * 100).rounded() / 100
        return ScoreExplanation(label: "meaning (cosine \(hundredths))", value: Score.value(gain), children: [])
    }

    private func place(of number: ItemNumber) -> (part: Int, document: Int)? {
        for (index, part) in snapshot.parts.enumerated().reversed() {
            if let document = part.segment.document(of: number), !part.dead.contains(document) {
                return (index, document)
            }
        }
        return nil
    }

    private func bestVariant(of group: TermGroup, in segment: Segment, document: Int) -> Variant? {
        var best: (gained: UInt32, variant: Variant)?
        for variant in group.variants {
            let query = SegmentQuery(
                QueryPlan(groups: [TermGroup(text: variant.text, variants: [variant])]), segment)
            let gained = query.contribution(of: 0, to: document)
            if gained > best?.gained ?? 0 { best = (gained, variant) }
        }
        return best?.variant
    }

    /// Splits what a variant gained over the fields that hold its words, by their share of the pseudo-frequency.
    private func fields(of variant: Variant, _ item: Item, in segment: Segment, gained: Float) -> [ScoreExplanation] {
        var shares: [(String, Float)] = []
        for field in Field.allCases {
            let tokens = snapshot.analyzer.tokens(of: field.text(of: item, in: segment.searched))
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

extension ScoreExplanation {
    /// The tree with every value multiplied.
    fileprivate func times(_ factor: Double) -> ScoreExplanation {
        ScoreExplanation(label: label, value: value * factor, children: children.map { $0.times(factor) })
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
        case .identifier: "number"
        }
    }
}
