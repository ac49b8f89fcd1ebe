import Domain
import HTTP
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
}
