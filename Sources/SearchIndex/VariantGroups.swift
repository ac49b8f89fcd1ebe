import Domain

/// Matches by the group of variants that they belong to.
struct VariantGroups {
    private var entries: [(entry: PageEntry, group: UInt64)] = []
    private var known: Set<UInt64> = []
    private var alone = 0

    /// How many groups there are; an item without a group is one by itself.
    var count: Int { known.count + alone }

    /// - Parameter group: 0 for an item that is in none.
    mutating func add(_ entry: PageEntry, group: UInt64) {
        entries.append((entry, group))
        if group == 0 { alone += 1 } else { known.insert(group) }
    }

    /// The best of each group by the order of the page, with the others behind it.
    ///
    /// - Complexity: O(matches log matches).
    func hits(offset: Int, limit: Int) -> [SearchHit] {
        var places: [UInt64: Int] = [:]
        var hits: [SearchHit] = []
        for (entry, group) in entries.sorted(by: { PageEntry.isWorse($1.entry, $0.entry) }) {
            let number = ItemNumber(entry.number)
            if group != 0, let place = places[group] {
                hits[place].groupCount += 1
                if hits[place].variants.count < SearchRequest.maximumVariants { hits[place].variants.append(number) }
            } else {
                if group != 0 { places[group] = hits.count }
                hits.append(SearchHit(number: number, score: Score.value(entry.score)))
            }
        }
        return Array(hits.dropFirst(offset).prefix(limit))
    }
}
