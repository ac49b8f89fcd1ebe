import Domain

/// A part of an item that BM25F weighs on its own (Robertson and Zaragoza, 2009, §3.6).
enum Field: Int, CaseIterable, Sendable {
    case title, type, category, department, brand, attributes, source, description

    /// How much a word in this field counts.
    var weight: Float {
        switch self {
        case .title: 1.5
        case .type: 3
        case .category: 1.8
        case .department: 0.5
        case .brand: 1
        case .attributes: 0.8
        case .source: 0.6
        case .description: 0.4
        }
    }

    /// How strongly the field's length discounts a word, BM25's b.
    var lengthNormalisation: Float {
        switch self {
        case .type, .title: 0.75
        case .category: 0.5
        default: 0.3
        }
    }

    var label: String { "\(self)" }

    /// The text of the field; words of several values are joined.
    func text(of item: Item, in fields: SearchedFields) -> String {
        var texts: [String] = []
        forEachText(of: item, in: fields) { texts.append($0) }
        return texts.joined(separator: " ")
    }

    /// Calls `body` with each text that the field consists of, always in the same order.
    func forEachText(of item: Item, in fields: SearchedFields, _ body: (String) -> Void) {
        guard fields.names == nil || isSearched(fields) else { return }
        let path = item.typeWords.isEmpty ? item.productType : item.typeWords
        switch self {
        case .title: body(item.title)
        case .type: if let last = path.last { body(last) }
        case .category: if path.count > 2 { path[1..<path.count - 1].forEach(body) }
        case .department: if path.count > 1 { body(path[0]) }
        case .brand: body(item.brand)
        case .attributes:
            if item.attributes.count == 1 {
                for (name, values) in item.attributes where fields.holds(name) { values.forEach(body) }
            } else if !item.attributes.isEmpty {
                for name in item.attributes.keys.sorted() where fields.holds(name) {
                    item.attributes[name]?.forEach(body)
                }
            }
            if fields.holds("mpn") { body(item.mpn) }
        case .source: body(item.sourceText)
        case .description: body(item.description)
        }
    }
}

extension Field {
    /// Whether any text of the field may be searched.
    private func isSearched(_ fields: SearchedFields) -> Bool {
        switch self {
        case .title, .attributes: true
        case .type, .category, .department: fields.holds("product_type")
        case .brand: fields.holds("brand")
        case .source: fields.holds("source_text")
        case .description: fields.holds("description")
        }
    }
}

/// BM25F's saturation, k1.
let saturation: Float = 1.2
/// How much of a score popularity may add: what shoppers mean by a word that many shelves have, and an order of like items.
let popularityShare: Float = 0.5
