import Domain
import Feeds
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct CompleteJourneyTests {
    private static let tables = [
        "products": """
        product_id,manufacturer_id,department,brand,product_category,product_type,package_size
        1,2,GROCERY,National,FRZN ICE,ICE - CRUSHED/CUBED,22 LB
        2,69,GROCERY,Private,BAKED BREAD/BUNS/ROLLS,MAINSTREAM WHITE BREAD,20 OZ
        3,69,FUEL,,COUPON/MISC ITEMS,GASOLINE-REG UNLEADED,
        4,7,DRUG GM,National,SOFT DRINKS,SFT DRNK SNGL SRV BTL CARB,20 OZ
        4,7,DRUG GM,National,SOFT DRINKS,THE SAME NUMBER AGAIN,20 OZ
        """,
        "transactions": """
        household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp
        10,330,100,1,2,3,1,0,0,1,2017-01-01 11:53:26
        10,330,100,2,1,1.25,0,0.5,0.25,1,2017-01-01 11:53:26
        11,331,101,2,1,1.5,0,0,0,2,2017-01-08 09:00:00
        11,331,101,2,1,1.7,0,0,0,2,2017-01-08 09:00:00
        11,331,101,4,0,0,0,0,0,2,2017-01-08 09:00:00
        11,331,101,9,1,5,0,0,0,2,2017-01-08 09:00:00
        11,x,101,1,1,5,0,0,0,2,2017-01-08 09:00:00
        """,
        "demographics": """
        household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count
        10,65+,35-49K,Homeowner,,2,2 Adults No Kids,0
        """,
        "campaign_descriptions":
            "campaign_id,campaign_type,start_date,end_date\n1,Type B,2017-03-03,2017-04-09 00:00:00",
        "campaigns": "campaign_id,household_id\n1,10",
        "coupons": "coupon_upc,product_id,campaign_id\n500,2,1\n500,1,1",
        "coupon_redemptions": "household_id,coupon_upc,campaign_id,redemption_date\n10,500,1,2017-03-05 00:00:00",
        "promotions": "product_id,store_id,display_location,mailer_location,week\n1,330,9,0,1\n2,331,0,A,3",
    ]

    /// Writes the tables, with commas as tabs, and imports them.
    private func imported(_ run: FeedRun, replacing name: String = "", with text: String = "") throws -> ImportSummary {
        for (table, content) in Self.tables {
            let rows = (table == name ? text : content).replacing(",", with: "\t") + "\n"
            try rows.write(toFile: run.folder.file("\(table).tsv"), atomically: true, encoding: .utf8)
        }
        return try CompleteJourneyImporter(folder: run.folder.path).run(
            catalogue: run.store, events: run.store, rejects: RejectsWriter(path: run.rejectsPath),
            pseudonym: FeedRun.pseudonym)
    }

    @Test func `importing twice changes nothing`() throws {
        let run = try FeedRun()
        let first = try imported(run)
        #expect((first.added, first.eventsAccepted, first.offersChanged) == (4, 2, 2))
        #expect((first.customers, first.campaigns, first.stores) == (1, 1, 2))
        #expect((first.linesOfUnknownItems, first.rejected) == (1, 3))
        let second = try imported(run)
        #expect((second.added, second.changed, second.unchanged) == (0, 0, 4))
        #expect((second.eventsAccepted, second.eventsRepeated, second.offersChanged) == (0, 2, 0))
    }

    @Test func `importing again leaves stock and places as the shop has them`() throws {
        let run = try FeedRun()
        _ = try imported(run)
        let id = try #require(ItemID("1"))
        var offer = try #require(try run.store.offers(of: id).first)
        offer.stock = 12
        _ = try run.store.setOffers([offer])
        let place = Store(id: "330", name: "High Street", latitude: 40, longitude: -98, isSynthetic: true)
        try run.store.setStores([place])
        let again = try imported(run)
        #expect((again.offersChanged, again.stores) == (0, 0))
        #expect(try run.store.offers(of: id) == [offer])
        #expect(try run.store.stores().first == place)
        offer.price = Money(minorUnits: 999, currency: .usd)
        _ = try run.store.setOffers([offer])
        #expect(try imported(run).offersChanged == 1)
        #expect(try run.price("1") == Money(minorUnits: 200, currency: .usd))
        #expect(try run.store.offers(of: id).first?.stock == 12)
    }

    @Test func `rows that are refused are told with table and line`() throws {
        let run = try FeedRun()
        _ = try imported(run)
        #expect(try run.rejects().map(\.line) == [6, 6, 8])
        let text = try String(contentsOfFile: run.rejectsPath, encoding: .utf8)
        #expect(text.contains("products.tsv") && text.contains("transactions.tsv"))
    }

    @Test func `titles are composed and the original stays searchable`() throws {
        let run = try FeedRun()
        _ = try imported(run)
        let drink = try #require(try run.item("4")?.item)
        #expect(drink.title == "Soft Drink Single Serve Bottle Carbonated, 20 oz (National brand)")
        #expect(drink.sourceText == "DRUG GM | SOFT DRINKS | SFT DRNK SNGL SRV BTL CARB | 20 OZ")
        #expect(drink.attributes["size"] == ["20 oz"])
        #expect(drink.attributes["brand_class"] == ["National"])
        #expect(drink.numbers["package_ounces"] == 20)
        #expect(try run.item("1")?.item.numbers["package_ounces"] == 352)
        #expect(try run.item("3")?.item.isExcluded == true)
        #expect(drink.isExcluded == false)
    }

    @Test func `a price is the median of the latest week, before any discount`() throws {
        let run = try FeedRun()
        _ = try imported(run)
        #expect(try run.price("1") == Money(minorUnits: 200, currency: .usd))
        #expect(try run.price("2") == Money(minorUnits: 160, currency: .usd))
        #expect(try run.price("4") == nil)
    }

    @Test func `a basket is one purchase, with what was paid and saved`() throws {
        let run = try FeedRun()
        _ = try imported(run)
        var events: [Event] = []
        try run.store.forEachEvent(EventFilter()) { events.append($0.event) }
        #expect(events.map(\.id) == ["cj-100", "cj-101"])
        let basket = try #require(events.first)
        #expect((basket.name, basket.channel, basket.store) == (.purchase, .store, "330"))
        #expect(basket.user == (try FeedRun.pseudonym("10")))
        #expect(basket.items.map(\.priceMinorUnits) == [150, 125])
        #expect(basket.items.map(\.discountMinorUnits) == [100, 75])
        #expect(basket.items.map(\.couponMinorUnits) == [0, 75])
        #expect(events[1].items.map(\.item.rawValue) == ["2", "2", "9"])
    }

    @Test func `people and campaigns are known by pseudonym`() throws {
        let run = try FeedRun()
        _ = try imported(run)
        let person = try FeedRun.pseudonym("10")
        let attributes = try #require(try run.store.customer(person)?.attributes)
        #expect(attributes["age"] == "65+")
        #expect(attributes["marital_status"] == nil)
        let campaign = try #require(try run.store.campaigns().first)
        #expect(campaign.recipients == [person])
        #expect(campaign.coupons.first?.items.count == 2)
        #expect(campaign.redemptions.map(\.code) == ["500"])
    }

    @Test(arguments: [
        ("products", "a,b\n1,2"), ("products", ""), ("transactions", "household_id\n1"),
        ("campaigns", "campaign_id,household_id\n1,x"), ("campaigns", "campaign_id,household_id\n1"),
        ("coupon_redemptions", "household_id,coupon_upc,campaign_id,redemption_date\n10,500,1,soon"),
    ])
    func `a table that is not as exported stops the import with its name`(table: String, text: String) throws {
        let run = try FeedRun()
        let error = #expect(throws: FeedError.self) { try imported(run, replacing: table, with: text) }
        #expect(error?.message.contains("\(table).tsv") == true)
    }

    @Test func `a folder that does not exist is named`() throws {
        let run = try FeedRun()
        let error = #expect(throws: FeedError.self) {
            try CompleteJourneyImporter(folder: run.folder.file("absent")).run(
                catalogue: run.store, events: run.store, rejects: RejectsWriter(path: nil), pseudonym: FeedRun.pseudonym
            )
        }
        #expect(error?.code == .unreadable)
    }
}
