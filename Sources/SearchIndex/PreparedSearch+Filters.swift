public import Domain

extension PreparedSearch {
    /// Whether only some items can be found: those with values of fields, prices, stock, numbers, near a place or with phrases.
    private var isFiltered: Bool {
        request.filters.contains { !$0.value.isEmpty } || request.minimumPrice != nil || request.maximumPrice != nil
            || request.onlyInStock || !request.ranges.isEmpty || (request.near != nil && request.radiusMetres != nil)
            || !request.phrases.isEmpty
    }

    /// The items that pass the filters of the request, whatever words they hold; `nil` if it has none.
    ///
    /// - Complexity: O(postings of the field with the fewest); O(documents) where no field is filtered.
    public func filteredItems(offers: OfferColumns) -> [ItemNumber]? {
        guard isFiltered else { return nil }
        var items: [ItemNumber] = []
        for part in snapshot.parts {
            let pass = Collector.Pass(request, part.segment, plan)
            func take(_ document: Int) {
                if !part.dead.contains(document), pass.accepts(document, request, offers, checksFilters: true) {
                    items.append(ItemNumber(part.segment.numbers[document]))
                }
            }
            let fewest = pass.filterLists?.min { left, right in Self.postings(left) < Self.postings(right) }
            if let fewest {
                for document in Self.documents(fewest, of: part.segment) { take(document) }
            } else {
                for document in 0..<part.segment.count { take(document) }
            }
        }
        return items
    }

    private static func postings(_ lists: [PostingList]) -> Int { lists.reduce(0) { $0 + $1.count } }

    /// The documents that stand in one of the lists, each once.
    private static func documents(_ lists: [PostingList], of segment: Segment) -> [Int] {
        var (documents, seen): ([Int], DocumentSet) = ([], DocumentSet(limit: segment.count))
        for list in lists {
            let cursors = CursorSet([list])
            while cursors.document(0) != CursorSet.end {
                let document = Int(cursors.document(0))
                if !seen.contains(document) {
                    seen.insert(document)
                    documents.append(document)
                }
                cursors.next(0)
            }
        }
        return documents
    }
}
