public import Domain
public import Storage

/// What models and profiles know of items, as columns by item number: category, type, brand class, and what is hidden.
///
/// A category is the second level of `productType` (or the first where there is one), a type the whole path.
public struct ItemFacts: Sendable {
    /// Stands for an item without category or type.
    public static let unknown: UInt32 = .max

    public enum BrandClass: UInt8, Sendable { case unknown, national, privateLabel }

    /// Shape `[numberLimit]`.
    public private(set) var categories: [UInt32] = []
    public private(set) var types: [UInt32] = []
    public private(set) var brandClasses: [UInt8] = []
    /// Numbers of brands, or of manufacturers where an item has no brand.
    public private(set) var brands: [UInt32] = []
    /// Paths by category and by type.
    public private(set) var categoryPaths: [[String]] = []
    public private(set) var typePaths: [[String]] = []
    /// Names by brand.
    public private(set) var brandNames: [String] = []
    /// Items that never appear in recommendations: withdrawn, or marked as excluded in the feed.
    public private(set) var hidden = ItemMask()
    /// Items whose lines do not count as purchases of products.
    public private(set) var excluded = ItemMask()

    private var categoryNumbers: [[String]: UInt32] = [:]
    private var typeNumbers: [[String]: UInt32] = [:]
    private var brandNumbers: [String: UInt32] = [:]
    private var categoryOfType: [UInt32] = []

    public init() {}

    /// Reads the whole catalogue: the few columns that matter here.
    public init(reading store: any CatalogueStore) throws(StorageError) {
        try store.forEachOutline { outline throws(StorageError) in set(outline) }
    }

    public var numberLimit: Int { categories.count }

    /// Takes over one item, new or changed.
    public mutating func set(_ stored: StoredItem) { set(ItemOutline(stored)) }

    private mutating func set(_ outline: ItemOutline) {
        let index = outline.number.index
        if index >= categories.count {
            let more = index + 1 - categories.count
            categories.append(contentsOf: repeatElement(Self.unknown, count: more))
            types.append(contentsOf: repeatElement(Self.unknown, count: more))
            brandClasses.append(contentsOf: repeatElement(0, count: more))
            brands.append(contentsOf: repeatElement(Self.unknown, count: more))
        }
        let type = Self.number(of: outline.productType, in: &typeNumbers, &typePaths)
        types[index] = type
        if type == Self.unknown {
            categories[index] = Self.unknown
        } else {
            if Int(type) == categoryOfType.count {
                let path = Array(outline.productType.prefix(2))
                categoryOfType.append(Self.number(of: path, in: &categoryNumbers, &categoryPaths))
            }
            categories[index] = categoryOfType[Int(type)]
        }
        brandClasses[index] = Self.brandClass(outline.brandClass).rawValue
        brands[index] = brandNumber(of: outline.brand)
        if outline.isWithdrawn || outline.isExcluded {
            hidden.insert(outline.number)
        } else {
            hidden.remove(outline.number)
        }
        if outline.isExcluded { excluded.insert(outline.number) } else { excluded.remove(outline.number) }
    }

    /// Keeps an item out of recommendations.
    public mutating func hide(_ item: ItemNumber) { hidden.insert(item) }

    public func category(_ item: ItemNumber) -> UInt32? {
        guard item.index < categories.count, categories[item.index] != Self.unknown else { return nil }
        return categories[item.index]
    }

    /// The path of a category's number; `nil` if there is no such number.
    public func path(ofCategory category: UInt32) -> [String]? {
        categoryPaths.indices.contains(Int(category)) ? categoryPaths[Int(category)] : nil
    }

    public func type(_ item: ItemNumber) -> UInt32? {
        guard item.index < types.count, types[item.index] != Self.unknown else { return nil }
        return types[item.index]
    }

    /// The number of the item's brand, or manufacturer; `nil` if neither is known.
    public func brand(_ item: ItemNumber) -> UInt32? {
        guard item.index < brands.count, brands[item.index] != Self.unknown else { return nil }
        return brands[item.index]
    }

    /// The types that lie in a category of any depth, by their numbers; `nil` if there are none.
    ///
    /// - Parameter path: Such as `["Grocery", "Frozen"]`. Complexity: O(types).
    public func types(in path: [String]) -> [Bool]? {
        guard !path.isEmpty else { return nil }
        let inside = typePaths.map { $0.starts(with: path) }
        return inside.contains(true) ? inside : nil
    }

    public func brandClass(_ item: ItemNumber) -> BrandClass {
        guard item.index < brandClasses.count else { return .unknown }
        return BrandClass(rawValue: brandClasses[item.index]) ?? .unknown
    }

    private mutating func brandNumber(of name: String) -> UInt32 {
        guard !name.isEmpty else { return Self.unknown }
        if let known = brandNumbers[name] { return known }
        let number = UInt32(brandNames.count)
        brandNumbers[name] = number
        brandNames.append(name)
        return number
    }

    private static func number(
        of path: [String], in numbers: inout [[String]: UInt32], _ paths: inout [[String]]
    ) -> UInt32 {
        guard !path.isEmpty else { return unknown }
        if let known = numbers[path] { return known }
        let number = UInt32(paths.count)
        numbers[path] = number
        paths.append(path)
        return number
    }

    private static func brandClass(_ text: String) -> BrandClass {
        let word = text.lowercased()
        if word.hasPrefix("private") { return .privateLabel }
        return word.hasPrefix("national") ? .national : .unknown
    }
}
