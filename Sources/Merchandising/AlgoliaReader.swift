import Domain
import JSON

/// Reads the JSON that Algolia's dashboard and API export for rules and synonyms.
enum AlgoliaReader {
    static func read(_ value: JSONValue, into result: inout RuleImport) throws(RuleError) {
        let lists = [
            value.arrayValue, value["rules"]?.arrayValue, value["synonyms"]?.arrayValue, value["hits"]?.arrayValue,
        ]
        guard lists.contains(where: { $0 != nil }) else {
            throw RuleError(
                .invalid, "", "An Algolia export is a list, or an object with `rules`, `synonyms` or `hits`.")
        }
        for entry in lists.compactMap(\.self).flatMap(\.self) {
            let id = entry["objectID"]?.stringValue ?? ""
            if let type = entry["type"]?.stringValue {
                synonym(entry, id, type.lowercased(), &result)
            } else if entry["consequence"] != nil {
                rule(entry, id, &result)
            } else {
                result.note(id, "Neither a rule nor a synonym.")
            }
        }
    }

    private static func synonym(_ entry: JSONValue, _ id: String, _ type: String, _ result: inout RuleImport) {
        var (from, to): ([String], [String]) = ([], RuleImport.words(entry["synonyms"]))
        switch type {
        case "synonym": break
        case "onewaysynonym": from = [QueryText.fold(entry["input"]?.stringValue ?? "")]
        case "altcorrection1", "altcorrection2":
            from = [QueryText.fold(entry["word"]?.stringValue ?? "")]
            to = RuleImport.words(entry["corrections"])
        default: return result.note(id, "Synonyms of type \(type.prefix(32)) are not known here.")
        }
        guard !from.contains(""), !to.isEmpty, from.count + to.count >= 2 else {
            return result.note(id, "The synonym has too few words.")
        }
        result.synonyms.append(Synonym(id: result.freshID(id), from: from, to: to))
    }

    private static func rule(_ entry: JSONValue, _ id: String, _ result: inout RuleImport) {
        let actions = actions(entry["consequence"] ?? .null, id, &result)
        guard !actions.isEmpty else { return result.note(id, "Nothing that the rule does is known here.") }
        let filtersPromotes = entry["consequence"]?["filterPromotes"]?.boolValue ?? true
        let conditions = entry["conditions"]?.arrayValue ?? entry["condition"].map { [$0] } ?? []
        let windows = entry["validity"]?.arrayValue ?? []
        for condition in conditions.isEmpty ? [.null] : conditions {
            guard var parsed = self.condition(condition, id, &result) else { continue }
            for window in windows.isEmpty ? [.null] : windows {
                (parsed.start, parsed.end) = (RuleImport.time(window["from"]), RuleImport.time(window["until"]))
                var rule = Rule(id: result.freshID(id), actions: actions)
                rule.note = String((entry["description"]?.stringValue ?? "").prefix(500))
                rule.isEnabled = entry["enabled"]?.boolValue ?? true
                rule.conditions = parsed
                rule.pinMode = filtersPromotes ? .onlyIfMatching : .keep
                result.rules.append(rule)
            }
        }
    }

    /// `nil` for a condition that cannot be told here: the rule would hold too often without it.
    private static func condition(_ value: JSONValue, _ id: String, _ result: inout RuleImport) -> Conditions? {
        var conditions = Conditions()
        if let context = value["context"]?.stringValue, !context.isEmpty { conditions.segments = [context] }
        if let text = value["filters"]?.stringValue, !text.isEmpty {
            guard let filters = RuleImport.filters(text, and: " AND ") else {
                result.note(id, "The condition's filters are too complex: “\(text.prefix(100))”.")
                return nil
            }
            for filter in filters { conditions.filters[filter.field, default: []].formUnion(filter.values) }
        }
        guard let anchoring = value["anchoring"]?.stringValue, let pattern = value["pattern"]?.stringValue else {
            return conditions
        }
        let text = QueryText.fold(pattern)
        guard !text.contains("{"), !text.contains("*"), !text.contains("?") else {
            result.note(id, "A condition on “\(pattern.prefix(60))” uses a placeholder.")
            return nil
        }
        switch anchoring {
        case "is": conditions.query = .exact(text)
        case "contains" where !text.isEmpty: conditions.query = .contains(text)
        case "startsWith": conditions.query = Pattern(text + "*").map { .pattern($0) }
        case "endsWith": conditions.query = Pattern("*" + text).map { .pattern($0) }
        default: break
        }
        if conditions.query == nil {
            result.note(id, "A condition anchored at “\(anchoring.prefix(32))” holds always.")
        }
        return conditions
    }

    private static func actions(_ consequence: JSONValue, _ id: String, _ result: inout RuleImport) -> [Action] {
        var actions: [Action] = []
        for promote in consequence["promote"]?.arrayValue ?? [] {
            let names = [promote["objectID"]].compactMap(\.self) + (promote["objectIDs"]?.arrayValue ?? [])
            let first = promote["position"]?.integerValue ?? 0
            for (offset, name) in names.enumerated() {
                guard let item = name.stringValue.flatMap(ItemID.init), (0..<1000).contains(first) else { continue }
                actions.append(.pin(item, position: Int(first) + offset + 1))
            }
        }
        let hidden = (consequence["hide"]?.arrayValue ?? []).compactMap {
            $0["objectID"]?.stringValue.flatMap(ItemID.init)
        }
        if !hidden.isEmpty { actions.append(.hide(.items(hidden))) }
        let parameters = consequence["params"] ?? .null
        actions += query(parameters["query"])
        if let text = parameters["filters"]?.stringValue, !text.isEmpty {
            if let filters = RuleImport.filters(text, and: " AND ") {
                actions += filters.map { .filter(field: $0.field, values: $0.values) }
            } else {
                result.note(id, "The filters are too complex: “\(text.prefix(100))”.")
            }
        }
        for optional in parameters["optionalFilters"]?.arrayValue ?? [] {
            guard var text = optional.stringValue else { continue }
            let isNegative = text.hasPrefix("-")
            if isNegative { text.removeFirst() }
            if let score = text.firstIndex(of: "<") { text = String(text[..<score]) }
            guard let filter = RuleImport.filters(text, and: " AND ")?.first else { continue }
            actions.append(.weigh(.field(filter.field, values: filter.values), factor: isNegative ? 0.5 : 2))
        }
        let content = parameters["renderingContent"] ?? .null
        if let address = content["redirect"]?["url"]?.stringValue, isLink(address) {
            actions.append(.redirect(address))
        }
        for banner in content["widgets"]?["banners"]?.arrayValue ?? [] {
            let link = banner["link"]?["url"]?.stringValue ?? ""
            let image = banner["image"]?["urls"]?.arrayValue?.first?["url"]?.stringValue ?? ""
            let text = banner["title"]?.stringValue ?? banner["image"]?["title"]?.stringValue ?? ""
            guard !text.isEmpty || isLink(image) else { continue }
            actions.append(
                .banner(Banner(text: text, link: isLink(link) ? link : "", imageLink: isLink(image) ? image : "")))
        }
        if consequence["userData"].map({ !$0.isNull }) ?? false { result.note(id, "`userData` is left out.") }
        return actions
    }

    private static func query(_ value: JSONValue?) -> [Action] {
        if let text = value?.stringValue { return [.replace(phrase: nil, with: text)] }
        return (value?["edits"]?.arrayValue ?? []).compactMap { edit in
            let phrase = QueryText.fold(edit["delete"]?.stringValue ?? "")
            guard !phrase.isEmpty else { return nil }
            return .replace(phrase: phrase, with: edit["insert"]?.stringValue ?? "")
        }
    }

    private static func isLink(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("http://") }
}
