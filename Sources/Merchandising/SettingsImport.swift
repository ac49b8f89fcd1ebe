public import JSON

/// What of another engine's index settings has a counterpart here, and what has none.
///
/// Reads Algolia's settings and Typesense's collection schemas.
public struct SettingsImport: Hashable, Sendable {
    public private(set) var format: RuleImport.Format
    /// Fields of feeds whose words are searched; `nil` if the settings do not say.
    public private(set) var searchedFields: [String]?
    /// A primary language tag.
    public private(set) var language: String?
    public private(set) var groupsVariants: Bool?
    /// By setting: what became of it, or why it was left out.
    public private(set) var notes: [Note] = []

    public struct Note: Hashable, Sendable {
        public let setting: String
        public let text: String
    }

    /// Names that other engines' catalogues use for the fields of feeds.
    private static let fields = [
        "name": "title", "title": "title", "product_name": "title", "brand": "brand", "brand_name": "brand",
        "vendor": "brand", "description": "description", "body_html": "description", "category": "product_type",
        "categories": "product_type", "hierarchicalcategories": "product_type", "product_type": "product_type",
        "type": "product_type", "tags": "tags", "sku": "mpn", "mpn": "mpn",
    ]

    /// Throws `RuleError` for what is neither.
    public init(_ value: JSONValue) throws(RuleError) {
        if value["fields"]?.arrayValue != nil, value["name"]?.stringValue != nil {
            format = .typesense
            readTypesense(value)
        } else if let members = value.objectValue, members.contains(where: { Self.isAlgolia($0.name) }) {
            format = .algolia
            readAlgolia(members)
        } else {
            throw RuleError(
                .invalid, "", "These are neither Algolia's index settings nor a collection schema of Typesense.")
        }
    }

    // MARK: Algolia

    private static func isAlgolia(_ name: String) -> Bool {
        [
            "searchableAttributes", "attributesToIndex", "attributesForFaceting", "customRanking", "ranking",
            "hitsPerPage", "queryLanguages", "indexLanguages", "attributeForDistinct", "distinct", "typoTolerance",
            "replicas", "paginationLimitedTo",
        ]
        .contains(name)
    }

    private mutating func readAlgolia(_ members: [JSONValue.Member]) {
        for member in members where !member.value.isNull {
            switch member.name {
            case "searchableAttributes", "attributesToIndex":
                let names = (member.value.arrayValue ?? []).compactMap(\.stringValue)
                    .flatMap { $0.split(separator: ",") }.map { Self.field(Self.unwrapped(String($0))) }
                guard !names.isEmpty else { continue }
                take(names, member.name)
                note(member.name, "The order says nothing here: fields weigh as BM25F has them (docs/search.md).")
            case "queryLanguages", "indexLanguages":
                guard let first = member.value.arrayValue?.first?.stringValue else { continue }
                takeLanguage(first, member.name)
            case "distinct", "attributeForDistinct":
                let isOff = member.value.boolValue == false || member.value.integerValue == 0
                groupsVariants = !isOff
                note(member.name, "Variants with one `item_group_id` are \(isOff ? "shown apart" : "shown as one").")
            case "attributesForFaceting":
                note(member.name, "Every attribute can be filtered by and counted.")
            case "customRanking", "ranking", "relevancyStrictness":
                note(member.name, "Items that tie are ordered by their purchases, which the event log counts.")
            case "typoTolerance", "minWordSizefor1Typo", "minWordSizefor2Typos", "allowTyposOnNumericTokens":
                note(
                    member.name, "Slips are weighed by their likelihood; a request's `exact` leaves words as they are.")
            case "removeStopWords", "ignorePlurals", "decompoundQuery":
                note(
                    member.name, "Stop words, plurals and compounds are read in the shop's language without a setting.")
            case "numericAttributesForFiltering":
                note(member.name, "Every number of an item can be filtered by with `range`.")
            default: note(member.name, "Has no counterpart.")
            }
        }
    }

    /// `unordered(name)` without its modifier.
    private static func unwrapped(_ text: String) -> String {
        let plain = text.filter { !$0.isWhitespace }
        guard plain.hasSuffix(")"), let open = plain.firstIndex(of: "(") else { return plain }
        return String(plain[plain.index(after: open)...].dropLast())
    }

    // MARK: Typesense

    private mutating func readTypesense(_ value: JSONValue) {
        var names: [String] = []
        var isNarrowed = false
        for entry in value["fields"]?.arrayValue ?? [] {
            guard let name = entry["name"]?.stringValue, let type = entry["type"]?.stringValue else { continue }
            let isText = type.hasPrefix("string")
            if isText, entry["index"]?.boolValue == false {
                isNarrowed = true
            } else if isText {
                names.append(Self.field(name))
            }
            if let locale = entry["locale"]?.stringValue, !locale.isEmpty, language == nil {
                takeLanguage(locale, "fields.\(name).locale")
            }
            if type == "geopoint" {
                note("fields.\(name)", "Places are the numbers `latitude` and `longitude` of an item.")
            }
            if type == "float[]" { note("fields.\(name)", "Vectors are made by the sentence encoder of the shop.") }
        }
        if isNarrowed { take(names, "fields") } else { note("fields", "All texts are searched, as here.") }
        if let sort = value["default_sorting_field"]?.stringValue, !sort.isEmpty {
            note("default_sorting_field", "Items that tie are ordered by their purchases, which the event log counts.")
        }
        for name in ["token_separators", "symbols_to_index", "synonym_sets", "curation_sets"] where value[name] != nil {
            note(name, "Has no counterpart; synonyms and rules are taken over by themselves.")
        }
    }

    // MARK: Both

    private static func field(_ name: String) -> String {
        let parts = name.lowercased().split(separator: ".").map(String.init)
        for part in parts { if let known = fields[part] { return known } }
        return parts.last { !$0.allSatisfy(\.isNumber) } ?? name
    }

    private mutating func take(_ names: [String], _ setting: String) {
        var list: [String] = []
        for name in ["title"] + names where !list.contains(name) && name.utf8.count <= 64 { list.append(name) }
        searchedFields = Array(list.prefix(200))
        note(setting, "Searched from the next index on: \(list.prefix(20).joined(separator: ", ")).")
    }

    private mutating func takeLanguage(_ tag: String, _ setting: String) {
        let primary = String(tag.prefix { $0 != "-" && $0 != "_" }).lowercased()
        guard (2...3).contains(primary.utf8.count), primary.utf8.allSatisfy({ (97...122).contains($0) }) else {
            return note(setting, "“\(tag.prefix(35))” is no language.")
        }
        language = primary
        note(setting, "The shop's texts are in “\(primary)”.")
    }

    private mutating func note(_ setting: String, _ text: String) { notes.append(Note(setting: setting, text: text)) }
}
