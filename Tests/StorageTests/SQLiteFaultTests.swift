import Domain
import TestSupport
import Testing

@testable import Storage

@Suite struct SQLiteFaultTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("shop.sqlite")
    }

    @Test func `what was acknowledged is there after reopening`() throws {
        let store = try SQLiteStore(path: path, mode: .readWrite)
        _ = try store.append([purchase("a", by: 1), purchase("b")])
        // Not closed: the write-ahead log must hold it all.
        let again = try SQLiteStore(path: path, mode: .readOnly)
        #expect(try again.eventCount() == 2)
        #expect(try again.userNumber(of: pseudonym(1)) == UserNumber(0))
    }

    @Test func `a store that was opened for reading refuses to write`() throws {
        try SQLiteStore(path: path, mode: .readWrite).close()
        let store = try SQLiteStore(path: path, mode: .readOnly)
        #expect(throws: StorageError.self) { try store.append([purchase("a")]) }
    }

    @Test func `reading an absent database says that it is not there`() {
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: path, mode: .readOnly) }
        #expect(error?.code == .notFound)
    }

    @Test func `a locked database is named as such, and nothing is lost`() throws {
        let store = try SQLiteStore(path: path, mode: .readWrite, patienceMilliseconds: 20)
        let other = try SQLiteStore(path: path, mode: .readWrite)
        try other.withWriter { writer throws(StorageError) in
            try writer.execute("BEGIN IMMEDIATE")
            let error = #expect(throws: StorageError.self) { try store.append([purchase("a", by: 1)]) }
            #expect(error?.code == .locked)
            try writer.execute("ROLLBACK")
        }
        #expect(try store.append([purchase("a", by: 1)]).accepted == 1)
    }

    @Test func `a full database keeps what it acknowledged and takes more once there is room`() throws {
        var accepted = 0
        do {
            let store = try SQLiteStore(path: path, mode: .readWrite, maximumPages: 60)
            var failure: StorageError?
            while failure == nil, accepted < 100_000 {
                let batch = (0..<50).map { (n: Int) in purchase("event-\(accepted + n)", by: n, "some-item") }
                do throws(StorageError) { accepted += try store.append(batch).accepted } catch { failure = error }
            }
            #expect(failure?.code == .full)
            #expect(accepted > 0)
            #expect(try store.eventCount() == accepted)
            try store.close()
        }
        let store = try SQLiteStore(path: path, mode: .readWrite)
        #expect(try store.eventCount() == accepted)
        #expect(try store.integrityProblems().isEmpty)
        let more = (0..<50).map { (n: Int) in purchase("more-\(n)", by: n, "some-item") }
        #expect(try store.append(more).accepted == 50)
    }

    @Test func `a file that is no database is refused`() throws {
        try AtomicFile.write(Array(repeating: 0x41, count: 8192), to: path)
        for mode in [SQLiteStore.Mode.readWrite, .readOnly] {
            let error = #expect(throws: StorageError.self) { try SQLiteStore(path: path, mode: mode) }
            #expect(error?.code == .corrupt)
        }
    }

    @Test func `another program's database is refused and left alone`() throws {
        do {
            let other = try SQLiteConnection(path: path, flags: 6)
            try other.execute("CREATE TABLE theirs (x)")
        }
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: path, mode: .readWrite) }
        #expect(error?.code == .corrupt)
        let other = try SQLiteConnection(path: path, flags: 6)
        #expect(try other.integer("SELECT count(*) FROM sqlite_master") == 1)
    }

    @Test func `a newer schema is refused`() throws {
        try SQLiteStore(path: path, mode: .readWrite).close()
        do {
            let other = try SQLiteConnection(path: path, flags: 6)
            try other.execute("PRAGMA user_version = 99")
        }
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: path, mode: .readWrite) }
        #expect(error?.code == .unknownFormat)
    }

    @Test func `a database of the first schema is migrated with its content`() throws {
        do {
            let old = try SQLiteConnection(path: path, flags: 6)
            try old.execute("PRAGMA journal_mode = WAL")
            try SQLiteSchema.migrate(old, to: 1)
            try old.execute(
                """
                INSERT INTO store VALUES ('7', 'North', NULL, NULL, 0);
                INSERT INTO item (number, id, withdrawn, excluded, fingerprint, title) VALUES (0, 'a', 0, 0, x'00', 'A');
                INSERT INTO offer VALUES (0, 'default', '', 250, 'USD', NULL, NULL, 3);
                INSERT INTO offer VALUES (0, 'north', 'trade', 200, 'USD', NULL, NULL, NULL);
                """)
        }
        let error = #expect(throws: StorageError.self) { try SQLiteStore(path: path, mode: .readOnly) }
        #expect(error?.code == .unknownFormat)
        let store = try SQLiteStore(path: path, mode: .readWrite)
        #expect(try store.stores() == [Store(id: "7", name: "North")])
        #expect(try store.offers(of: itemID("a")).map(\.market) == ["default", "north"])
        #expect(
            try store.priceLists() == [.everybody, PriceListName(market: "north", group: "trade")])
        #expect(try KeyStore(store: store).list().isEmpty)
        let reader = try SQLiteConnection(path: path, flags: 1)
        #expect(try SQLiteSchema.check(reader) == SQLiteSchema.version)
    }

    @Test func `an erased person's bytes are gone from the files`() throws {
        let store = try SQLiteStore(path: path, mode: .readWrite)
        var event = purchase("secret-event-of-this-person", by: 0x1234_5678_9ABC)
        event.query = "a very personal question"
        _ = try store.append([event, purchase("another", by: 2)])
        #expect(try store.erase(pseudonym(0x1234_5678_9ABC)) == 1)
        for name in ["", "-wal"] where FileSystem.exists(path + name) {
            let text = String(decoding: try FileSystem.read(path + name), as: UTF8.self)
            #expect(!text.contains("personal question"))
            #expect(!text.contains("secret-event-of-this-person"))
        }
        #expect(try store.integrityProblems().isEmpty)
    }

    @Test func `attributes are unreadable on disk, and without the key`() throws {
        let key = try IdentityKey(file: folder.file("identity.key"), creates: true)
        let store = try SQLiteStore(path: path, mode: .readWrite, sealer: Sealer(key: key))
        try store.setCustomers([Customer(user: pseudonym(1), attributes: ["age": "forty-something"])])
        try store.close()
        #expect(!String(decoding: try FileSystem.read(path), as: UTF8.self).contains("forty-something"))
        let blind = try SQLiteStore(path: path, mode: .readOnly)
        #expect(throws: StorageError.self) { try blind.customer(pseudonym(1)) }
        let otherKey = try IdentityKey(file: folder.file("other.key"), creates: true)
        let wrong = try SQLiteStore(path: path, mode: .readOnly, sealer: Sealer(key: otherKey))
        let error = #expect(throws: StorageError.self) { try wrong.customer(pseudonym(1)) }
        #expect(error?.code == .corrupt)
    }

    @Test func `two stores of one database agree on numbers, even after an erasure by the other`() throws {
        let first = try SQLiteStore(path: path, mode: .readWrite)
        let second = try SQLiteStore(path: path, mode: .readWrite)
        _ = try first.append([purchase("a", by: 1)])
        _ = try second.append([purchase("b", by: 1)])
        _ = try second.erase(pseudonym(1))
        #expect(try first.append([purchase("c", by: 1)]).accepted == 1)
        #expect(try first.userNumber(of: pseudonym(1)) == UserNumber(1))
        #expect(try second.append([purchase("d", by: 1)]).accepted == 1)
        #expect(try first.events(of: pseudonym(1), limit: 9).map(\.event.id) == ["c", "d"])
        #expect(try first.integrityProblems().isEmpty)
    }

    @Test func `a queue that is full answers at once`() throws {
        let queue = CommitQueue<Int, Int>(maximumWeight: 10)
        var inner: StorageError?
        let outcome = try queue.submit(.init(1, weight: 5)) { group in
            group.map { .success($0.content * 2) }
        }
        #expect(outcome == 2)
        #expect(try queue.submit(.init(3, weight: 99)) { group in group.map { .success($0.content) } } == 3)
        do throws(StorageError) {
            _ = try queue.submit(.init(4, weight: 1)) { group in
                group.map { _ in .failure(StorageError(.full, "no room")) }
            }
        } catch { inner = error }
        #expect(inner?.code == .full)
    }
}
