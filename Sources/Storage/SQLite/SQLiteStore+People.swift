public import Domain
internal import JSON
internal import Synchronization

extension SQLiteStore {
    public func setCustomers(_ customers: [Customer]) throws(StorageError) {
        guard let sealer else { throw Self.needsKey }
        try write { connection throws(StorageError) in
            var next = try connection.counter("next_user")
            let statement = try connection.statement("INSERT OR REPLACE INTO customer (user, sealed) VALUES (?1, ?2)")
            for customer in customers {
                let key = PseudonymKey(customer.user)
                statement.bind(1, try connection.user(key, creatingWith: &next))
                statement.bind(2, blob: try sealer.seal(Self.encoded(customer.attributes), context: key.bytes))
                try statement.run()
            }
            try connection.setCounter("next_user", next)
        }
    }

    public func customer(_ user: Pseudonym) throws(StorageError) -> Customer? {
        let key = PseudonymKey(user)
        let sealed = try read { connection throws(StorageError) -> [UInt8]? in
            let statement = try connection.statement(
                "SELECT sealed FROM customer JOIN user ON user.number = customer.user WHERE pseudonym = ?1")
            defer { statement.reset() }
            statement.bind(1, blob: key.bytes)
            return try statement.step() ? statement.blob(0) : nil
        }
        guard let sealed else { return nil }
        guard let sealer else { throw Self.needsKey }
        let plain = try sealer.open(sealed, context: key.bytes)
        var attributes: [String: String] = [:]
        do {
            for member in try JSONValue(parsing: plain).objectValue ?? [] {
                attributes[member.name] = member.value.stringValue
            }
        } catch {
            throw StorageError(.corrupt, "A customer's attributes are damaged. Import them again.", cause: error)
        }
        return Customer(user: user, attributes: attributes)
    }

    public func setCampaigns(_ campaigns: [Campaign]) throws(StorageError) {
        try write { connection throws(StorageError) in
            var next = try connection.counter("next_user")
            for campaign in campaigns { try Self.write(campaign, connection, &next) }
            try connection.setCounter("next_user", next)
        }
    }

    public func campaigns() throws(StorageError) -> [Campaign] {
        try read { connection throws(StorageError) in
            try connection.snapshot { () throws(StorageError) in
                let rows = try connection.statement("SELECT id, kind, start, \"end\" FROM campaign ORDER BY id")
                defer { rows.reset() }
                var campaigns: [Campaign] = []
                while try rows.step() {
                    var campaign = Campaign(
                        id: rows.text(0), kind: rows.text(1), start: Timestamp(milliseconds: rows.integer(2)),
                        end: Timestamp(milliseconds: rows.integer(3)))
                    try Self.addParts(to: &campaign, connection)
                    campaigns.append(campaign)
                }
                return campaigns
            }
        }
    }

    public func erase(_ user: Pseudonym) throws(StorageError) -> Int {
        let erased = try write { connection throws(StorageError) -> Int in
            // Deleted rows are overwritten with zeros, so that the file keeps no trace.
            try connection.execute("PRAGMA secure_delete = ON")
            guard let number = try connection.user(PseudonymKey(user)) else { return 0 }
            memory.withLock { $0.forget() }
            for sql in [
                "DELETE FROM event_item WHERE event IN (SELECT sequence FROM event WHERE user = ?1)",
                "DELETE FROM customer WHERE user = ?1", "DELETE FROM campaign_recipient WHERE user = ?1",
                "DELETE FROM coupon_redemption WHERE user = ?1",
            ] {
                let statement = try connection.statement(sql)
                statement.bind(1, number)
                try statement.run()
            }
            let events = try connection.statement("DELETE FROM event WHERE user = ?1 RETURNING 1")
            events.bind(1, number)
            var count: Int64 = 0
            while try events.step() { count += 1 }
            let person = try connection.statement("DELETE FROM user WHERE number = ?1")
            person.bind(1, number)
            try person.run()
            let note = try connection.statement("INSERT INTO erasure (time, events) VALUES (?1, ?2)")
            note.bind(1, SystemClock.now().milliseconds)
            note.bind(2, count)
            try note.run()
            try connection.setCounter("events", try connection.counter("events") - count)
            return Int(count)
        }
        try withWriter { connection throws(StorageError) in
            try connection.execute("PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)")
        }
        return erased
    }

    public func erasureCount() throws(StorageError) -> Int {
        try read { connection throws(StorageError) in Int(try connection.integer("SELECT count(*) FROM erasure") ?? 0) }
    }

    private static var needsKey: StorageError {
        StorageError(.failed, "Personal attributes need the shop's identity key. Open the store through its folder.")
    }

    private static func encoded(_ attributes: [String: String]) -> [UInt8] {
        var writer = JSONWriter(reservingCapacity: 256)
        writer.object { object in
            for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                object.name(dynamic: name)
                object.value(value)
            }
        }
        return writer.finish()
    }

    private static func write(
        _ campaign: Campaign, _ connection: SQLiteConnection, _ next: inout Int64
    ) throws(StorageError) {
        let head = try connection.statement(
            """
            INSERT INTO campaign VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT DO UPDATE SET kind = ?2, start = ?3, "end" = ?4
            """)
        head.bind(1, campaign.id)
        head.bind(2, campaign.kind)
        head.bind(3, campaign.start.milliseconds)
        head.bind(4, campaign.end.milliseconds)
        try head.run()
        for table in ["campaign_recipient", "coupon", "coupon_redemption"] {
            let delete = try connection.statement("DELETE FROM \(table) WHERE campaign = ?1")
            delete.bind(1, campaign.id)
            try delete.run()
        }
        let recipient = try connection.statement("INSERT OR IGNORE INTO campaign_recipient VALUES (?1, ?2)")
        for user in campaign.recipients {
            recipient.bind(1, campaign.id)
            recipient.bind(2, try connection.user(PseudonymKey(user), creatingWith: &next))
            try recipient.run()
        }
        let coupon = try connection.statement("INSERT INTO coupon VALUES (?1, ?2, ?3)")
        for one in campaign.coupons {
            coupon.bind(1, campaign.id)
            coupon.bind(2, one.code)
            let items = JSONValue.array(one.items.map { .string($0.rawValue) })
            coupon.bind(3, String(decoding: items.encoded, as: UTF8.self))
            try coupon.run()
        }
        let redemption = try connection.statement("INSERT INTO coupon_redemption VALUES (?1, ?2, ?3, ?4, ?5)")
        for (position, one) in campaign.redemptions.enumerated() {
            redemption.bind(1, campaign.id)
            redemption.bind(2, Int64(position))
            redemption.bind(3, try connection.user(PseudonymKey(one.user), creatingWith: &next))
            redemption.bind(4, one.code)
            redemption.bind(5, one.time.milliseconds)
            try redemption.run()
        }
    }

    private static func addParts(to campaign: inout Campaign, _ connection: SQLiteConnection) throws(StorageError) {
        let people = try connection.statement(
            """
            SELECT pseudonym FROM campaign_recipient r JOIN user u ON u.number = r.user WHERE campaign = ?1
            ORDER BY pseudonym
            """)
        defer { people.reset() }
        people.bind(1, campaign.id)
        while try people.step() {
            if let user = Pseudonym(bytes: people.blob(0)) { campaign.recipients.append(user) }
        }
        let coupons = try connection.statement("SELECT code, items FROM coupon WHERE campaign = ?1 ORDER BY code")
        defer { coupons.reset() }
        coupons.bind(1, campaign.id)
        while try coupons.step() {
            do {
                let items = try JSONValue(parsing: coupons.text(1)).arrayValue ?? []
                campaign.coupons.append(
                    Coupon(code: coupons.text(0), items: items.compactMap { $0.stringValue.flatMap { ItemID($0) } }))
            } catch {
                throw StorageError(.corrupt, "A coupon's items are damaged. Import the campaigns again.", cause: error)
            }
        }
        let redemptions = try connection.statement(
            """
            SELECT pseudonym, code, time FROM coupon_redemption r JOIN user u ON u.number = r.user WHERE campaign = ?1
            ORDER BY position
            """)
        defer { redemptions.reset() }
        redemptions.bind(1, campaign.id)
        while try redemptions.step() {
            guard let user = Pseudonym(bytes: redemptions.blob(0)) else { continue }
            campaign.redemptions.append(
                CouponRedemption(
                    user: user, code: redemptions.text(1), time: Timestamp(milliseconds: redemptions.integer(2))))
        }
    }
}
