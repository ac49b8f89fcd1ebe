import Domain
public import JSON

extension RuleBook {
    /// Reads what `encoded` wrote, or what a person sends; throws `RuleError` with the place for anything else.
    public init(decoding value: JSONValue) throws(RuleError) {
        self.init()
        let root = RuleFields(value, "")
        try root.allow(["format", "version", "published", "rules", "synonyms"])
        if let format = try root.integer("format", in: 0...Int64.max), format != Int64(Self.formatVersion) {
            throw RuleError(.unknownFormat, "format", "Format \(format) is not known: use the Souk that wrote it.")
        }
        version = Int(try root.integer("version", in: 0...Int64(Int32.max)) ?? 0)
        published = try root.time("published")
        let rules = try root.list("rules", atMost: Self.maximumRules)
        for (index, value) in rules.enumerated() {
            self.rules.append(try Rule(decoding: value, at: "rules[\(index)]"))
        }
        for (index, value) in try root.list("synonyms", atMost: Self.maximumSynonyms).enumerated() {
            synonyms.append(try Synonym(decoding: value, at: "synonyms[\(index)]"))
        }
        try Self.checkIdentifiers(self.rules.map(\.id), "rules")
        try Self.checkIdentifiers(synonyms.map(\.id), "synonyms")
    }

    private static func checkIdentifiers(_ ids: [String], _ place: String) throws(RuleError) {
        var seen: Set<String> = []
        for (index, id) in ids.enumerated() where !seen.insert(id).inserted {
            throw RuleError(.invalid, "\(place)[\(index)].id", "There is another one named \(id).")
        }
    }
}

extension Rule {
    public init(decoding value: JSONValue, at place: String) throws(RuleError) {
        let fields = RuleFields(value, place)
        try fields.allow(["id", "note", "enabled", "priority", "conditions", "actions", "pin_mode"])
        self.init(id: try fields.identifier("id"))
        note = try fields.text("note", atMost: 1000) ?? ""
        isEnabled = try fields.flag("enabled") ?? true
        priority = Int(try fields.integer("priority", in: -1_000_000...1_000_000) ?? 0)
        if let name = try fields.text("pin_mode", atMost: 64) {
            guard let mode = PinMode(rawValue: name) else {
                let names = PinMode.allCases.map(\.rawValue).joined(separator: ", ")
                throw fields.error("pin_mode", "The mode must be one of \(names).")
            }
            pinMode = mode
        }
        if let given = value["conditions"], !given.isNull {
            conditions = try Conditions(decoding: given, at: place + ".conditions")
        }
        let list = try fields.list("actions", atMost: Self.maximumActions)
        guard !list.isEmpty else { throw fields.error("actions", "A rule needs an action.") }
        for (index, action) in list.enumerated() {
            actions.append(try Action(decoding: action, at: "\(place).actions[\(index)]"))
        }
    }
}

extension Conditions {
    init(decoding value: JSONValue, at place: String) throws(RuleError) {
        self.init()
        let fields = RuleFields(value, place)
        try fields.allow(["query", "category", "filters", "segments", "markets", "from", "until"])
        if let given = value["query"], !given.isNull { query = try Self.query(given, place + ".query") }
        category = try fields.text("category", atMost: 512)
        if let filters = value["filters"], !filters.isNull {
            let inner = RuleFields(filters, place + ".filters")
            for member in try inner.members() {
                self.filters[member.name] = Set(try inner.texts(member.name, atMost: 100, bytes: 512))
            }
        }
        segments = Set(try fields.texts("segments", atMost: 100, bytes: 64))
        markets = Set(try fields.texts("markets", atMost: 100, bytes: 64))
        (start, end) = (try fields.time("from"), try fields.time("until"))
        if let start, let end, start >= end { throw fields.error("until", "It must be later than `from`.") }
    }

    private static func query(_ value: JSONValue, _ place: String) throws(RuleError) -> QueryMatch {
        let fields = RuleFields(value, place)
        try fields.allow(["exact", "contains", "pattern"])
        let texts = (
            try fields.text("exact", atMost: 512), try fields.text("contains", atMost: 512),
            try fields.text("pattern", atMost: Pattern.maximumLength)
        )
        switch texts {
        case (let text?, nil, nil): return .exact(QueryText.fold(text))
        case (nil, let text?, nil):
            let folded = QueryText.fold(text)
            guard !folded.isEmpty else { throw fields.error("contains", "It must hold a word.") }
            return .contains(folded)
        case (nil, nil, let text?):
            guard let pattern = Pattern(text) else {
                throw fields.error(
                    "pattern", "A pattern has 1 to \(Pattern.maximumLength) bytes and says more than `*`.")
            }
            return .pattern(pattern)
        default: throw RuleError(.invalid, place, "Give one of `exact`, `contains` and `pattern`.")
        }
    }
}

extension Action {
    init(decoding value: JSONValue, at place: String) throws(RuleError) {
        let fields = RuleFields(value, place)
        guard let kind = try fields.text("type", atMost: 32) else { throw fields.error("type", "It is missing.") }
        switch kind {
        case "pin":
            try fields.allow(["type", "item", "position"])
            guard let position = try fields.integer("position", in: 1...1000) else {
                throw fields.error("position", "It is missing: 1 is the first place.")
            }
            self = .pin(
                try Target.item(try fields.text("item", atMost: 128) ?? "", place + ".item"), position: Int(position))
        case "hide":
            self = .hide(try Target(decoding: value, at: place))
        case "boost", "bury":
            let isBoost = kind == "boost"
            let factor = try fields.number("factor") ?? (isBoost ? 2 : 0.5)
            guard isBoost ? (1...1000).contains(factor) : factor >= 0.001 && factor <= 1 else {
                throw fields.error("factor", isBoost ? "It must be 1 to 1000." : "It must be 0.001 to 1.")
            }
            self = .weigh(try Target(decoding: value, at: place), factor: factor)
        case "filter":
            try fields.allow(["type", "field", "values"])
            guard case .field(let field, let values) = try Target(decoding: value, at: place) else {
                throw fields.error("field", "A filter needs a field with values.")
            }
            self = .filter(field: field, values: values)
        case "replace":
            try fields.allow(["type", "phrase", "with"])
            guard let with = try fields.text("with", atMost: 512) else { throw fields.error("with", "It is missing.") }
            let phrase = try fields.text("phrase", atMost: 512).map { QueryText.fold($0) }
            guard phrase != "" else { throw fields.error("phrase", "It must hold a word.") }
            self = .replace(phrase: phrase, with: with)
        case "redirect":
            try fields.allow(["type", "to"])
            self = .redirect(try fields.link("to", isRequired: true))
        case "banner":
            try fields.allow(["type", "text", "link", "image_link"])
            guard let text = try fields.text("text", atMost: 1000) else { throw fields.error("text", "It is missing.") }
            self = .banner(
                Banner(text: text, link: try fields.link("link"), imageLink: try fields.link("image_link")))
        default:
            throw fields.error(
                "type", "It must be pin, hide, boost, bury, filter, replace, redirect or banner, not \(kind).")
        }
    }
}

extension Target {
    init(decoding value: JSONValue, at place: String) throws(RuleError) {
        let fields = RuleFields(value, place)
        try fields.allow(["type", "factor", "items", "field", "values"])
        let items = try fields.texts("items", atMost: 1000, bytes: 128)
        let field = try fields.text("field", atMost: 64)
        let values = try fields.texts("values", atMost: 100, bytes: 512)
        switch (items.isEmpty, field) {
        case (false, nil):
            var ids: [ItemID] = []
            for (index, text) in items.enumerated() { ids.append(try Self.item(text, "\(place).items[\(index)]")) }
            self = .items(ids)
        case (true, let field?) where !field.isEmpty && !values.isEmpty: self = .field(field, values: values)
        default: throw RuleError(.invalid, place, "Give either `items`, or a `field` with `values`.")
        }
    }

    static func item(_ text: String, _ place: String) throws(RuleError) -> ItemID {
        guard let id = ItemID(text) else {
            throw RuleError(.invalid, place, "An item's identifier has 1 to 128 plain bytes.")
        }
        return id
    }
}

extension Synonym {
    public init(decoding value: JSONValue, at place: String) throws(RuleError) {
        let fields = RuleFields(value, place)
        try fields.allow(["id", "from", "to"])
        func folded(_ name: String) throws(RuleError) -> [String] {
            var words: [String] = []
            for text in try fields.texts(name, atMost: 100, bytes: 200) {
                let word = QueryText.fold(text)
                guard !word.isEmpty else { throw fields.error(name, "A word is empty.") }
                if !words.contains(word) { words.append(word) }
            }
            return words
        }
        self.init(id: try fields.identifier("id"), from: try folded("from"), to: try folded("to"))
        guard !to.isEmpty, from.count + to.count >= 2 else {
            throw fields.error("to", "A synonym needs two words: two of `to`, or one of `from` and one of `to`.")
        }
    }
}
