import Foundation
import HTTP
import JSON
import ShopServer
import Testing

@Suite struct DescriptionTests {
    private static let web = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Web").path(percentEncoded: false)

    @Test func `the OpenAPI document and the routes name the same methods and paths`() throws {
        let shop = try TestShop { $0.webFolder = Self.web }
        let document = try shop.ask("GET", "/openapi.json").json
        #expect(document["openapi"]?.stringValue == "3.1.0")
        let paths = try #require(document["paths"]?.objectValue)
        let described = paths.flatMap { path in
            (path.value.objectValue ?? []).map { "\($0.name.uppercased()) \(path.name)" }
        }
        #expect(Set(described) == Set(shop.server.operations))
        #expect(described.count == shop.server.operations.count)
    }

    @Test func `pages are served from their folder alone`() throws {
        let shop = try TestShop { $0.webFolder = Self.web }
        let page = try shop.ask("GET", "/")
        #expect(page.status == 200)
        #expect(page.header("Content-Security-Policy")?.contains("unsafe-inline") == false)
        let tag = try #require(page.header("ETag"))
        #expect(try shop.ask("GET", "/", headers: [HTTPHeader("If-None-Match", tag)]).status == 304)
        for path in ["/../Package.swift", "/%2e%2e/Package.swift", "/..%2fPackage.swift", "/.git/config"] {
            #expect(try shop.ask("GET", path).status == 404)
        }
    }
}
