/// The numbered migrations of `shop.sqlite`; `PRAGMA user_version` holds the number of the last one that ran.
///
/// A migration that was released never changes: a new one follows it.
enum SQLiteSchema {
    /// `SOUK` in ASCII.
    static let applicationID: Int64 = 0x534F_554B
    static let migrations = [catalogueAndEvents, keysAndPeople, offersByList, logistics, translations, arrivals]
    static var version: Int { migrations.count }

    /// Brings a database up to date: each migration is one transaction.
    ///
    /// - Throws: `unknownFormat` if a newer Souk wrote it; `corrupt` if it is another program's database.
    static func migrate(_ connection: SQLiteConnection, to last: Int = version) throws(StorageError) {
        let found = try check(connection)
        guard found < last else { return }
        for number in found..<last {
            try connection.transaction { () throws(StorageError) in
                // Another process may have been faster.
                guard try connection.integer("PRAGMA user_version") ?? 0 == number else { return }
                try connection.execute(migrations[number])
                if number == 0 { try plantEventKey(connection) }
                try connection.execute("PRAGMA application_id = \(applicationID); PRAGMA user_version = \(number + 1)")
            }
        }
    }

    /// The version on disk, after refusing what this Souk does not know.
    @discardableResult
    static func check(_ connection: SQLiteConnection) throws(StorageError) -> Int {
        let found = Int(try connection.integer("PRAGMA user_version") ?? 0)
        let application = try connection.integer("PRAGMA application_id") ?? 0
        let tables = try connection.integer("SELECT count(*) FROM sqlite_master") ?? 0
        guard application == applicationID || (application == 0 && found == 0 && tables == 0) else {
            throw StorageError(.corrupt, "\(connection.path) is the database of another program. Check the path.")
        }
        guard found <= version else {
            throw StorageError(
                .unknownFormat,
                "\(connection.path) has schema \(found); this Souk knows \(version). Use the newer Souk that wrote it.")
        }
        return found
    }

    private static func plantEventKey(_ connection: SQLiteConnection) throws(StorageError) {
        let statement = try connection.statement("INSERT INTO setting (name, value) VALUES ('event_id_key', ?1)")
        statement.bind(1, blob: try Sodium.randomBytes(16))
        try statement.run()
    }

    private static let catalogueAndEvents = """
        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO counter VALUES ('last_sequence', 0), ('next_user', 0), ('events', 0);

        CREATE TABLE item (
            number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, withdrawn INTEGER NOT NULL, excluded INTEGER NOT NULL,
            fingerprint BLOB NOT NULL, title TEXT NOT NULL, description TEXT, product_type TEXT, brand TEXT, link TEXT,
            image_link TEXT, gtin TEXT, mpn TEXT, item_group_id TEXT, language TEXT, attributes TEXT, numbers TEXT,
            source_text TEXT);
        CREATE INDEX item_withdrawn ON item (number) WHERE withdrawn = 1;
        CREATE TABLE unlisted_item (reference INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, number INTEGER);
        CREATE TABLE offer (
            item INTEGER NOT NULL REFERENCES item, market TEXT NOT NULL, customer_group TEXT NOT NULL, price INTEGER,
            currency TEXT, sale_price INTEGER, sale_currency TEXT, stock INTEGER,
            PRIMARY KEY (item, market, customer_group)) WITHOUT ROWID;
        CREATE TABLE store (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, latitude REAL, longitude REAL, synthetic INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE user (number INTEGER PRIMARY KEY, pseudonym BLOB NOT NULL UNIQUE);
        CREATE TABLE customer (user INTEGER PRIMARY KEY REFERENCES user, sealed BLOB NOT NULL);
        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY, id_hash INTEGER NOT NULL, id TEXT NOT NULL, name INTEGER NOT NULL,
            time INTEGER NOT NULL, user INTEGER REFERENCES user, channel INTEGER NOT NULL, synthetic INTEGER NOT NULL,
            session TEXT, market TEXT, store TEXT, query TEXT, result_count INTEGER, impression TEXT, list TEXT,
            rating REAL, currency TEXT);
        CREATE INDEX event_by_id ON event (id_hash);
        CREATE INDEX event_by_user ON event (user, time) WHERE user IS NOT NULL;
        CREATE TABLE event_item (
            event INTEGER NOT NULL REFERENCES event, position INTEGER NOT NULL, item INTEGER NOT NULL,
            quantity INTEGER NOT NULL, price INTEGER, discount INTEGER NOT NULL, coupon INTEGER NOT NULL, rank INTEGER,
            PRIMARY KEY (event, position)) WITHOUT ROWID;

        CREATE TABLE campaign (
            id TEXT PRIMARY KEY, kind TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE campaign_recipient (
            campaign TEXT NOT NULL REFERENCES campaign, user INTEGER NOT NULL REFERENCES user,
            PRIMARY KEY (campaign, user)) WITHOUT ROWID;
        CREATE INDEX recipient_by_user ON campaign_recipient (user);
        CREATE TABLE coupon (
            campaign TEXT NOT NULL REFERENCES campaign, code TEXT NOT NULL, items TEXT NOT NULL,
            PRIMARY KEY (campaign, code)) WITHOUT ROWID;
        CREATE TABLE coupon_redemption (
            campaign TEXT NOT NULL REFERENCES campaign, position INTEGER NOT NULL, user INTEGER NOT NULL REFERENCES user,
            code TEXT NOT NULL, time INTEGER NOT NULL, PRIMARY KEY (campaign, position)) WITHOUT ROWID;
        CREATE INDEX redemption_by_user ON coupon_redemption (user);
        CREATE TABLE erasure (number INTEGER PRIMARY KEY, time INTEGER NOT NULL, events INTEGER NOT NULL);
        """

    private static let keysAndPeople = """
        CREATE TABLE api_key (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, scopes INTEGER NOT NULL, salt BLOB NOT NULL, hash BLOB NOT NULL,
            created INTEGER NOT NULL, last_used INTEGER, revoked INTEGER) WITHOUT ROWID;
        CREATE TABLE account (
            name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, created INTEGER NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0, locked_until INTEGER) WITHOUT ROWID;
        CREATE TABLE account_session (
            hash BLOB PRIMARY KEY, account TEXT NOT NULL REFERENCES account ON DELETE CASCADE, created INTEGER NOT NULL,
            expires INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX session_by_account ON account_session (account);
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, person TEXT NOT NULL, action TEXT NOT NULL,
            detail TEXT NOT NULL);
        """

    /// Offers lie together by list, so that one of many lists is read without the others.
    private static let offersByList = """
        CREATE TABLE offer_by_list (
            market TEXT NOT NULL, customer_group TEXT NOT NULL, item INTEGER NOT NULL REFERENCES item, price INTEGER,
            currency TEXT, sale_price INTEGER, sale_currency TEXT, stock INTEGER,
            PRIMARY KEY (market, customer_group, item)) WITHOUT ROWID;
        INSERT INTO offer_by_list
            SELECT market, customer_group, item, price, currency, sale_price, sale_currency, stock FROM offer
            ORDER BY market, customer_group, item;
        DROP TABLE offer;
        ALTER TABLE offer_by_list RENAME TO offer;
        CREATE TABLE price_list (
            market TEXT NOT NULL, customer_group TEXT NOT NULL, PRIMARY KEY (market, customer_group)) WITHOUT ROWID;
        INSERT INTO price_list SELECT DISTINCT market, customer_group FROM offer;
        """

    /// When an item was added, in milliseconds; NULL for those of the time before.
    private static let arrivals = "ALTER TABLE item ADD COLUMN added INTEGER;"

    /// Texts of items in further languages.
    private static let translations = "ALTER TABLE item ADD COLUMN translations TEXT;"

    /// Where orders are sent from, and who brings them.
    private static let logistics = """
        CREATE TABLE warehouse (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, latitude REAL, longitude REAL, capacity INTEGER NOT NULL,
            synthetic INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE carrier (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, parcels_per_day INTEGER NOT NULL, fastest_days INTEGER NOT NULL,
            slowest_days INTEGER NOT NULL, synthetic INTEGER NOT NULL) WITHOUT ROWID;
        """
}
