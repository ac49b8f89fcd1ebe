public import Domain
public import JSON

/// Reads items from records with Google Merchant Center's field names; fields that it does not know become attributes.
public struct ItemReader: Sendable {
    public static let maximumAttributes = 200
    private static let known: Set<String> = OfferReader.fieldNames.union([
        "id", "item_id", "title", "description", "link", "image_link", "brand", "gtin", "mpn", "product_type",
        "google_product_category", "item_group_id", "language", "content_language", "excluded", "excluded_destination",
        "source_text", "offers", "translations",
    ])
    /// Languages of one item beside its own.
    public static let maximumTranslations = 40

    /// For prices that name none.
    public let currency: Currency?
    /// As `OfferReader.nullClears`.
    public let nullClears: Bool

    public init(currency: Currency?, nullClears: Bool = false) {
        (self.currency, self.nullClears) = (currency, nullClears)
    }

    /// Reads one item with its offers: none if the record says nothing of price and stock.
    public func item(from value: JSONValue, id: ItemID? = nil) throws(FeedError) -> (item: Item, offers: [Offer]) {
        let (item, offers) = try reading(from: value, id: id)
        return (item, offers.map(\.offer))
    }

    /// Reads one item with its offers, and what these leave open.
    public func reading(
        from value: JSONValue, id: ItemID? = nil
    ) throws(FeedError) -> (item: Item, offers: [OfferReader.Reading]) {
        let fields = try FieldReader(value)
        guard let id = try fields.itemID("id", "item_id") ?? id else {
            throw FeedError(.missingField, "The item has no `id`.", field: "id")
        }
        guard let title = try fields.text("title", maximumBytes: 1024) else {
            throw FeedError(.missingField, "The item has no `title`.", field: "title")
        }
        var item = Item(id: id, title: title)
        item.description = try fields.text("description", maximumBytes: 1 << 16) ?? ""
        item.link = try fields.text("link", maximumBytes: 4096) ?? ""
        item.imageLink = try fields.text("image_link", maximumBytes: 4096) ?? ""
        item.brand = try fields.text("brand", maximumBytes: 512) ?? ""
        item.gtin = try fields.identifier("gtin", maximumBytes: 64) ?? ""
        item.mpn = try fields.identifier("mpn") ?? ""
        item.itemGroupID = try fields.identifier("item_group_id") ?? ""
        item.language = try fields.text("language", "content_language", maximumBytes: 35) ?? "en"
        item.sourceText = try fields.text("source_text", maximumBytes: 4096) ?? ""
        item.productType = try productType(fields)
        item.isExcluded = try isExcluded(fields)
        item.translations = try TranslationReader.translations(fields)
        for member in fields.members
        where !Self.known.contains(member.name) && !member.value.isNull && !TranslationReader.isColumn(member.name) {
            try add(member, to: &item)
        }
        guard item.attributes.count + item.numbers.count <= Self.maximumAttributes else {
            throw FeedError(.tooLong, "The item has more than \(Self.maximumAttributes) attributes.")
        }
        return (item, try OfferReader(currency: currency, nullClears: nullClears).offers(inItem: value, id: id))
    }

    private func productType(_ fields: FieldReader) throws(FeedError) -> [String] {
        guard let (name, value) = fields.find(["product_type", "google_product_category"]) else { return [] }
        return try Self.path(value, name)
    }

    /// The levels of a path: a list, or a text with `>` between.
    static func path(_ value: JSONValue, _ name: String) throws(FeedError) -> [String] {
        var path: [String] = []
        if case .array(let levels) = value {
            for level in levels { path.append(try FieldReader.text(level, name, maximumBytes: 256)) }
        } else {
            let text = try FieldReader.text(value, name, maximumBytes: 2048, allowsNumber: true)
            path = text.split(separator: ">").map { FieldReader.plain(String($0)) }
        }
        guard path.count <= 16 else {
            throw FeedError(.tooLong, "`\(name)` has more than 16 levels.", field: name)
        }
        return path.filter { !$0.isEmpty }
    }

    /// `excluded`, or any destination in `excluded_destination`.
    private func isExcluded(_ fields: FieldReader) throws(FeedError) -> Bool {
        if let flag = try fields.flag("excluded") { return flag }
        switch fields.find(["excluded_destination"])?.value {
        case nil: return false
        case .string(let text): return !text.isEmpty
        case .array(let list): return !list.isEmpty
        case .bool(let flag): return flag
        default: throw FeedError(.wrongType, "`excluded_destination` must be a string.", field: "excluded_destination")
        }
    }

    private func add(_ member: JSONValue.Member, to item: inout Item) throws(FeedError) {
        let lower = member.name.utf8.map { byte in
            switch byte {
            case 65...90: byte + 32
            case 48...57, 97...122: byte
            default: UInt8(ascii: "_")
            }
        }
        guard (1...64).contains(lower.count) else {
            throw FeedError(.tooLong, "A field's name has more than 64 bytes, or none.")
        }
        let name = String(decoding: lower, as: UTF8.self)
        switch member.value {
        case .integer(let number): item.numbers[name] = Double(number)
        case .number(let number):
            guard number.isFinite else {
                throw FeedError(.invalidValue, "`\(name)` must be a finite number.", field: name)
            }
            item.numbers[name] = number
        case .bool(let flag): item.attributes[name] = [flag ? "true" : "false"]
        case .string(let string):
            let text = try FieldReader.text(.string(string), name, maximumBytes: 4096)
            let parts = name == "color" || name == "material" ? text.split(separator: "/").map(String.init) : [text]
            let values = parts.map { FieldReader.plain($0) }.filter { !$0.isEmpty }
            if !values.isEmpty { item.attributes[name] = values }
        case .array(let list):
            guard list.count <= 100 else { throw FeedError(.tooLong, "`\(name)` has over 100 values.", field: name) }
            var values: [String] = []
            for entry in list {
                values.append(try FieldReader.text(entry, name, maximumBytes: 1024, allowsNumber: true))
            }
            values.removeAll(where: \.isEmpty)
            if !values.isEmpty { item.attributes[name] = values }
        case .object:
            throw FeedError(.wrongType, "`\(name)` is an object: attributes are texts, numbers or lists.", field: name)
        case .null: break
        }
    }
}
