/// Counts of one facet's values over all segments.
struct FacetTally {
    let name: String
    /// Of one segment.
    private struct Counted {
        let facet: Facet
        /// By ordinal.
        var counts: [Int32]
        /// The ordinals that were met; `nil` if those are most of them.
        var met: [UInt32]?
    }

    /// The first segment stays as it was counted: mostly there is no other.
    private var first: Counted?
    private var others: [String: Int] = [:]

    init(name: String) { self.name = name }

    /// Counts the values of some documents of a segment; if they are most of it, those of the others, and takes them off.
    ///
    /// - Complexity: O(min(documents, all but these) · values of each + values of the facet)
    mutating func count(_ documents: DocumentSet, _ facet: Facet, of segment: Segment) {
        let areMost = documents.count > segment.count / 2
        let counted = areMost ? documents.complement(limit: segment.count) : documents
        var (counts, met) = ([Int32](repeating: 0, count: facet.values.count), [UInt32]())
        unsafe counted.forEachChunk { unsafe facet.count($0, tally: &counts, touched: &met) }
        facet.rollUp(&counts, touched: &met)
        if areMost {
            for ordinal in counts.indices {
                counts[ordinal] = max(0, Int32(facet.postings.counts[ordinal]) &- counts[ordinal])
            }
        }
        let result = Counted(facet: facet, counts: counts, met: areMost ? nil : met)
        guard first != nil else { return first = result }
        for ordinal in result.met.map({ $0.map(Int.init) }) ?? Array(counts.indices) where counts[ordinal] > 0 {
            others[facet.values.text(ordinal), default: 0] += Int(counts[ordinal])
        }
    }

    /// The selected values, then the most frequent; equally frequent ones by name.
    ///
    /// - Parameter query: What values must match, selected ones too; `nil` if all do.
    func values(selected: Set<String>, limit: Int, matching query: FacetQuery? = nil) -> [FacetValue] {
        var query = query
        func matches(_ value: String) -> Bool { query?.matches(value) ?? true }
        var (ranked, rest) = (
            best(limit + selected.count, matches, isFree: query == nil), others.filter { matches($0.key) }
        )
        for index in ranked.indices { ranked[index].count += rest.removeValue(forKey: ranked[index].value) ?? 0 }
        for (value, count) in rest { ranked.append((value, count + ownCount(of: value))) }
        for value in selected where !ranked.contains(where: { $0.value == value }) && matches(value) {
            ranked.append((value, ownCount(of: value)))
        }
        ranked.sort { ($1.count, $0.value) < ($0.count, $1.value) }
        let values = ranked.map { FacetValue(value: $0, count: $1, isSelected: selected.contains($0)) }
        return values.filter(\.isSelected) + values.filter { !$0.isSelected }.prefix(limit)
    }

    private func ownCount(of value: String) -> Int {
        guard let first, let ordinal = first.facet.values.find(Array(value.utf8)), ordinal < first.counts.count else {
            return 0
        }
        return Int(first.counts[ordinal])
    }

    /// The most frequent values of the first segment. Complexity: O(touched + limit log limit) as a rule.
    private func best(_ limit: Int, _ textMatches: (String) -> Bool, isFree: Bool) -> [(value: String, count: Int)] {
        guard let first else { return [] }
        func matches(_ ordinal: UInt32) -> Bool { isFree || textMatches(first.facet.values.text(Int(ordinal))) }
        let counts = first.counts
        var heap = TopDocuments(capacity: limit)
        // Ordinals rise with the value, and equally frequent values come by name: the order of `TopDocuments`.
        func offer(_ ordinal: UInt32) {
            let count = UInt32(counts[Int(ordinal)])
            guard count > heap.threshold, matches(ordinal) else { return }
            heap.insert(ordinal, count)
        }
        if let met = first.met, met.count <= counts.count / 16 {
            for ordinal in met.sorted() { offer(ordinal) }
        } else {
            for ordinal in counts.indices where counts[ordinal] > 0 { offer(UInt32(ordinal)) }
        }
        return heap.sorted().map { (first.facet.values.text(Int($0.document)), Int($0.score)) }
    }
}
