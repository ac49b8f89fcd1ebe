import Domain
import JSON

/// Reads the JSON that Typesense exports for overrides (curation) and synonyms.
enum TypesenseReader {
    static func read(_ value: JSONValue, into result: inout RuleImport) throws(RuleError) {
        let lists = [
            value.arrayValue, value["overrides"]?.arrayValue, value["curations"]?.arrayValue,
            value["synonyms"]?.arrayValue,
        ]
        guard lists.contains(where: { $0 != nil }) else {
            throw RuleError(.invalid, "", "A Typesense export is a list, or an object with `overrides` or `synonyms`.")
        }
        for entry in lists.compactMap(\.self).flatMap(\.self) {
            let id = entry["id"]?.stringValue ?? ""
            if entry["synonyms"] != nil {
                let root = QueryText.fold(entry["root"]?.stringValue ?? "")
                let words = RuleImport.words(entry["synonyms"])
                guard !words.isEmpty, words.count + (root.isEmpty ? 0 : 1) >= 2 else {
                    result.note(id, "The synonym has too few words.")
                    continue
                }
                result.synonyms.append(
                    Synonym(id: result.freshID(id), from: root.isEmpty ? [] : [root], to: words))
            } else if entry["rule"] != nil {
                override(entry, id, &result)
            } else {
                result.note(id, "Neither an override nor a synonym.")
            }
        }
    }

    private static func override(_ entry: JSONValue, _ id: String, _ result: inout RuleImport) {
        var conditions = Conditions()
        let trigger = entry["rule"] ?? .null
        let query = trigger["query"]?.stringValue ?? ""
        guard !query.contains("{") else {
            return result.note(id, "The query uses a placeholder: “\(query.prefix(60))”.")
        }
        let text = QueryText.fold(query)
        if !text.isEmpty, text != "*" {
            conditions.query = trigger["match"]?.stringValue == "contains" ? .contains(text) : .exact(text)
        }
        if let filter = trigger["filter_by"]?.stringValue, !filter.isEmpty {
            guard let filters = RuleImport.filters(filter, and: "&&") else {
                return result.note(id, "The rule's filter is too complex: “\(filter.prefix(100))”.")
            }
            for filter in filters { conditions.filters[filter.field, default: []].formUnion(filter.values) }
        }
        conditions.segments = Set((trigger["tags"]?.arrayValue ?? []).compactMap(\.stringValue))
        conditions.start = RuleImport.time(entry["effective_from_ts"])
        conditions.end = RuleImport.time(entry["effective_to_ts"])
        let actions = actions(entry, text, id, &result)
        guard !actions.isEmpty else { return result.note(id, "Nothing that the override does is known here.") }
        var rule = Rule(id: result.freshID(id), actions: actions)
        rule.conditions = conditions
        rule.pinMode = entry["filter_curated_hits"]?.boolValue == true ? .onlyIfMatching : .keep
        result.rules.append(rule)
    }

    private static func actions(
        _ entry: JSONValue, _ query: String, _ id: String, _ result: inout RuleImport
    ) -> [Action] {
        var actions: [Action] = []
        for include in entry["includes"]?.arrayValue ?? [] {
            guard let item = include["id"]?.stringValue.flatMap(ItemID.init),
                let position = include["position"]?.integerValue, (1...1000).contains(position)
            else { continue }
            actions.append(.pin(item, position: Int(position)))
        }
        let hidden = (entry["excludes"]?.arrayValue ?? []).compactMap { $0["id"]?.stringValue.flatMap(ItemID.init) }
        if !hidden.isEmpty { actions.append(.hide(.items(hidden))) }
        var filters = false
        if let filter = entry["filter_by"]?.stringValue, !filter.isEmpty {
            if let parsed = RuleImport.filters(filter, and: "&&") {
                actions += parsed.map { .filter(field: $0.field, values: $0.values) }
                filters = true
            } else {
                result.note(id, "The filter is too complex: “\(filter.prefix(100))”.")
            }
        }
        if let replacement = entry["replace_query"]?.stringValue {
            actions.append(.replace(phrase: nil, with: replacement))
        } else if filters, !query.isEmpty, query != "*", entry["remove_matched_tokens"]?.boolValue ?? true {
            actions.append(.replace(phrase: query, with: ""))
        }
        if let sort = entry["sort_by"]?.stringValue, !sort.isEmpty {
            result.note(id, "`sort_by` is left out: “\(sort.prefix(60))”.")
        }
        if entry["metadata"].map({ !$0.isNull }) ?? false { result.note(id, "`metadata` is left out.") }
        return actions
    }
}
