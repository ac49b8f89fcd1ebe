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
    func text(of item: Item) -> String {
        let path = item.productType
        return switch self {
        case .title: item.title
        case .type: path.last ?? ""
        case .category: path.count > 1 ? path.dropFirst().dropLast().joined(separator: " ") : ""
        case .department: path.count > 1 ? path[0] : ""
        case .brand: item.brand
        case .attributes:
            item.attributes.sorted { $0.key < $1.key }.flatMap(\.value).joined(separator: " ") + " " + item.gtin + " "
                + item.mpn + " " + item.id.rawValue
        case .source: item.sourceText
        case .description: item.description
        }
    }
}

/// BM25F's saturation, k1.
let saturation: Float = 1.2
/// How much of a score popularity may add: what shoppers mean by a word that many shelves have, and an order of like items.
let popularityShare: Float = 0.5
