import Domain
import Foundation
import JSON
import Serving
import Storage

/// One request of an InstantSearch client, as a call of the search.
struct InstantSearchQuery {
    let index: String
    /// As they came, for the answer.
    let parameters: String
    private(set) var call = SearchCall()
    /// Whose values are searched, in place of items: a request of `"type": "facet"`.
    private(set) var facet: String?
    private var tags = (before: "<mark>", after: "</mark>")

    /// Reads `{"indexName": …, "params": "query=…"}`, or the parameters as members, in `params` or beside `indexName`.
    ///
    /// The index is the shop's name, or that and an order: `grocery_price_asc`.
    init(_ value: JSONValue, at place: Int, shop: String, _ service: ShopService) throws {
        func invalid(_ text: String) -> Problem { Problem.invalid("requests[\(place)]: \(text)") }
        guard let index = value["indexName"]?.stringValue, index == shop || index.hasPrefix(shop + "_") else {
            throw invalid("`indexName` must be \(shop), or \(shop) with an order such as \(shop)_price_asc.")
        }
        self.index = index
        if index != shop {
            guard let sort = SearchCall.Sort(rawValue: String(index.dropFirst(shop.count + 1))) else {
                let names = SearchCall.Sort.allCases.map { "\(shop)_\($0.rawValue)" }.joined(separator: ", ")
                throw invalid("The orders are \(names).")
            }
            call.sort = sort
        }
        var members: [String: JSONValue] = [:]
        for member in value.objectValue ?? [] { members[member.name] = member.value }
        if let text = value["params"]?.stringValue {
            parameters = text
            for (name, value) in try Self.pairs(text) { members[name] = value }
        } else {
            for member in value["params"]?.objectValue ?? [] { members[member.name] = member.value }
            parameters = ""
        }
        func integer(_ name: String, _ range: ClosedRange<Int64>, _ standard: Int) throws -> Int {
            guard let given = members[name], !given.isNull else { return standard }
            let number = given.integerValue ?? given.stringValue.flatMap { Int64($0) }
            guard let number, range.contains(number) else {
                throw invalid("`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return Int(number)
        }
        if value["type"]?.stringValue == "facet" {
            guard let field = value["facet"]?.stringValue, !field.isEmpty, field.utf8.count <= 64 else {
                throw invalid("A request of type `facet` names a field in `facet`.")
            }
            facet = field
            call.facetQuery = members["facetQuery"]?.stringValue ?? ""
            guard call.facetQuery.utf8.count <= SearchRoutes.maximumQueryBytes else {
                throw invalid("`facetQuery` may have \(SearchRoutes.maximumQueryBytes) bytes.")
            }
            call.facetLimit = try integer("maxFacetHits", 1...100, 10)
        }
        call.query = members["query"]?.stringValue ?? ""
        guard call.query.utf8.count <= SearchRoutes.maximumQueryBytes else {
            throw invalid("`query` may have \(SearchRoutes.maximumQueryBytes) bytes.")
        }
        call.groupsVariants = service.config.groupsVariants
        call.limit = try integer("hitsPerPage", 0...100, 20)
        let page = try integer("page", 0...Int64(SearchRoutes.maximumDepth), 0)
        call.offset = page * call.limit
        guard call.offset + call.limit <= SearchRoutes.maximumDepth else {
            throw invalid("Pages end at result \(SearchRoutes.maximumDepth).")
        }
        // Widgets search with each letter: the last word may be unfinished.
        call.isPrefix = members["queryType"]?.stringValue != "prefixNone"
        call.facets = Self.texts(members["facets"]).filter { $0 != "*" && $0 != "price" }
        call.segments = Set(Self.texts(members["ruleContexts"]))
        call.ignoresRules = members["enableRules"]?.boolValue == false || members["enableRules"]?.stringValue == "false"
        call.correctsTypos =
            members["typoTolerance"]?.boolValue != false && members["typoTolerance"]?.stringValue != "false"
        for group in Self.list(members["facetFilters"]) {
            let texts = group.arrayValue.map { $0.compactMap(\.stringValue) } ?? [group.stringValue].compactMap(\.self)
            let pairs = texts.compactMap { text in
                text.firstIndex(of: ":").map { (String(text[..<$0]), String(text[text.index(after: $0)...])) }
            }
            guard let field = pairs.first?.0, pairs.count == texts.count, pairs.allSatisfy({ $0.0 == field }) else {
                throw invalid("`facetFilters` must be texts `field:value`, or lists of alternatives of one field.")
            }
            guard !call.filters.contains(where: { $0.field == field }) else {
                throw invalid("`facetFilters` may name a field once: put its alternatives into one list.")
            }
            call.filters.append(SearchCall.Filter(field: field, values: pairs.map(\.1)))
        }
        for condition in Self.texts(members["numericFilters"]) {
            try bound(condition.filter { !$0.isWhitespace }, service.config.currency, invalid)
        }
        try readPlace(members, invalid)
        if let text = members["filters"]?.stringValue, !text.isEmpty {
            do {
                let filters = try InstantSearchFilters(text)
                for group in filters.groups {
                    guard !call.filters.contains(where: { $0.field == group.field }) else {
                        throw invalid("`filters` may name a field once, and not one of `facetFilters`.")
                    }
                    call.filters.append(SearchCall.Filter(field: group.field, values: group.values))
                }
                for condition in filters.bounds { try bound(condition, service.config.currency, invalid) }
            } catch let mistake as InstantSearchFilters.Mistake {
                throw invalid(mistake.text)
            }
        }
        if let before = members["highlightPreTag"]?.stringValue, let after = members["highlightPostTag"]?.stringValue,
            before.utf8.count <= 64, after.utf8.count <= 64
        {
            tags = (before, after)
        }
    }

    /// `aroundLatLng`, a latitude and a longitude, and `aroundRadius` in metres or `all`.
    private mutating func readPlace(_ members: [String: JSONValue], _ invalid: (String) -> Problem) throws {
        if let text = members["aroundLatLng"]?.stringValue, !text.isEmpty {
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
                .map { Double($0.filter { !$0.isWhitespace }) }
            guard parts.count == 2, let latitude = parts[0], let longitude = parts[1],
                let near = GeoPoint(latitude: latitude, longitude: longitude)
            else { throw invalid("`aroundLatLng` must be such as 52.52,13.40.") }
            call.near = near
            let given = members["aroundRadius"]
            if let given, given.stringValue != "all", !given.isNull {
                let radius = given.integerValue ?? given.stringValue.flatMap { Int64($0) }
                guard let radius, (1...SearchRoutes.halfOfEarthMetres).contains(radius) else {
                    throw invalid("`aroundRadius` must be a whole number of metres, or all.")
                }
                call.radiusMetres = Double(radius)
            }
        }
        guard call.sort != .nearest || call.near != nil else {
            throw invalid("The order by distance needs `aroundLatLng`.")
        }
    }

    private mutating func bound(_ text: String, _ currency: Currency, _ invalid: (String) -> Problem) throws {
        for (sign, isLower) in [(">=", true), ("<=", false)] where text.hasPrefix("price" + sign) {
            guard let amount = Double(text.dropFirst(7)), amount >= 0, amount < 1e12 else { break }
            let scale = (0..<currency.decimals).reduce(1.0) { scale, _ in scale * 10 }
            let money = Money(minorUnits: Int64((amount * scale).rounded()), currency: currency)
            if isLower { call.minimumPrice = money } else { call.maximumPrice = money }
            return
        }
        throw invalid("Bounds must be such as price>=2 or price<=5.50.")
    }

    /// A title that was escaped and marked, with the client's own marks.
    func marked(_ title: String) -> String {
        title.replacingOccurrences(of: "<mark>", with: tags.before)
            .replacingOccurrences(of: "</mark>", with: tags.after)
    }

    /// A value of a facet, escaped, with the client's marks around what `facetQuery` found: beginnings of words.
    func markedValue(_ value: String) -> String {
        let wanted = call.facetQuery.split(whereSeparator: \.isWhitespace)
        var isWordStart = true
        var result = ""
        var place = value.startIndex
        while place < value.endIndex {
            let found =
                isWordStart
                ? wanted.compactMap {
                    value.range(
                        of: $0, options: [.anchored, .caseInsensitive, .diacriticInsensitive],
                        range: place..<value.endIndex)
                }.max { $0.upperBound < $1.upperBound } : nil
            let end = found.flatMap { $0.isEmpty ? nil : $0.upperBound } ?? value.index(after: place)
            let text = escaped(String(value[place..<end]))
            result += found?.isEmpty == false ? tags.before + text + tags.after : text
            isWordStart = !(value[value.index(before: end)].isLetter || value[value.index(before: end)].isNumber)
            place = end
        }
        return result
    }

    func escaped(_ text: String) -> String {
        text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
            .replacingOccurrences(of: ">", with: "&gt;")
    }

    static func number(_ money: Money) -> Double { Double(money.decimalText) ?? 0 }

    /// The pairs of a query string; values that are JSON lists are parsed.
    private static func pairs(_ text: String) throws -> [(String, JSONValue)] {
        guard text.utf8.count <= 1 << 16 else { throw Problem.invalid("`params` may have 65536 bytes.") }
        return try text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let encoded = parts.count == 2 ? String(parts[1]).replacingOccurrences(of: "+", with: " ") : ""
            guard let value = encoded.removingPercentEncoding else {
                throw Problem.invalid("`params` is not percent-encoded UTF-8.")
            }
            return (String(parts[0]), .string(value))
        }
    }

    /// A list, or a text that holds one as JSON.
    private static func list(_ value: JSONValue?) -> [JSONValue] {
        if let list = value?.arrayValue { return list }
        guard let text = value?.stringValue, !text.isEmpty else { return [] }
        guard text.hasPrefix("[") else { return [.string(text)] }
        let parsed = try? JSONValue(parsing: text)  // What is no JSON is one value by itself.
        return parsed?.arrayValue ?? [.string(text)]
    }

    private static func texts(_ value: JSONValue?) -> [String] { list(value).compactMap(\.stringValue) }
}
