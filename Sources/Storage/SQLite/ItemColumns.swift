internal import Domain
internal import JSON

/// An item as columns of the table `item`: empty texts are NULL, lists are JSON with sorted names.
struct ItemColumns: Sendable {
    static let names = """
        number, id, withdrawn, excluded, title, description, product_type, brand, link, image_link, gtin, mpn, \
        item_group_id, language, attributes, numbers, source_text, translations
        """
    static let insertSQL = """
        INSERT INTO item (number, id, withdrawn, excluded, title, description, product_type, brand, link, image_link,
            gtin, mpn, item_group_id, language, attributes, numbers, source_text, fingerprint, translations, added)
        VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
        """
    static let updateSQL = """
        UPDATE item SET withdrawn = 0, excluded = ?3, title = ?4, description = ?5, product_type = ?6, brand = ?7,
            link = ?8, image_link = ?9, gtin = ?10, mpn = ?11, item_group_id = ?12, language = ?13, attributes = ?14,
            numbers = ?15, source_text = ?16, fingerprint = ?17, translations = ?18
        WHERE number = ?1 AND id = ?2
        """

    let id: String
    let isExcluded: Bool
    /// From `title` to `source_text`.
    let texts: [String]
    let translations: String
    /// BLAKE2b of all the above: equal items have equal fingerprints.
    let fingerprint: [UInt8]

    init(_ item: Item) throws(StorageError) {
        for (name, number) in item.numbers where !number.isFinite {
            throw StorageError(.constraint, "Item \(item.id): “\(name)” is not a finite number.")
        }
        id = item.id.rawValue
        isExcluded = item.isExcluded
        texts = [
            item.title, item.description, Self.list(item.productType), item.brand, item.link, item.imageLink, item.gtin,
            item.mpn, item.itemGroupID, item.language, Self.attributes(item.attributes), Self.numbers(item.numbers),
            item.sourceText,
        ]
        translations = Self.translations(item.translations)
        var bytes: [UInt8] = [isExcluded ? 1 : 0]
        // Without translations the fingerprint is that of times when there were none.
        for text in translations.isEmpty ? texts : texts + [translations] {
            // 0xFF is in no UTF-8 text: it keeps neighbouring texts apart.
            bytes.append(contentsOf: text.utf8)
            bytes.append(0xFF)
        }
        fingerprint = Sodium.blake2b(bytes, count: 16)
    }

    /// - Parameter added: The moment of an item that is new; `nil` for one that is changed.
    func write(
        _ connection: SQLiteConnection, _ sql: String, number: Int64, added: Timestamp? = nil
    ) throws(StorageError) {
        let statement = try connection.statement(sql)
        statement.bind(1, number)
        statement.bind(2, id)
        statement.bind(3, isExcluded ? 1 : 0 as Int64)
        statement.bind(4, texts[0])
        for (index, text) in texts.enumerated().dropFirst() {
            statement.bind(Int32(4 + index), text.isEmpty ? nil : text)
        }
        statement.bind(17, blob: fingerprint)
        statement.bind(18, translations.isEmpty ? nil : translations)
        if let added { statement.bind(19, added.milliseconds) }
        try statement.run()
    }

    /// Reads a row of `names`.
    static func item(_ row: SQLiteStatement) throws(StorageError) -> StoredItem {
        guard let id = ItemID(row.text(1)), let number = UInt32(exactly: row.integer(0)) else {
            throw StorageError(.corrupt, "An item of the catalogue is damaged. Restore a backup, or import again.")
        }
        var item = Item(id: id, title: row.text(4))
        item.isExcluded = row.integer(3) != 0
        item.description = row.text(5)
        if let json = row.optionalText(6) {
            item.productType = try parsed(json, id).arrayValue?.compactMap(\.stringValue) ?? []
        }
        item.brand = row.text(7)
        item.link = row.text(8)
        item.imageLink = row.text(9)
        item.gtin = row.text(10)
        item.mpn = row.text(11)
        item.itemGroupID = row.text(12)
        item.language = row.text(13)
        if let json = row.optionalText(14) {
            for member in try parsed(json, id).objectValue ?? [] {
                item.attributes[member.name] = member.value.arrayValue?.compactMap(\.stringValue)
            }
        }
        if let json = row.optionalText(15) {
            for member in try parsed(json, id).objectValue ?? [] {
                item.numbers[member.name] = member.value.doubleValue
            }
        }
        item.sourceText = row.text(16)
        if let json = row.optionalText(17) {
            for member in try parsed(json, id).objectValue ?? [] {
                item.translations[member.name] = ItemText(
                    title: member.value["title"]?.stringValue ?? "",
                    description: member.value["description"]?.stringValue ?? "",
                    productType: member.value["product_type"]?.arrayValue?.compactMap(\.stringValue) ?? [])
            }
        }
        return StoredItem(number: ItemNumber(number), item: item, isWithdrawn: row.integer(2) != 0)
    }

    /// A column `product_type`; empty for an empty text.
    static func path(_ json: String) throws(StorageError) -> [String] {
        guard !json.isEmpty else { return [] }
        do { return try JSONValue(parsing: json).arrayValue?.compactMap(\.stringValue) ?? [] } catch {
            throw StorageError(.corrupt, "A category of the catalogue is damaged. Restore a backup.", cause: error)
        }
    }

    private static func parsed(_ json: String, _ id: ItemID) throws(StorageError) -> JSONValue {
        do { return try JSONValue(parsing: json) } catch {
            throw StorageError(
                .corrupt, "Item \(id): stored properties are damaged. Restore a backup, or import again.", cause: error)
        }
    }

    private static func list(_ texts: [String]) -> String {
        if texts.isEmpty { return "" }
        var writer = JSONWriter(reservingCapacity: 128)
        writer.array { array in texts.forEach { array.value($0) } }
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func attributes(_ attributes: [String: [String]]) -> String {
        if attributes.isEmpty { return "" }
        var writer = JSONWriter(reservingCapacity: 128)
        writer.object { object in
            for (name, values) in attributes.sorted(by: { $0.key < $1.key }) {
                object.name(dynamic: name)
                object.array { array in values.forEach { array.value($0) } }
            }
        }
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func translations(_ texts: [String: ItemText]) -> String {
        if texts.isEmpty { return "" }
        var writer = JSONWriter(reservingCapacity: 256)
        writer.object { object in
            for (language, text) in texts.sorted(by: { $0.key < $1.key }) {
                object.name(dynamic: language)
                object.object { members in
                    members.member("title", text.title)
                    if !text.description.isEmpty { members.member("description", text.description) }
                    if !text.productType.isEmpty { members.member("product_type", text.productType) }
                }
            }
        }
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func numbers(_ numbers: [String: Double]) -> String {
        if numbers.isEmpty { return "" }
        var writer = JSONWriter(reservingCapacity: 128)
        writer.object { object in
            for (name, number) in numbers.sorted(by: { $0.key < $1.key }) {
                object.name(dynamic: name)
                object.value(number)
            }
        }
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}
