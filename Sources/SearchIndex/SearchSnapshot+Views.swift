public import Domain

extension SearchSnapshot {
    /// The same snapshot as if some items were not there: neither found nor counted. Complexity: O(documents) bits copied.
    public func hiding(_ items: Set<ItemNumber>) -> SearchSnapshot {
        guard !items.isEmpty else { return self }
        return view { part in
            for item in items {
                if let document = part.segment.documentOfNumber[item.rawValue] { part.dead[Int(document)] = true }
            }
        }
    }

    /// The same snapshot as if it held nothing but some items.
    public func showing(only items: Set<ItemNumber>) -> SearchSnapshot {
        view { part in
            let before = part.dead
            for document in part.dead.indices { part.dead[document] = true }
            for item in items {
                guard let document = part.segment.documentOfNumber[item.rawValue] else { continue }
                part.dead[Int(document)] = before[Int(document)]
            }
        }
    }

    private func view(_ change: (inout Part) -> Void) -> SearchSnapshot {
        var changed = parts
        for index in changed.indices { change(&changed[index]) }
        return SearchSnapshot(parts: changed, expansions: expansions, analyzer: analyzer, version: version)
    }
}
