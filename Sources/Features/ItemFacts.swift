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
    /// Paths by category and by type.
    public private(set) var categoryPaths: [[String]] = []
    public private(set) var typePaths: [[String]] = []
    /// Items that never appear in recommendations: withdrawn, or marked as excluded in the feed.
    public private(set) var hidden = ItemMask()
    /// Items whose lines do not count as purchases of products.
    public private(set) var excluded = ItemMask()

    private var categoryNumbers: [[String]: UInt32] = [:]
    private var typeNumbers: [[String]: UInt32] = [:]

    public init() {}

    /// Reads the whole catalogue, in steps of a few thousand items.
    public init(reading store: any CatalogueStore) throws(StorageError) {
        var last: ItemNumber?
        while true {
            let page = try store.items(after: last, limit: 4096)
            guard let end = page.last else { break }
            for stored in page { set(stored) }
            last = end.number
        }
    }

    public var numberLimit: Int { categories.count }

    /// Takes over one item, new or changed.
    public mutating func set(_ stored: StoredItem) {
        let index = stored.number.index
        if index >= categories.count {
            let more = index + 1 - categories.count
            categories.append(contentsOf: repeatElement(Self.unknown, count: more))
            types.append(contentsOf: repeatElement(Self.unknown, count: more))
            brandClasses.append(contentsOf: repeatElement(0, count: more))
        }
        let path = stored.item.productType
        categories[index] = Self.number(of: Array(path.prefix(2)), in: &categoryNumbers, &categoryPaths)
        types[index] = Self.number(of: path, in: &typeNumbers, &typePaths)
        brandClasses[index] = Self.brandClass(of: stored.item).rawValue
        let isHidden = stored.isWithdrawn || stored.item.isExcluded
        if isHidden { hidden.insert(stored.number) } else { hidden.remove(stored.number) }
        if stored.item.isExcluded { excluded.insert(stored.number) } else { excluded.remove(stored.number) }
    }

    public func category(_ item: ItemNumber) -> UInt32? {
        guard item.index < categories.count, categories[item.index] != Self.unknown else { return nil }
        return categories[item.index]
    }

    public func type(_ item: ItemNumber) -> UInt32? {
        guard item.index < types.count, types[item.index] != Self.unknown else { return nil }
        return types[item.index]
    }

    public func brandClass(_ item: ItemNumber) -> BrandClass {
        guard item.index < brandClasses.count else { return .unknown }
        return BrandClass(rawValue: brandClasses[item.index]) ?? .unknown
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

    private static func brandClass(of item: Item) -> BrandClass {
        let word = (item.attributes["brand_class"]?.first ?? item.brand).lowercased()
        if word.hasPrefix("private") { return .privateLabel }
        return word.hasPrefix("national") ? .national : .unknown
    }
}
