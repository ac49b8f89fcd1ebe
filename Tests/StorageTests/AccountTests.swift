import Domain
import Storage
import TestSupport
import Testing

@Suite struct AccountTests {
    let folder: TemporaryFolder
    let store: SQLiteStore
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("shop.sqlite")
        store = try SQLiteStore(path: path, mode: .readWrite)
    }

    @Test func `a key opens its scopes until it is revoked, and is not on disk`() throws {
        let keys = KeyStore(store: store)
        let key = try keys.create(name: "web", scopes: [.search])
        #expect(try keys.scopes(of: key) == [.search])
        #expect(throws: StorageError.self) { try keys.create(name: "web", scopes: [.admin]) }
        let secret = try #require(key.split(separator: "_").last)
        try store.close()
        #expect(!String(decoding: try FileSystem.read(path), as: UTF8.self).contains(secret))
        let again = KeyStore(store: try SQLiteStore(path: path, mode: .readWrite))
        #expect(try again.revoke(name: "web"))
        #expect(try !again.revoke(name: "web"))
        #expect(try again.scopes(of: key) == nil)
        #expect(try again.list().map(\.isRevoked) == [true])
    }

    @Test func `a key remembers when it was last seen`() throws {
        let keys = KeyStore(store: store)
        let key = try keys.create(name: "web", scopes: [.search])
        #expect(try keys.list().first?.lastUsed == nil)
        let (noon, later) = (Timestamp(milliseconds: 1_700_000_000_000), Timestamp(milliseconds: 1_700_000_900_000))
        try keys.touch(key, now: noon)
        try keys.touch(key, now: Timestamp(milliseconds: noon.milliseconds + 1000))
        #expect(try keys.list().first?.lastUsed == noon)
        try keys.touch(key, now: later)
        #expect(try keys.list().first?.lastUsed == later)
        try keys.touch("souk_unknown_key")
    }

    @Test func `a wrong key opens nothing`() throws {
        let keys = KeyStore(store: store)
        let key = try keys.create(name: "web", scopes: [.search, .ingest])
        let other = try keys.create(name: "other", scopes: [.admin])
        let parts = (key.split(separator: "_"), other.split(separator: "_"))
        let mixed = "souk_\(parts.0[1])_\(parts.1[2])"
        for wrong in ["", "souk", "souk__", String(key.dropLast()), key + "0", mixed, key.uppercased()] {
            #expect(try keys.scopes(of: wrong) == nil)
        }
    }

    @Test func `a password is hashed by Argon2id and opens its role alone`() throws {
        let accounts = AccountStore(store: store)
        try accounts.set(name: "mia", role: .merchandiser, password: "correct horse battery")
        #expect(try accounts.role(name: "mia", password: "correct horse battery") == .merchandiser)
        #expect(try accounts.role(name: "mia", password: "correct horse batterz") == nil)
        #expect(try accounts.role(name: "nobody", password: "correct horse battery") == nil)
        #expect(throws: StorageError.self) { try accounts.set(name: "max", role: .admin, password: "short") }
        try store.close()
        let file = String(decoding: try FileSystem.read(path), as: UTF8.self)
        #expect(file.contains("$argon2id$"))
        #expect(!file.contains("correct horse"))
    }

    @Test func `ten wrong passwords let an account rest, even for the right one`() throws {
        let accounts = AccountStore(store: store)
        let now = Timestamp(year: 2026, month: 1, day: 1)
        try accounts.set(name: "mia", role: .viewer, password: "correct horse battery", now: now)
        for _ in 0..<10 { #expect(try accounts.role(name: "mia", password: "wrong", now: now) == nil) }
        #expect(try accounts.role(name: "mia", password: "correct horse battery", now: now) == nil)
        let later = Timestamp(milliseconds: now.milliseconds + 300_001)
        #expect(try accounts.role(name: "mia", password: "correct horse battery", now: later) == .viewer)
    }

    @Test func `the audit log gives its newest lines first`() throws {
        let audit = AuditLog(store: store)
        for number in 1...3 {
            try audit.append(
                .init(time: Timestamp(milliseconds: 5), person: "mia", action: "pin", detail: "\(number)"))
        }
        #expect(try audit.newest(2).map(\.detail) == ["3", "2"])
        #expect(try audit.newest(0).isEmpty)
    }
}
