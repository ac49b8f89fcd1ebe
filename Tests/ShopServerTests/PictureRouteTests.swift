import Domain
import HTTP
import JSON
import Pictures
import Recommenders
import Serving
import ShopServer
import Storage
import TestSupport
import Testing

@Suite struct PictureRouteTests {
    /// A shop whose first item looks like a black square in a corner.
    private func shop() throws -> TestShop {
        let shop = try TestShop()
        var writer = PictureTableWriter(width: 4, height: 4)
        writer.add([UInt8](repeating: 0, count: 4) + [UInt8](repeating: 255, count: 12), for: ItemNumber(0))
        try writer.write(to: shop.folder.file("shop") + "/pictures.bin")
        shop.server.reload()
        return shop
    }

    @Test func `a picture is a PNG that everybody may see and keep`() throws {
        let shop = try shop()
        let answer = try shop.ask("GET", "/v1/shops/grocery/items/i1/picture")
        #expect(answer.status == 200 && answer.header("Content-Type") == "image/png")
        #expect(answer.body.starts(with: [0x89, 0x50, 0x4E, 0x47]))
        #expect(answer.header("Cache-Control") == "public, max-age=3600")
        let tag = try #require(answer.header("ETag"))
        let again = try shop.ask(
            "GET", "/v1/shops/grocery/items/i1/picture", headers: [HTTPHeader("If-None-Match", tag)])
        #expect(again.status == 304)
    }

    @Test func `an item without a picture, an unknown item and an unknown shop have none`() throws {
        let shop = try shop()
        for path in ["grocery/items/i2/picture", "grocery/items/nobody/picture", "nowhere/items/i1/picture"] {
            #expect(try shop.ask("GET", "/v1/shops/\(path)").status == 404)
        }
        #expect(try TestShop().ask("GET", "/v1/shops/grocery/items/i1/picture").status == 404)
    }

    private static let search = "/v1/shops/grocery/search/picture"
    private static let dark = GreyPicture(width: 4, height: 4, pixels: [UInt8](repeating: 9, count: 16))

    @Test func `a picture finds the items that look like it, with their scores`() throws {
        let shop = try TestShop(pictures: Shades())
        let key = shop.key(.search)
        let answer = try shop.ask("POST", Self.search + "?limit=3", key: key, bytes: Self.dark.png(), type: "image/png")
        #expect(answer.status == 200)
        let items = try #require(answer.json["items"]?.arrayValue)
        // The mean of the pixels is 9.
        #expect(items.map { $0["id"]?.stringValue } == ["i10", "i9", "i11"])
        #expect(items[0]["score"]?.doubleValue == 1 && items[1]["score"]?.doubleValue == 0.99)
        #expect(items[0]["price"]?.stringValue == "2.50" && items[0]["title"]?.stringValue == "Apple 10")
        #expect(answer.json["impression_id"]?.stringValue?.isEmpty == false)
        let similar = try shop.ask("GET", "/v1/shops/grocery/items/i10/similar-pictures?limit=2", key: key)
        #expect(similar.json["items"]?.arrayValue?.map { $0["id"]?.stringValue } == ["i9", "i11"])
    }

    @Test
    func `filters hold items back inside the search, facets are counted over what passes, and bad ones are refused`()
        throws
    {
        let shop = try TestShop(pictures: Shades())
        let key = shop.key(.search)
        func ids(_ parameters: String) throws -> [String?] {
            let answer = try shop.ask(
                "POST", Self.search + "?limit=3&" + parameters, key: key, bytes: Self.dark.png(), type: "image/png")
            #expect(answer.status == 200)
            return answer.json["items"]?.arrayValue?.map { $0["id"]?.stringValue } ?? []
        }
        // The test shop filters by whole titles.
        #expect(try ids("filter=title:Apple%201") == ["i1"])
        #expect(try ids("filter=title:Apple%201&filter=title:Apple%2015") == ["i15", "i1"])
        #expect(try ids("filter=title:Nothing").isEmpty)
        let similar = try shop.ask(
            "GET", "/v1/shops/grocery/items/i10/similar-pictures?filter=title:Apple%202&facets=colour", key: key)
        #expect(similar.json["items"]?.arrayValue?.map { $0["id"]?.stringValue } == ["i2"])
        #expect(similar.json["facets"]?["colour"]?.arrayValue != nil)
        for bad in ["filter=brand", "min_price=x", "in_stock=perhaps"] {
            let answer = try shop.ask(
                "POST", Self.search + "?" + bad, key: key, bytes: Self.dark.png(), type: "image/png")
            #expect(answer.status == 400, "\(bad)")
        }
    }

    @Test func `withdrawn items look like nothing`() throws {
        let shop = try TestShop(pictures: Shades())
        let gone = try shop.ask("DELETE", "/v1/shops/grocery/items/i9", key: shop.key(.ingest))
        #expect(gone.status < 300)
        let key = shop.key(.search)
        let similar = try shop.ask("GET", "/v1/shops/grocery/items/i10/similar-pictures?limit=2", key: key)
        #expect(similar.json["items"]?.arrayValue?.map { $0["id"]?.stringValue } == ["i11", "i8"])
        #expect(try shop.ask("GET", "/v1/shops/grocery/items/i9/similar-pictures", key: key).status == 404)
    }

    @Test func `what is no picture, too large or of another kind is refused`() throws {
        let shop = try TestShop(pictures: Shades())
        let key = shop.key(.search)
        func status(_ bytes: [UInt8], _ type: String = "image/png") throws -> Int {
            let answer = try shop.ask("POST", Self.search, key: key, bytes: bytes, type: type)
            #expect(answer.json["detail"]?.stringValue?.isEmpty == false)
            return answer.status
        }
        let whole = Self.dark.png()
        #expect(try status(whole, "image/jpeg") == 415)
        #expect(try status([]) == 400 && status(Array("GIF89a".utf8)) == 400)
        #expect(try status(Array(whole.dropLast(20))) == 400)
        #expect(try status(whole + [UInt8](repeating: 0, count: 1 << 20)) == 413)
        #expect(try shop.ask("POST", Self.search + "?limit=0", key: key, bytes: whole, type: "image/png").status == 400)
        #expect(try shop.ask("POST", Self.search, key: nil, bytes: whole, type: "image/png").status == 401)
    }

    @Test func `a shop without picture vectors, an item without a picture and an unknown one find nothing`() throws {
        let plain = try TestShop()
        let bytes = Self.dark.png()
        let refused = try plain.ask("POST", Self.search, key: plain.key(.search), bytes: bytes, type: "image/png")
        #expect(refused.status == 404)
        #expect(refused.json["detail"]?.stringValue?.contains("souk index") == true)
        let shop = try TestShop(pictures: Shades())
        let key = shop.key(.search)
        for id in ["i20", "nobody"] {
            #expect(try shop.ask("GET", "/v1/shops/grocery/items/\(id)/similar-pictures", key: key).status == 404)
        }
    }
}

/// Item n looks like pixels of the shade n; the last item has no picture.
private struct Shades: PictureBackend {
    let side = 4
    var likeness: any ItemLikeness { NoLikeness() }

    func nearest(
        to pixels: [UInt8], limit: Int, among filtered: [ItemNumber]?, allows: (ItemNumber) -> Bool
    ) -> [PictureHit] {
        nearest(pixels.map(Int.init).reduce(0, +) / pixels.count, limit) {
            allows($0) && filtered?.contains($0) ?? true
        }
    }

    func similar(
        to item: ItemNumber, limit: Int, among filtered: [ItemNumber]?, allows: (ItemNumber) -> Bool
    ) -> [PictureHit]? {
        item.index == 19
            ? nil : nearest(item.index, limit) { $0 != item && allows($0) && filtered?.contains($0) ?? true }
    }

    private func nearest(_ shade: Int, _ limit: Int, _ allows: (ItemNumber) -> Bool) -> [PictureHit] {
        let hits = (0..<19).map { ItemNumber(UInt32($0)) }.filter(allows).map {
            PictureHit(item: $0, similarity: 1 - 0.01 * Float(abs($0.index - shade)))
        }
        let sorted = hits.sorted { ($1.similarity, $0.item.index) < ($0.similarity, $1.item.index) }
        return Array(sorted.prefix(limit))
    }
}

private struct NoLikeness: ItemLikeness {
    let part = "picture"
    func nearest(to item: ItemNumber, limit: Int, allows: (ItemNumber) -> Bool) -> [ItemNumber] { [] }
    func cosines(of item: ItemNumber, with others: [ItemNumber]) -> [Float?] { others.map { _ in nil } }
}
