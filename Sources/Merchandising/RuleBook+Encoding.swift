import Domain
public import JSON

extension RuleBook {
    /// The book as `rules.json` holds it.
    public var encoded: JSONValue {
        var members: [JSONValue.Member] = [
            .init("format", .integer(Int64(Self.formatVersion))), .init("version", .integer(Int64(version))),
        ]
        if let published { members.append(.init("published", .string(published.description))) }
        members.append(.init("rules", .array(rules.map(\.encoded))))
        members.append(.init("synonyms", .array(synonyms.map(\.encoded))))
        return .object(members)
    }
}

extension Rule {
    public var encoded: JSONValue {
        var members: [JSONValue.Member] = [.init("id", .string(id))]
        if !note.isEmpty { members.append(.init("note", .string(note))) }
        members.append(.init("enabled", .bool(isEnabled)))
        if priority != 0 { members.append(.init("priority", .integer(Int64(priority)))) }
        members.append(.init("conditions", conditions.encoded))
        members.append(.init("actions", .array(actions.map(\.encoded))))
        if actions.contains(where: { if case .pin = $0 { true } else { false } }) {
            members.append(.init("pin_mode", .string(pinMode.rawValue)))
        }
        return .object(members)
    }
}

extension Conditions {
    var encoded: JSONValue {
        var members: [JSONValue.Member] = []
        switch query {
        case .exact(let text)?: members.append(.init("query", .object([.init("exact", .string(text))])))
        case .contains(let text)?: members.append(.init("query", .object([.init("contains", .string(text))])))
        case .pattern(let pattern)?:
            members.append(.init("query", .object([.init("pattern", .string(pattern.description))])))
        case nil: break
        }
        if let category { members.append(.init("category", .string(category))) }
        if !filters.isEmpty {
            let fields = filters.sorted { $0.key < $1.key }
            members.append(.init("filters", .object(fields.map { .init($0.key, .texts($0.value.sorted())) })))
        }
        if !segments.isEmpty { members.append(.init("segments", .texts(segments.sorted()))) }
        if !markets.isEmpty { members.append(.init("markets", .texts(markets.sorted()))) }
        if let start { members.append(.init("from", .string(start.description))) }
        if let end { members.append(.init("until", .string(end.description))) }
        return .object(members)
    }
}

extension Action {
    /// The name of the action's type in files.
    public var kind: String {
        switch self {
        case .pin: "pin"
        case .hide: "hide"
        case .weigh(_, let factor): factor >= 1 ? "boost" : "bury"
        case .filter: "filter"
        case .replace: "replace"
        case .redirect: "redirect"
        case .banner: "banner"
        }
    }

    var encoded: JSONValue {
        var members: [JSONValue.Member] = [.init("type", .string(kind))]
        switch self {
        case .pin(let item, let position):
            members += [.init("item", .string(item.rawValue)), .init("position", .integer(Int64(position)))]
        case .hide(let target): members += target.members
        case .weigh(let target, let factor): members += target.members + [.init("factor", .number(factor))]
        case .filter(let field, let values):
            members += [.init("field", .string(field)), .init("values", .texts(values))]
        case .replace(let phrase, let with):
            if let phrase { members.append(.init("phrase", .string(phrase))) }
            members.append(.init("with", .string(with)))
        case .redirect(let address): members.append(.init("to", .string(address)))
        case .banner(let banner):
            members.append(.init("text", .string(banner.text)))
            if !banner.link.isEmpty { members.append(.init("link", .string(banner.link))) }
            if !banner.imageLink.isEmpty { members.append(.init("image_link", .string(banner.imageLink))) }
        }
        return .object(members)
    }
}

extension Target {
    var members: [JSONValue.Member] {
        switch self {
        case .items(let ids): [.init("items", .texts(ids.map(\.rawValue)))]
        case .field(let field, let values): [.init("field", .string(field)), .init("values", .texts(values))]
        }
    }
}

extension Synonym {
    public var encoded: JSONValue {
        var members: [JSONValue.Member] = [.init("id", .string(id))]
        if !from.isEmpty { members.append(.init("from", .texts(from))) }
        members.append(.init("to", .texts(to)))
        return .object(members)
    }
}

extension JSONValue {
    static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
}
