import Testing

@testable import ShopServer

@Suite struct InstantSearchFiltersTests {
    @Test func `conditions are joined by AND, those of one field by OR`() throws {
        let filters = try InstantSearchFilters(
            #"brand:Acme AND (size:S OR size:"X L" OR size:'M') AND price >= 2 AND price:1 TO 5"#)
        #expect(filters.groups.map(\.field) == ["brand", "size"])
        #expect(filters.groups.map(\.values) == [["Acme"], ["S", "X L", "M"]])
        #expect(filters.bounds == ["price>=2", "price>=1", "price<=5"])
        #expect(try InstantSearchFilters(#"category:"Food > Fruit""#).groups[0].values == ["Food > Fruit"])
        #expect(try InstantSearchFilters("a:1 OR a:2").groups[0].values == ["1", "2"])
    }

    @Test(arguments: [
        "", " ", "brand", "brand:", ":x", "a:1 OR b:2", "NOT a:1", "(a:1", "a:1)", "a:1 AND", "a:1 b:2", "\"a",
        "price >= ",
        "price > 1 OR price < 2", "a:1 TO", "a:1 OR a:2 TO 3", "()", "AND", String(repeating: "(", count: 4000),
        String(repeating: "a:1 AND ", count: 600), "a:\u{0}:\u{202E}",
    ])
    func `what is not understood is named, and stops nothing`(text: String) {
        #expect(throws: InstantSearchFilters.Mistake.self) { try InstantSearchFilters(text) }
    }
}
