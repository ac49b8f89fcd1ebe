/// Counts of one facet's values over all segments.
struct FacetTally {
    let name: String
    /// Of the segment that is being counted, by ordinal.
    private var counts: [Int32] = []
    private var touched: [UInt32] = []
    /// Of the segments that are done. The first one stays as it was counted: mostly there is no other.
    private var first: (facet: Facet, counts: [Int32], touched: [UInt32])?
    private var others: [String: Int] = [:]

    init(name: String) { self.name = name }

    mutating func count(_ documents: [UInt32], _ facet: Facet) {
        if counts.isEmpty { counts = Array(repeating: 0, count: facet.values.count) }
        guard !documents.isEmpty else { return }
        unsafe documents.withUnsafeBufferPointer { unsafe facet.count($0, tally: &counts, touched: &touched) }
    }

    /// Ends the counting of one segment.
    mutating func close(_ facet: Facet) {
        facet.rollUp(&counts, touched: &touched)
        if first == nil {
            first = (facet, counts, touched)
        } else {
            for ordinal in touched { others[facet.values.text(Int(ordinal)), default: 0] += Int(counts[Int(ordinal)]) }
        }
        (counts, touched) = ([], [])
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
        if first.touched.count > counts.count / 16 {
            for ordinal in counts.indices where counts[ordinal] > 0 { offer(UInt32(ordinal)) }
        } else {
            for ordinal in first.touched.sorted() { offer(ordinal) }
        }
        return heap.sorted().map { (first.facet.values.text(Int($0.document)), Int($0.score)) }
    }
}
