import Domain
import TestSupport
import Testing

@testable import Storage

@Suite struct FolderTests {
    let temporary: TemporaryFolder
    let shop: ShopFolder

    init() throws {
        temporary = try TemporaryFolder()
        let config = ShopConfig(
            shop: ShopID("toys")!, title: "Toys & more", currency: .eur, language: "de", isDemo: true)
        shop = try ShopFolder.create(path: temporary.file("toys") + "/", config: config)
    }

    private func artefact(_ name: String, kind: String = "trial") throws -> Artefact {
        var writer = try ArtefactWriter(
            folder: shop.indexFolder + "/" + name, kind: kind, formatVersion: 3, creator: "test", seed: .max)
        try writer.add("a.bin", [1, 2, 3])
        try writer.add("empty", [])
        return try writer.finish(metrics: ["ndcg": 0.25], inputs: ["events": "12"])
    }

    @Test func `a new shop has its configuration, key and database`() throws {
        let config = try shop.config()
        #expect(config.title == "Toys & more")
        #expect((config.currency, config.language, config.isDemo) == (.eur, "de", true))
        #expect(try FileSystem.mode(of: shop.identityKeyPath) == 0o600)
        #expect(try shop.openStore(.readOnly).eventCount() == 0)
        #expect(throws: StorageError.self) { try ShopFolder.create(path: shop.path, config: config) }
    }

    @Test(arguments: [
        (#"{"format":2}"#, StorageError.Code.unknownFormat),
        (#"{"format":1,"shop":"toys","title":"T","currency":"EUR","language":"de","demo":true,"x":1}"#, .unknownFormat),
        (#"{"format":1,"shop":"toys","title":"T","currency":"???","language":"de"}"#, .corrupt),
        (#"{"format":1,"shop":"../x","title":"T","currency":"EUR","language":"de"}"#, .corrupt),
        (
            #"{"format":1,"shop":"toys","title":"T","currency":"EUR","language":"de","recommendations":{"mmr":2}}"#,
            .corrupt
        ),
        (#"{"format":1,"shop":"toys","title":"T","currency":"EUR","language":"de","recommendations":[1]}"#, .corrupt),
        (#"{"format":1,"shop":"toys","title":"T","currency":"EUR","language":"de","bundle_discount":1}"#, .corrupt),
        (#"{"format":1,"shop":"toys","title":"T","currency":"EUR","language":"de","exploration":"0.1"}"#, .corrupt),
        (#"{"format":"1"}"#, .corrupt), ("[]", .corrupt), ("{", .corrupt), ("", .corrupt),
    ]) func `a configuration that is not understood is refused`(text: String, code: StorageError.Code) throws {
        try AtomicFile.write(Array(text.utf8), to: shop.configPath)
        let error = #expect(throws: StorageError.self) { try shop.config() }
        #expect(error?.code == code)
    }

    @Test func `how shelves are put together is kept`() throws {
        var config = try shop.config()
        config.recommendations = ["mmr": 0.25, "exploration": 0.1]
        (config.exploration, config.bundleDiscount, config.rhythm) = (0.1, 0.05, 0.5)
        try config.save(to: shop.configPath)
        #expect(try shop.config() == config)
    }

    @Test func `a pseudonym is the first half of the HMAC of RFC 4231`() throws {
        // Keys of libsodium have 32 bytes, and HMAC pads with zeros: test case 1 has twenty bytes 0x0b.
        let key = temporary.file("rfc.key")
        try AtomicFile.write(
            Array(repeating: 0x0B, count: 20) + Array(repeating: 0, count: 12), to: key, mode: 0o600)
        let pseudonym = try Pseudonymiser(keyFile: key).pseudonym(of: "Hi There")
        #expect(pseudonym.rawValue == "b0344c61d8db38535ca8afceaf0bf12b")
        for raw in ["", String(repeating: "x", count: 513)] {
            #expect(throws: StorageError.self) { try Pseudonymiser(keyFile: key).pseudonym(of: raw) }
        }
    }

    @Test func `a key that is absent, short or open to others is refused`() throws {
        #expect(throws: StorageError.self) { try Pseudonymiser(keyFile: temporary.file("none.key")) }
        try AtomicFile.write([1, 2], to: temporary.file("short.key"), mode: 0o600)
        #expect(throws: StorageError.self) { try Pseudonymiser(keyFile: temporary.file("short.key")) }
        try AtomicFile.write(Array(repeating: 1, count: 32), to: temporary.file("open.key"), mode: 0o644)
        let error = #expect(throws: StorageError.self) { try Pseudonymiser(keyFile: temporary.file("open.key")) }
        #expect(error?.message.contains("chmod 600") == true)
    }

    @Test func `checksums are those of FIPS 180-4`() throws {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(SHA256.hex(of: Array("abc".utf8)) == expected)
        try AtomicFile.write(Array("abc".utf8), to: temporary.file("abc"))
        #expect(try SHA256.hex(ofFile: temporary.file("abc")) == expected)
    }

    @Test func `a file is replaced whole and leaves nothing beside it`() throws {
        let path = temporary.file("x")
        try AtomicFile.write([1], to: path)
        try AtomicFile.write([2, 3], to: path)
        #expect(try FileSystem.read(path) == [2, 3])
        #expect(throws: StorageError.self) { try AtomicFile.write([4], to: path, replacing: false) }
        #expect(try FileSystem.read(path) == [2, 3])
        #expect(try FileSystem.names(in: temporary.path) == ["toys", "x"])
    }

    @Test func `an artefact comes back with its manifest`() throws {
        _ = try artefact("v1")
        let opened = try Artefact.open(
            folder: shop.indexFolder + "/v1", kind: "trial", formatVersion: 3, verify: .checksums)
        #expect(opened.manifest.seed == .max)
        #expect(opened.manifest.metrics == ["ndcg": 0.25])
        #expect(opened.manifest.inputs == ["events": "12"])
        #expect(try opened.map("a.bin").withBytes { $0.byteCount } == 3)
        #expect(try opened.map("empty").count == 0)
        #expect(throws: StorageError.self) { try opened.path(of: "other") }
        #expect(throws: StorageError.self) { try artefact("v1") }
        for (kind, version) in [("other", 3), ("trial", 4)] {
            let error = #expect(throws: StorageError.self) {
                try Artefact.open(folder: opened.folder, kind: kind, formatVersion: version)
            }
            #expect(error?.code == .unknownFormat)
            if kind == opened.manifest.kind { #expect(error?.message.contains("run `test`") == true) }
        }
    }

    @Test(arguments: ["../x", ".hidden", "a/b", "", "manifest.json"]) func `a file's name stays inside the folder`(
        name: String
    ) throws {
        var writer = try ArtefactWriter(
            folder: shop.indexFolder + "/v", kind: "k", formatVersion: 1, creator: "t", seed: nil)
        #expect(throws: StorageError.self) { try writer.add(name, []) }
    }

    @Test func `a truncated or flipped artefact is refused`() throws {
        let opened = try artefact("v1")
        let file = opened.folder + "/a.bin"
        for bytes in [[1, 2], [1, 2, 3, 4], [1, 2, 7]] as [[UInt8]] {
            try AtomicFile.write(bytes, to: file)
            let error = #expect(throws: StorageError.self) { try Artefact(folder: opened.folder, verify: .checksums) }
            #expect(error?.code == .corrupt)
        }
        try AtomicFile.write([1, 2, 3], to: file)
        let path = opened.folder + "/manifest.json"
        let whole = try FileSystem.read(path)
        for length in 0..<whole.count - 2 {
            try AtomicFile.write(Array(whole.prefix(length)), to: path)
            #expect(throws: StorageError.self) { try Artefact(folder: opened.folder, verify: .sizes) }
        }
        for position in whole.indices.dropLast() {
            var flipped = whole
            flipped[position] ^= 4
            try AtomicFile.write(flipped, to: path)
            let error = #expect(throws: StorageError.self) { try Artefact(folder: opened.folder, verify: .sizes) }
            #expect([.corrupt, .unknownFormat].contains(error?.code), "byte \(position)")
        }
    }

    @Test func `a manifest of the format before, which has no checksum, is still read`() throws {
        let opened = try artefact("v1")
        let path = opened.folder + "/manifest.json"
        let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
        let checksum = try #require(text.firstRange(of: ",\"checksum\":"))
        let older = text[..<checksum.lowerBound].replacing("\"format\":2", with: "\"format\":1") + "}\n"
        try AtomicFile.write(Array(older.utf8), to: path)
        #expect(try Artefact(folder: opened.folder, verify: .checksums).manifest.files == opened.manifest.files)
    }

    @Test func `publications grow, go back, and stay away once somebody in them was erased`() throws {
        let store = PublicationStore(folder: shop)
        #expect(try store.current() == nil)
        #expect(throws: StorageError.self) {
            try store.publish(Publication(index: "index/v1", models: [:], erasures: 0))
        }
        _ = try artefact("v1")
        _ = try artefact("v2")
        let first = try store.publish(Publication(index: "index/v1", models: ["m": "index/v2"], erasures: 0))
        let second = try store.publish(Publication(index: "index/v2", models: [:], erasures: 1))
        #expect([first.generation, second.generation] == [1, 2])
        #expect(try store.current() == second)
        #expect(try store.rollback(to: 1) == first)
        #expect(try store.current() == first)
        let third = try store.publish(Publication(index: "index/v2", models: [:], erasures: 1))
        #expect(third.generation == 3)
        #expect(try store.history() == [first, second, third])
        #expect(try store.markUnrestorable(erasuresBelow: 1) == [1])
        let error = #expect(throws: StorageError.self) { try store.rollback(to: 1) }
        #expect(error?.code == .constraint)
        #expect(try store.current() == third)
        for path in ["../other", "/etc", "index//v1", ""] {
            #expect(throws: StorageError.self) { try store.publish(Publication(index: path, models: [:], erasures: 0)) }
        }
    }

    @Test func `a doctor finds a table of promotions that is damaged or of another catalogue`() throws {
        func broken() -> [String] { Doctor(folder: shop).run().filter { $0.level == .broken }.map(\.what) }
        try PromotionTableWriter().write(to: shop.promotionsPath)
        #expect(broken() == [])
        var writer = PromotionTableWriter()
        let store = try writer.index(ofStore: "1")
        try writer.add(PromotionRow(item: ItemNumber(7), store: store, week: 1, display: 48, mailer: 65))
        try writer.write(to: shop.promotionsPath)
        #expect(broken() == ["promotions.bin"])
        let catalogue = try shop.openStore(.readWrite)
        _ = try catalogue.upsert((0..<8).map { Item(id: ItemID("i\($0)")!, title: "Item") })
        try catalogue.close()
        #expect(broken() == [])
        var bytes = try FileSystem.read(shop.promotionsPath)
        bytes[40] ^= 1
        try AtomicFile.write(bytes, to: shop.promotionsPath)
        #expect(broken() == ["promotions.bin"])
    }

    @Test func `a doctor finds a sound shop sound, and names what is damaged`() throws {
        let opened = try artefact("v1")
        _ = try PublicationStore(folder: shop).publish(Publication(index: "index/v1", models: [:], erasures: 0))
        #expect(Doctor(folder: shop).run().filter { $0.level == .broken } == [])
        try AtomicFile.write([1, 2, 7], to: opened.folder + "/a.bin")
        try AtomicFile.write(Array(repeating: 1, count: 32), to: shop.identityKeyPath, mode: 0o644)
        try AtomicFile.write(Array("{".utf8), to: shop.configPath)
        try AtomicFile.write(Array(#"{"format":2,"rules":[]}"#.utf8), to: shop.rulesPath)
        let broken = Doctor(folder: shop).run().filter { $0.level == .broken }
        for what in ["config.json", "identity.key", "index/v1", "rules.json"] {
            #expect(broken.contains { $0.what == what && !$0.advice.isEmpty }, "\(what)")
        }
        try FileSystem.remove(opened.folder)
        #expect(Doctor(folder: shop).run().contains { $0.level == .broken && $0.what == "published.json" })
    }
}
