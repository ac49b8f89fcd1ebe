public import Domain
public import JSON
public import Storage

/// Reads prices and stock from records with Google Merchant Center's names: `price`, `sale_price`, `availability`, …
public struct OfferReader: Sendable {
    static let fieldNames: Set<String> = [
        "price", "sale_price", "availability", "quantity", "stock", "market", "customer_group", "currency",
    ]

    /// For prices that name none.
    public let currency: Currency?
    /// Whether a `null` takes a price or a stock away; otherwise it is as good as absent, as exporters of feeds write it.
    public let nullClears: Bool

    public init(currency: Currency?, nullClears: Bool = false) {
        (self.currency, self.nullClears) = (currency, nullClears)
    }

    /// An offer, and what its record says nothing of.
    public struct Reading: Sendable {
        public var offer: Offer
        /// Parts that stay as they are stored.
        public var missing: OfferParts
    }

    /// Reads one offer; `id` is for records that lack an identifier of their own.
    public func offer(from value: JSONValue, id: ItemID? = nil) throws(FeedError) -> Offer {
        let fields = try FieldReader(value)
        guard let item = try fields.itemID("id", "item_id") ?? id else {
            throw FeedError(.missingField, "The offer has no `id`.", field: "id")
        }
        var offer = Offer(item: item)
        if let market = try fields.identifier("market", maximumBytes: 64) { offer.market = market }
        if let group = try fields.identifier("customer_group", maximumBytes: 64) { offer.group = group }
        let currency = try fields.currency("currency") ?? currency
        if let (name, value) = fields.find(["price"]) {
            offer.price = try MoneyReader.price(value, name, currency: currency)
        }
        if let (name, value) = fields.find(["sale_price"]) {
            offer.salePrice = try MoneyReader.price(value, name, currency: currency)
            guard offer.price?.currency == offer.salePrice?.currency else {
                throw FeedError(.invalidValue, "`sale_price` needs a `price` in the same currency.", field: name)
            }
        }
        offer.stock = try fields.integer("quantity", "stock", in: 0...2_000_000_000).map { Int($0) }
        if let availability = try fields.text("availability", maximumBytes: 64) {
            switch availability.lowercased().split(separator: " ").joined(separator: "_") {
            case "in_stock", "preorder", "backorder", "limited_availability": break
            case "out_of_stock", "sold_out", "discontinued": offer.stock = 0
            default:
                let message = "`availability` must be in_stock, out_of_stock, preorder or backorder."
                throw FeedError(.invalidValue, message, field: "availability")
            }
        }
        return offer
    }

    /// Reads one offer with what its record leaves open: a price, a stock, or how many there are of what is in stock.
    public func reading(from value: JSONValue, id: ItemID? = nil) throws(FeedError) -> Reading {
        let offer = try offer(from: value, id: id)
        func carries(_ names: String...) -> Bool {
            names.contains { name in
                guard let member = value[name] else { return false }
                return member.isNull ? nullClears : member.stringValue?.isEmpty != true
            }
        }
        var missing: OfferParts = []
        if !carries("price", "sale_price") { missing.insert(.price) }
        if offer.stock == nil, !carries("quantity", "stock") {
            missing.insert(carries("availability") ? .countedStock : .stock)
        }
        return Reading(offer: offer, missing: missing)
    }

    /// The offers of an item's own record: one from its own fields, or those of its array `offers`.
    func offers(inItem value: JSONValue, id: ItemID) throws(FeedError) -> [Reading] {
        if let list = value["offers"], !list.isNull {
            guard let list = list.arrayValue, list.count <= 1000 else {
                throw FeedError(.wrongType, "`offers` must be an array of at most 1000 offers.", field: "offers")
            }
            var offers: [Reading] = []
            for entry in list {
                let offer = try reading(from: entry, id: id)
                guard offer.offer.item == id else {
                    throw FeedError(.invalidValue, "An offer inside an item names another item.", field: "offers")
                }
                offers.append(offer)
            }
            return offers
        }
        let names = ["price", "sale_price", "availability", "quantity", "stock"]
        guard names.contains(where: { name in value[name].map { nullClears || !$0.isNull } ?? false }) else {
            return []
        }
        return [try reading(from: value, id: id)]
    }
}
