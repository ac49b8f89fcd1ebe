internal import Domain
internal import Features
internal import JSON

/// What values of fields are called in the shop, for the file beside a network's weights.
struct FieldNames {
    let facts: ItemFacts
    let branches: BranchLog

    /// Items by their number, types and categories by their path, brands and branches by their name.
    func value(_ field: PurchaseFields.Field, _ value: UInt32) -> JSONValue {
        let place = Int(value)
        return switch field {
        case .item, .brandClass, .weekday, .partOfDay: .integer(Int64(value))
        case .type: Self.text(facts.typePaths, place) { $0.joined(separator: " > ") }
        case .category: Self.text(facts.categoryPaths, place) { $0.joined(separator: " > ") }
        case .brand: Self.text(facts.brandNames, place) { $0 }
        case .branch: Self.text(branches.names, place) { $0 }
        }
    }

    private static func text<Name>(_ names: [Name], _ place: Int, _ words: (Name) -> String) -> JSONValue {
        names.indices.contains(place) ? .string(words(names[place])) : .null
    }
}
