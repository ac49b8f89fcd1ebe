public import Domain

extension SearchSnapshot {
    /// The same snapshot as if some items were not there: neither found nor counted. Complexity: O(documents) bits copied.
    public func hiding(_ items: Set<ItemNumber>) -> SearchSnapshot {
        guard !items.isEmpty else { return self }
        return view { part in
            for item in items {
                if let document = part.segment.document(of: item) { part.dead.insert(document) }
            }
        }
    }

    /// The same snapshot as if it held nothing but some items.
    public func showing(only items: Set<ItemNumber>) -> SearchSnapshot {
        view { part in
            let living = items.compactMap { part.segment.document(of: $0) }.filter { !part.dead.contains($0) }
            part.dead = DocumentSet(all: part.segment.count, but: living)
        }
    }

    private func view(_ change: (inout Part) -> Void) -> SearchSnapshot {
        var changed = parts
        for index in changed.indices { change(&changed[index]) }
        return SearchSnapshot(viewing: self, parts: changed)
    }
}
