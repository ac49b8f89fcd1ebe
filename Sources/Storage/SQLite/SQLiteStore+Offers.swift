public import Domain

extension SQLiteStore {
    public func setOffers(_ offers: [Offer], keeping: OfferParts) throws(StorageError) -> Int {
        try write { connection throws(StorageError) in
            let content = try directory.loaded(from: connection)
            let statement = try connection.statement(Self.writingSQL(keeping: keeping))
            let addList = try connection.statement("INSERT OR IGNORE INTO price_list VALUES (?1, ?2)")
            for list in Set(offers.map { PriceListName(market: $0.market, group: $0.group) }) {
                addList.bind(1, list.market)
                addList.bind(2, list.group)
                try addList.run()
            }
            var changed = 0
            for offer in offers {
                guard let number = content.numbers[offer.item] else {
                    throw StorageError(.constraint, "An offer names an item that is not in the catalogue.")
                }
                statement.bind(1, Int64(number))
                statement.bind(2, offer.market)
                statement.bind(3, offer.group)
                statement.bind(4, offer.price?.minorUnits)
                statement.bind(5, offer.price?.currency.code)
                statement.bind(6, offer.salePrice?.minorUnits)
                statement.bind(7, offer.salePrice?.currency.code)
                statement.bind(8, offer.stock.map { Int64($0) })
                while try statement.step() { changed += 1 }
                statement.reset()
            }
            return changed
        }
    }

    private static func writingSQL(keeping: OfferParts) -> String {
        var changes: [(column: String, value: String)] = []
        if !keeping.contains(.price) {
            changes = [("price", "?4"), ("currency", "?5"), ("sale_price", "?6"), ("sale_currency", "?7")]
        }
        if !keeping.contains(.stock) {
            let isKept = keeping.contains(.countedStock)
            changes.append(("stock", isKept ? "CASE WHEN offer.stock > 0 THEN offer.stock ELSE ?8 END" : "?8"))
        }
        let insert = """
            INSERT INTO offer (item, market, customer_group, price, currency, sale_price, sale_currency, stock)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """
        guard !changes.isEmpty else { return insert + " ON CONFLICT DO NOTHING RETURNING 1" }
        let sets = changes.map { "\($0.column) = \($0.value)" }.joined(separator: ", ")
        let differs = changes.map { "offer.\($0.column) IS NOT \($0.value)" }.joined(separator: " OR ")
        return insert + " ON CONFLICT DO UPDATE SET \(sets) WHERE \(differs) RETURNING 1"
    }

    public func offers(of id: ItemID) throws(StorageError) -> [Offer] {
        try read { connection throws(StorageError) in
            let content = try directory.loaded(from: connection)
            guard let number = content.numbers[id] else { return [] }
            let statement = try connection.statement(
                Self.offerColumns
                    + """
                     FROM price_list l CROSS JOIN offer o ON o.market = l.market
                    AND o.customer_group = l.customer_group AND o.item = ?1 ORDER BY l.market, l.customer_group
                    """)
            defer { statement.reset() }
            statement.bind(1, Int64(number))
            var offers: [Offer] = []
            while try statement.step() { offers.append(try offer(statement, id)) }
            return offers
        }
    }

    public func forEachOffer(_ body: (ItemNumber, Offer) throws(StorageError) -> Void) throws(StorageError) {
        try read { connection throws(StorageError) in
            try connection.snapshot { () throws(StorageError) in
                let content = try directory.loaded(from: connection)
                let statement = try connection.statement(
                    Self.offerColumns + " FROM offer o ORDER BY item, o.market, o.customer_group")
                defer { statement.reset() }
                while try statement.step() {
                    let number = statement.integer(0)
                    guard number >= 0, number < content.ids.count else { continue }
                    try body(ItemNumber(UInt32(number)), try offer(statement, content.ids[Int(number)]))
                }
            }
        }
    }

    public func priceLists() throws(StorageError) -> [PriceListName] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT market, customer_group FROM price_list ORDER BY market, customer_group")
            defer { statement.reset() }
            var lists: [PriceListName] = []
            while try statement.step() {
                lists.append(PriceListName(market: statement.text(0), group: statement.text(1)))
            }
            return lists
        }
    }

    public func forEachPrice(
        in list: PriceListName, currency: Currency, _ body: (ItemNumber, ListedPrice) throws(StorageError) -> Void
    ) throws(StorageError) {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT item, iif(currency = ?3, price, NULL), iif(sale_currency = ?3, sale_price, NULL), stock
                FROM offer WHERE market = ?1 AND customer_group = ?2 ORDER BY item
                """)
            defer { statement.reset() }
            statement.bind(1, list.market)
            statement.bind(2, list.group)
            statement.bind(3, currency.code)
            while try statement.step() {
                try body(
                    ItemNumber(UInt32(truncatingIfNeeded: statement.integer(0))),
                    ListedPrice(
                        price: statement.optionalInteger(1), salePrice: statement.optionalInteger(2),
                        stock: statement.optionalInteger(3).map { Int32(clamping: $0) }))
            }
        }
    }

    public func currency(of list: PriceListName) throws(StorageError) -> Currency? {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT currency FROM offer WHERE market = ?1 AND customer_group = ?2 AND currency IS NOT NULL
                ORDER BY item LIMIT 1
                """)
            defer { statement.reset() }
            statement.bind(1, list.market)
            statement.bind(2, list.group)
            return try statement.step() ? Currency(statement.text(0)) : nil
        }
    }

    public func setStores(_ stores: [Store]) throws(StorageError) {
        try write { connection throws(StorageError) in
            let statement = try connection.statement("INSERT OR REPLACE INTO store VALUES (?1, ?2, ?3, ?4, ?5)")
            for store in stores {
                statement.bind(1, store.id)
                statement.bind(2, store.name)
                statement.bind(3, store.latitude)
                statement.bind(4, store.longitude)
                statement.bind(5, store.isSynthetic ? 1 : 0 as Int64)
                try statement.run()
            }
        }
    }

    public func stores() throws(StorageError) -> [Store] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT id, name, latitude, longitude, synthetic FROM store ORDER BY id")
            defer { statement.reset() }
            var stores: [Store] = []
            while try statement.step() {
                stores.append(
                    Store(
                        id: statement.text(0), name: statement.text(1), latitude: statement.optionalDouble(2),
                        longitude: statement.optionalDouble(3), isSynthetic: statement.integer(4) != 0))
            }
            return stores
        }
    }

    private static let offerColumns =
        "SELECT item, o.market, o.customer_group, price, currency, sale_price, sale_currency, stock"

    private func offer(_ statement: SQLiteStatement, _ id: ItemID) throws(StorageError) -> Offer {
        var offer = Offer(item: id)
        offer.market = statement.text(1)
        offer.group = statement.text(2)
        offer.price = try money(statement, 3)
        offer.salePrice = try money(statement, 5)
        offer.stock = statement.optionalInteger(7).map { Int($0) }
        return offer
    }

    private func money(_ statement: SQLiteStatement, _ column: Int32) throws(StorageError) -> Money? {
        guard let minorUnits = statement.optionalInteger(column) else { return nil }
        guard let currency = Currency(statement.text(column + 1)) else {
            throw StorageError(.corrupt, "\(path): an offer has an unknown currency. Restore a backup.")
        }
        return Money(minorUnits: minorUnits, currency: currency)
    }
}
