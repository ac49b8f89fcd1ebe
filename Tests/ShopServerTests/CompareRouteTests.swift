import HTTP
import JSON
import ShopServer
import Storage
import Testing

@Suite struct CompareRouteTests {
    private static let path = "/v1/shops/grocery/search/compare"

    @Test func `two ways to search are compared, bad bodies and search keys are refused`() throws {
        let shop = try TestShop()
        let admin = shop.key(.admin)
        let body =
            #"{"a":{"rules":"none"},"b":{"rules":{"rules":[]},"exact":true,"lang":"es","meaning":false,"fusion":"rrf:20"},"queries":["apple","zzz"]}"#
        let answer = try shop.ask("POST", Self.path, key: admin, body: body)
        #expect(answer.status == 200)
        #expect(answer.json["queries"]?.arrayValue?.count == 2)
        #expect(answer.json["queries"]?.arrayValue?.first?["a"]?["total"]?.integerValue ?? 0 > 0)
        #expect(answer.json["measures"]?.arrayValue?.first?["name"]?.stringValue == "found")
        for bad in [
            #"{"a":1}"#, #"{"a":{"rules":"draft"}}"#, #"{"a":{"x":1}}"#, #"{"queries":[""]}"#, #"{"queries":"x"}"#,
            #"{"synthetic":2}"#, #"{"b":{"lang":7}}"#, #"{"b":{"exact":"yes"}}"#, #"{"a":{"meaning":1}}"#,
            #"{"a":{"fusion":"rrf:0"}}"#, #"{"a":{"fusion":3}}"#,
        ] {
            #expect(try shop.ask("POST", Self.path, key: admin, body: bad).status == 400)
        }
        #expect(try shop.ask("POST", Self.path, key: shop.key(.search), body: body).status == 403)
    }

    @Test func `a page without results is filled if it asks for it`() throws {
        let shop = try TestShop()
        let answer = try shop.ask("GET", "/v1/shops/grocery/search?q=zzz&filler=1", key: shop.key(.search)).json
        #expect(answer["total"]?.integerValue == 0)
        #expect(answer["filler"]?["step"]?.stringValue == "popular")
        #expect(answer["filler"]?["items"]?.arrayValue?.isEmpty == false)
    }
}
