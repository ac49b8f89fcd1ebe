import Domain

/// One row of `transactions.tsv`, amounts in cents.
struct PurchaseLine {
    static let header = [
        "household_id", "store_id", "basket_id", "product_id", "quantity", "sales_value", "retail_disc", "coupon_disc",
        "coupon_match_disc", "week", "transaction_timestamp",
    ]

    let household, store, basket, product, quantity: Int64
    let paidCents, retailCents, couponCents: Int64
    let week: Int
    let time: Timestamp

    /// Returns `nil` for a row with a value of the wrong kind.
    init?(_ row: TSVReader) {
        guard let household = row.integer(0), let store = row.integer(1), let basket = row.integer(2),
            let product = row.integer(3), let quantity = row.integer(4), let paid = row.hundredths(5),
            let retail = row.hundredths(6), let coupon = row.hundredths(7), let match = row.hundredths(8),
            let week = row.integer(9), let time = Timestamp(iso8601: row.text(10)), paid >= 0, retail >= 0, coupon >= 0,
            match >= 0
        else { return nil }
        (self.household, self.store, self.basket, self.product) = (household, store, basket, product)
        (self.quantity, self.week, self.time) = (quantity, Int(week), time)
        (paidCents, retailCents, couponCents) = (paid, retail, coupon + match)
    }

    /// What the line would cost without any discount.
    var fullCents: Int64 { paidCents + retailCents + couponCents }

    func eventItem(_ item: ItemID) -> EventItem {
        let piece = Int64((Double(paidCents) / Double(quantity)).rounded())
        var line = EventItem(item: item, quantity: Int(quantity), priceMinorUnits: piece)
        line.discountMinorUnits = retailCents + couponCents
        line.couponMinorUnits = couponCents
        return line
    }
}
