import HTTP
import JSON
import ShopServer
import Storage
import Testing

@Suite struct InstantSearchTests {
    private static let path = "/v1/shops/grocery/instantsearch/queries"

    @Test func `several requests are answered in their order and form`() throws {
        let shop = try TestShop()
        let body = """
            {"requests":[
              {"indexName":"grocery","params":"query=apple%201&hitsPerPage=3&page=1&facets=%5B%22size%22%5D&highlightPreTag=__a__&highlightPostTag=__b__"},
              {"indexName":"grocery_price_asc","params":{"query":"apple","hitsPerPage":0}},
              {"indexName":"grocery","query":"nothing"}]}
            """
        let answer = try shop.ask("POST", Self.path, key: shop.key(.search), body: body)
        #expect(answer.status == 200)
        let results = try #require(answer.json["results"]?.arrayValue)
        #expect(results.count == 3)
        #expect(results[0]["nbHits"]?.integerValue == 11)
        #expect(results[0]["nbPages"]?.integerValue == 4)
        #expect(results[0]["page"]?.integerValue == 1)
        let hits = try #require(results[0]["hits"]?.arrayValue)
        #expect(hits.compactMap { $0["objectID"]?.stringValue } == ["i12", "i13", "i14"])
        #expect(hits[0]["_highlightResult"]?["title"]?["value"]?.stringValue == "Apple 12")
        #expect(hits[0]["price"]?.stringValue == "2.50")
        #expect(results[1]["hits"]?.arrayValue?.isEmpty == true)
        #expect(results[1]["nbHits"]?.integerValue == 20)
        #expect(results[1]["index"]?.stringValue == "grocery_price_asc")
        #expect(results[2]["nbHits"]?.integerValue == 0)
        #expect(results[2]["queryID"]?.stringValue?.isEmpty == false)
    }

    @Test func `the values of a facet are searched beside items`() throws {
        let shop = try TestShop()
        let body = """
            {"requests":[
              {"indexName":"grocery","type":"facet","facet":"size","params":"query=apple&facetQuery=SM&maxFacetHits=5\
            &highlightPreTag=__a__&highlightPostTag=__b__"},
              {"indexName":"grocery","query":"apple","hitsPerPage":1},
              {"indexName":"grocery","type":"facet","facet":"no such field","params":{"facetQuery":"x"}}]}
            """
        let answer = try shop.ask("POST", Self.path, key: shop.key(.search), body: body)
        #expect(answer.status == 200)
        let results = try #require(answer.json["results"]?.arrayValue)
        let found = try #require(results[0]["facetHits"]?.arrayValue)
        #expect(found.compactMap { $0["value"]?.stringValue } == ["small"])
        #expect(found[0]["highlighted"]?.stringValue == "__a__sm__b__all")
        #expect(found.allSatisfy { ($0["count"]?.integerValue ?? 0) > 0 })
        #expect(results[1]["hits"]?.arrayValue?.count == 1)
        #expect(results[2]["facetHits"]?.arrayValue?.isEmpty == true)
    }

    @Test(arguments: [
        "{}", #"{"requests":[{"indexName":"grocery","type":"facet"}]}"#,
        #"{"requests":[{"indexName":"grocery","type":"facet","facet":"size","maxFacetHits":0}]}"#, #"{"requests":[]}"#,
        #"{"requests":[{"indexName":"other"}]}"#,
        #"{"requests":[{"indexName":"grocery_by_magic"}]}"#,
        #"{"requests":[{"indexName":"grocery","hitsPerPage":5000}]}"#,
        #"{"requests":[{"indexName":"grocery","params":"page=%ff"}]}"#,
        #"{"requests":[{"indexName":"grocery","facetFilters":["nocolon"]}]}"#,
        #"{"requests":[{"indexName":"grocery","facetFilters":[["a:1","b:2"]]}]}"#,
        #"{"requests":[{"indexName":"grocery","numericFilters":["price>1 OR 1=1"]}]}"#,
        #"{"requests":[{"indexName":"grocery","filters":"a:1 OR b:2"}]}"#,
    ]) func `what cannot be read is one clear problem`(body: String) throws {
        let shop = try TestShop()
        let answer = try shop.ask("POST", Self.path, key: shop.key(.search), body: body)
        #expect(answer.status == 400)
        #expect(answer.json["detail"]?.stringValue?.isEmpty == false)
    }
}
