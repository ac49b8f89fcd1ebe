import Domain
import JSON
import Serving
import Storage
import TestSupport
import Testing

@Suite struct PriceListTests {
    let shop: OpenShop

    init() throws { shop = try OpenShop(titles: ["Apple", "Pear", "Plum"]) }

    private func price(_ id: String, _ market: String = "default", _ group: String = "") throws -> String? {
        try shop.service.item(itemID(id), priceList: PriceListName(market: market, group: group)).card.price?
            .description
    }

    private func set(_ records: [String]) throws {
        let answer = try shop.service.setOffers(records.map { try JSONValue(parsing: $0) })
        #expect(answer.rejected.isEmpty)
    }

    @Test func `a list's own price wins, and what it leaves open comes from the wider ones`() throws {
        try set([
            #"{"id":"i0","price":"5.00 USD","stock":0}"#, #"{"id":"i1","price":"6.00 USD"}"#,
            #"{"id":"i0","price":"4.00 USD","customer_group":"trade"}"#,
            #"{"id":"i1","price":"7.00 USD","market":"north"}"#,
            #"{"id":"i1","price":"3.00 USD","market":"north","customer_group":"trade"}"#,
        ])
        #expect(try price("i0") == "5.00 USD")
        #expect(try price("i0", "default", "trade") == "4.00 USD")
        #expect(try price("i1", "default", "trade") == "6.00 USD")
        #expect(try price("i1", "north") == "7.00 USD")
        #expect(try price("i1", "north", "trade") == "3.00 USD")
        #expect(try price("i0", "north", "trade") == "4.00 USD")
        #expect(try price("i0", "nowhere", "nobody") == "5.00 USD")
        let trade = PriceListName(market: "north", group: "trade")
        #expect(try !shop.service.item(itemID("i0"), priceList: trade).card.isInStock)
    }

    @Test func `a change of any list of a chain shows in the next request`() throws {
        try set([
            #"{"id":"i0","price":"5.00 USD"}"#, #"{"id":"i1","price":"6.00 USD"}"#,
            #"{"id":"i0","price":"4.00 USD","customer_group":"trade"}"#,
        ])
        #expect(try price("i0", "default", "trade") == "4.00 USD")
        try set([#"{"id":"i1","price":"6.50 USD"}"#, #"{"id":"i0","price":"5.50 USD"}"#])
        #expect(try price("i1", "default", "trade") == "6.50 USD")
        #expect(try price("i0", "default", "trade") == "4.00 USD")
        try set([#"{"id":"i2","price":"1.00 USD","customer_group":"trade"}"#])
        #expect(try price("i2", "default", "trade") == "1.00 USD")
        // Taking the group's price away brings everybody's back.
        try set([#"{"id":"i0","price":null,"customer_group":"trade"}"#])
        #expect(try price("i0", "default", "trade") == "5.50 USD")
        // A list that is new changes what a known chain holds.
        try set([#"{"id":"i2","price":"9.00 USD","market":"north"}"#])
        #expect(try price("i2", "north", "trade") == "9.00 USD")
    }

    @Test func `what a record leaves out stays, and null takes it away`() throws {
        func card() throws -> (price: String?, stock: Int?) {
            let offer = try shop.service.store.offers(of: itemID("i0")).first
            let card = try shop.service.item(itemID("i0")).card
            #expect(card.price == offer?.price)
            #expect(card.isInStock == (offer?.stock != 0))
            return (card.price?.description, offer?.stock)
        }
        try set([#"{"id":"i0","price":"5.00 USD","stock":7}"#])
        try set([#"{"id":"i0","price":"4.00 USD"}"#])
        #expect(try card() == ("4.00 USD", 7))
        try set([#"{"id":"i0","stock":2}"#])
        #expect(try card() == ("4.00 USD", 2))
        try set([#"{"id":"i0","availability":"in_stock"}"#])
        #expect(try card() == ("4.00 USD", 2))
        try set([#"{"id":"i0","availability":"out_of_stock"}"#])
        #expect(try card() == ("4.00 USD", 0))
        try set([#"{"id":"i0","stock":null}"#])
        #expect(try card() == ("4.00 USD", nil))
        try set([#"{"id":"i0","price":null,"stock":3}"#])
        #expect(try card() == (nil, 3))
        let item = try JSONValue(parsing: #"{"id":"i0","title":"Apple","price":"6.00 USD"}"#)
        #expect(try shop.service.upsert([item]).offersChanged == 1)
        #expect(try card() == ("6.00 USD", 3))
    }

    @Test func `stock is everybody's until a list has its own`() throws {
        let trade = PriceListName(market: "default", group: "trade")
        func isInStock(_ id: String) throws -> Bool {
            try shop.service.item(itemID(id), priceList: trade).card.isInStock
        }
        try set([
            #"{"id":"i0","price":"5.00 USD","stock":3}"#, #"{"id":"i1","price":"6.00 USD","stock":3}"#,
            #"{"id":"i0","price":"4.00 USD","customer_group":"trade"}"#,
        ])
        #expect(try isInStock("i0"))
        try set([#"{"id":"i0","price":"5.00 USD","stock":0}"#])
        #expect(try !isInStock("i0"))
        #expect(try price("i0", "default", "trade") == "4.00 USD")
        try set([#"{"id":"i1","price":"4.50 USD","sale_price":"4.20 USD","stock":0,"customer_group":"trade"}"#])
        #expect(try !isInStock("i1"))
        #expect(try shop.service.item(itemID("i1")).card.isInStock)
        #expect(try price("i1", "default", "trade") == "4.20 USD")
        try set([#"{"id":"i1","price":"6.00 USD","stock":9}"#, #"{"id":"i0","price":"5.00 USD","stock":1}"#])
        #expect(try !isInStock("i1"))
        #expect(try isInStock("i0"))
    }

    @Test func `a market in another currency shows only prices in it`() throws {
        try set([
            #"{"id":"i0","price":"5.00 USD"}"#, #"{"id":"i1","price":"6.00 USD"}"#,
            #"{"id":"i0","price":"4.50 EUR","market":"de"}"#,
        ])
        #expect(try price("i0", "de") == "4.50 EUR")
        #expect(try price("i1", "de") == nil)
        #expect(try shop.service.currency(PriceListName(market: "de", group: "")) == .eur)
    }

    @Test func `lists and stock survive a restart`() throws {
        try set([
            #"{"id":"i0","price":"5.00 USD"}"#,
            #"{"id":"i0","price":"4.00 USD","sale_price":"3.00 USD","stock":2,"customer_group":"trade"}"#,
        ])
        let again = try shop.reopened()
        let card = try again.service.item(
            itemID("i0"), priceList: PriceListName(market: "default", group: "trade")
        ).card
        #expect(card.price?.description == "3.00 USD")
        #expect(card.priceBeforeSale?.description == "4.00 USD")
    }
}
