/// What an item is called in another language than its own.
public struct ItemText: Hashable, Sendable {
    public var title: String
    public var description: String
    /// `Item.productType` in this language, level by level; empty if it is not translated.
    public var productType: [String]

    public init(title: String, description: String = "", productType: [String] = []) {
        (self.title, self.description, self.productType) = (title, description, productType)
    }
}

/// One thing that a shop sells, as its feed describes it: without price and stock, which are `Offer`s.
///
/// Field names follow Google Merchant Center's product data specification.
public struct Item: Hashable, Sendable {
    public var id: ItemID
    public var title: String
    public var description: String = ""
    /// The shop's category path, from the widest to the narrowest: `["Grocery", "Frozen", "Ice cream"]`.
    public var productType: [String] = []
    public var brand: String = ""
    /// Where the item's page is, and its picture; empty if unknown.
    public var link: String = ""
    public var imageLink: String = ""
    public var gtin: String = ""
    public var mpn: String = ""
    /// Variants of one thing share a group.
    public var itemGroupID: String = ""
    /// BCP 47 language of the texts.
    public var language: String = "en"
    /// Texts in further languages, by primary tag in lower case.
    public var translations: [String: ItemText] = [:]
    /// The words of `productType` in the language of the texts; empty if it is written in it. Not stored: see `translated`.
    public var typeWords: [String] = []
    /// Further searchable and filterable properties such as `size`, `color`, `brand_class`; names in snake case.
    public var attributes: [String: [String]] = [:]
    /// Numbers to filter and sort by, such as `package_ounces`; never NaN or infinite.
    public var numbers: [String: Double] = [:]
    /// The supplier's own wording, searchable but not shown: `FRZN SS PREMIUM ENTREES/DNRS/N`.
    public var sourceText: String = ""
    /// An item that never appears in search or recommendations, though events may name it.
    public var isExcluded = false

    public init(id: ItemID, title: String) { (self.id, self.title) = (id, title) }

    /// The item with its texts in another language; itself where it has none in it.
    ///
    /// `productType` stays as it is: it names the category in filters and facets, whatever the language.
    public func translated(to language: String?) -> Item {
        guard let language, let text = translations[language] else { return self }
        var item = self
        (item.title, item.typeWords, item.language) = (text.title, text.productType, language)
        if !text.description.isEmpty { item.description = text.description }
        return item
    }
}

/// An item with its number in the store and whether the shop still carries it.
public struct StoredItem: Hashable, Sendable {
    public let number: ItemNumber
    public var item: Item
    /// Withdrawn items stay known, so that past events keep their meaning, but are neither found nor recommended.
    public var isWithdrawn: Bool

    public init(number: ItemNumber, item: Item, isWithdrawn: Bool) {
        (self.number, self.item, self.isWithdrawn) = (number, item, isWithdrawn)
    }

    /// See `Item.translated`.
    public func translated(to language: String?) -> StoredItem {
        StoredItem(number: number, item: item.translated(to: language), isWithdrawn: isWithdrawn)
    }
}

/// What one market and customer group pays for an item, and how many are there.
public struct Offer: Hashable, Sendable {
    public static let defaultMarket = "default"
    public static let everyGroup = ""

    public var item: ItemID
    public var market: String = Offer.defaultMarket
    /// The customer group that the price is for; empty for everybody.
    public var group: String = Offer.everyGroup
    /// `nil`: not for sale at a known price (shown without a price, never recommended).
    public var price: Money?
    /// A lower price that holds now; `nil` if there is none.
    public var salePrice: Money?
    /// Pieces in stock; `nil` if the shop does not count them, zero if sold out.
    public var stock: Int?

    public init(item: ItemID) { self.item = item }
}

/// A place where the shop sells: a branch.
public struct Store: Hashable, Sendable {
    public var id: String
    public var name: String
    public var latitude: Double?
    public var longitude: Double?
    /// Made up by the simulation, and labelled as such wherever it shows.
    public var isSynthetic: Bool

    public init(id: String, name: String, latitude: Double? = nil, longitude: Double? = nil, isSynthetic: Bool = false)
    {
        (self.id, self.name, self.latitude, self.longitude) = (id, name, latitude, longitude)
        self.isSynthetic = isSynthetic
    }
}
