public import Domain

extension PreparedSearch {
    /// What `Fusion.Weights` weighs, of the items that could come first: those among the first by any one part.
    ///
    /// - Parameters:
    ///   - limit: How many come first by each part.
    ///   - offers: Prices and stock of the shopper's market and group.
    /// - Returns: Items by number, with parts of shape `[Fusion.Weights.count]`, each of 0 to about 1.
    /// - Complexity: A search for each part.
    public func fusionParts(first limit: Int, offers: OfferColumns) -> [(item: ItemNumber, parts: [Float])] {
        let highest = Score.value(
            UInt32(plan.highestScore(snapshot.parts.map { SegmentQuery(plan, $0.segment) }).rounded(.down)))
        var parts: [ItemNumber: [Float]] = [:]
        var chosen: Set<ItemNumber> = []
        for part in 0..<Fusion.Weights.count {
            var (search, list) = (self, [Float](repeating: 0, count: Fusion.Weights.count))
            list[part] = 1
            search.fusion = .learned(Fusion.Weights(list))
            (search.request.offset, search.request.limit) = (0, SearchRequest.maximumDepth)
            (search.request.sort, search.request.weights, search.request.groupsVariants) = (.relevance, [], false)
            let hits = search.run(offers: offers).hits
            chosen.formUnion(hits.prefix(limit).map(\.number))
            for hit in hits {
                parts[hit.number, default: [Float](repeating: 0, count: list.count)][part] = Float(hit.score / highest)
            }
        }
        return chosen.sorted { $0.rawValue < $1.rawValue }.map { ($0, parts[$0] ?? []) }
    }
}
