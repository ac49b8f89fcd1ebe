import Domain
import Storage

extension CompleteJourneyImporter {
    func importCustomers(
        _ events: any EventStore, _ people: inout PseudonymCache, _ pseudonym: (String) throws -> Pseudonym,
        _ summary: inout ImportSummary
    ) throws(FeedError) {
        let header = [
            "household_id", "age", "income", "home_ownership", "marital_status", "household_size", "household_comp",
            "kids_count",
        ]
        var rows = try TSVReader(path: "\(folder)/demographics.tsv", header: header)
        var customers: [Customer] = []
        while try rows.next() {
            var attributes: [String: String] = [:]
            for column in 1..<header.count where !rows.isEmpty(column) {
                attributes[header[column]] = rows.text(column)
            }
            let user = try people.pseudonym(rows.number(0), pseudonym)
            customers.append(Customer(user: user, attributes: attributes))
        }
        let all = customers
        try storing { () throws(StorageError) in try events.setCustomers(all) }
        summary.customers = all.count
    }

    func importCampaigns(
        _ events: any EventStore, _ people: inout PseudonymCache, _ pseudonym: (String) throws -> Pseudonym,
        _ summary: inout ImportSummary
    ) throws(FeedError) {
        var campaigns: [String: Campaign] = [:]
        var rows = try TSVReader(
            path: "\(folder)/campaign_descriptions.tsv",
            header: ["campaign_id", "campaign_type", "start_date", "end_date"])
        while try rows.next() {
            let (start, end) = (try rows.time(2), try rows.time(3))
            campaigns[rows.text(0)] = Campaign(
                id: rows.text(0), kind: rows.text(1), start: start, end: end.adding(days: 1))
        }
        var sent = try TSVReader(path: "\(folder)/campaigns.tsv", header: ["campaign_id", "household_id"])
        while try sent.next() {
            campaigns[sent.text(0)]?.recipients.append(try people.pseudonym(sent.number(1), pseudonym))
        }
        for (campaign, coupons) in try coupons() {
            campaigns[campaign]?.coupons = coupons.sorted { $0.key < $1.key }.map {
                Coupon(code: $0.key, items: $0.value)
            }
        }
        var redeemed = try TSVReader(
            path: "\(folder)/coupon_redemptions.tsv",
            header: ["household_id", "coupon_upc", "campaign_id", "redemption_date"])
        while try redeemed.next() {
            let redemption = CouponRedemption(
                user: try people.pseudonym(redeemed.number(0), pseudonym), code: redeemed.text(1),
                time: try redeemed.time(3))
            campaigns[redeemed.text(2)]?.redemptions.append(redemption)
        }
        let all = campaigns.values.sorted { (Int($0.id) ?? 0, $0.id) < (Int($1.id) ?? 0, $1.id) }
        try storing { () throws(StorageError) in try events.setCampaigns(all) }
        summary.campaigns = all.count
    }

    private func coupons() throws(FeedError) -> [String: [String: [ItemID]]] {
        var table: [String: [String: [ItemID]]] = [:]
        var rows = try TSVReader(
            path: "\(folder)/coupons.tsv", header: ["coupon_upc", "product_id", "campaign_id"])
        while try rows.next() {
            guard let item = ItemID(rows.text(1)) else { continue }
            table[rows.text(2), default: [:]][rows.text(0), default: []].append(item)
        }
        return table
    }
}

extension TSVReader {
    /// The field as a whole number; throws `syntax` if it is none.
    func number(_ column: Int) throws(FeedError) -> Int64 {
        guard let number = integer(column) else {
            throw FeedError(.syntax, "\(path), line \(line): column \(column + 1) must be a whole number.")
        }
        return number
    }

    func time(_ column: Int) throws(FeedError) -> Timestamp {
        guard let time = Timestamp(iso8601: text(column)) else {
            throw FeedError(.syntax, "\(path), line \(line): column \(column + 1) must be a time.")
        }
        return time
    }

    /// The field's first byte; `0` if it is empty.
    func character(_ column: Int) -> UInt8 { isEmpty(column) ? UInt8(ascii: "0") : firstByte(column) }
}

/// Pseudonyms of household numbers, each made once.
struct PseudonymCache {
    private var known: [Int64: Pseudonym] = [:]

    mutating func pseudonym(
        _ household: Int64, _ make: (String) throws -> Pseudonym
    ) throws(FeedError) -> Pseudonym {
        if let found = known[household] { return found }
        do {
            let made = try make(String(household))
            known[household] = made
            return made
        } catch {
            throw FeedError(.store, "A household's pseudonym could not be made.", cause: error)
        }
    }
}
