import Domain
import Feeds
import Storage
import Testing

@Suite struct ItemFeedTests {
    private let csv = """
        id,title,price,product_type
        1,Whole milk,1.20 USD,Dairy > Milk
        2,"Bread, rye",2.20,Bakery > Bread
        3,"A ""fine"" soup
        for two",0.80 USD,

        """

    @Test func `a CSV feed keeps commas, quotes and line ends of quoted fields`() throws {
        let run = try FeedRun()
        let summary = try run.items(csv, .csv)
        #expect((summary.added, summary.rejected, summary.offersChanged) == (3, 0, 3))
        #expect(try run.item("2")?.item.title == "Bread, rye")
        #expect(try run.item("2")?.item.productType == ["Bakery", "Bread"])
        #expect(try run.item("3")?.item.title == "A \"fine\" soup for two")
        #expect(try run.price("3") == Money(minorUnits: 80, currency: .usd))
    }

    @Test func `texts in further languages come as columns or as an object`() throws {
        let run = try FeedRun()
        let table = """
            id,title,title[fr],description[fr],product_type[FR-ca],title[de]
            1,Milk,Lait,Frais,Alimentation > Lait,
            2,Bread,,,,Brot
            3,Salt,,Fin,,

            """
        let summary = try run.items(table, .csv)
        #expect((summary.added, summary.rejected) == (2, 1))
        #expect(
            try run.item("1")?.item.translations == [
                "fr": ItemText(title: "Lait", description: "Frais", productType: ["Alimentation", "Lait"])
            ])
        #expect(try run.item("2")?.item.translations == ["de": ItemText(title: "Brot")])
        let lines = """
            {"id":"4","title":"Tea","translations":{"pt-BR":{"title":"Chá","product_type":["Bebidas","Chás"]}}}
            {"id":"5","title":"Tea","translations":{"fr":{"description":"sans titre"}}}
            {"id":"6","title":"Tea","translations":{"français":{"title":"Thé"}}}
            {"id":"7","title":"Tea","translations":"Thé"}
            {"id":"8","title":"Tea","title[english]":"Tea"}
            {"id":"9","title":"Tea","title[fr]":" "}
            """
        let read = try run.items(lines)
        #expect((read.added, read.rejected) == (1, 5))
        #expect(try run.item("4")?.item.translations["pt"]?.productType == ["Bebidas", "Chás"])
    }

    @Test func `a byte order mark, CR LF and blank lines change nothing`() throws {
        let run = try FeedRun()
        let windows = "\u{FEFF}" + csv.replacing("\n", with: "\r\n") + "\r\n\r\n"
        #expect(try run.items(windows, .csv).added == 3)
        #expect(try run.items(csv, .csv).unchanged == 3)
        let lines = "\u{FEFF}{\"id\":\"9\",\"title\":\"Tea\"}\r\n\r\n  \r\n{\"id\":\"10\",\"title\":\"Cocoa\"}"
        #expect(try run.items(lines).added == 2)
    }

    @Test func `a JSON feed gives texts, numbers, lists and nested offers`() throws {
        let run = try FeedRun()
        try run.items(
            """
            {"id":7,"title":" Red boots ","brand":"Acme","color":"red/black","weight":1.5,"tags":["warm","dry"],\
            "offers":[{"price":"50.00 USD","sale_price":"40.00 USD","quantity":3},\
            {"market":"de","price":{"value":"45.00","currency":"EUR"},"availability":"out_of_stock"}]}
            """)
        let item = try #require(try run.item("7")?.item)
        #expect(item.title == "Red boots")
        #expect(item.attributes == ["color": ["red", "black"], "tags": ["warm", "dry"]])
        #expect(item.numbers == ["weight": 1.5])
        let offers = try run.store.offers(of: item.id)
        #expect(offers.map(\.stock) == [0, 3] || offers.map(\.stock) == [3, 0])
        #expect(offers.contains { $0.market == "de" && $0.price == Money(minorUnits: 4500, currency: .eur) })
        #expect(offers.contains { $0.salePrice == Money(minorUnits: 4000, currency: .usd) })
    }

    @Test func `importing the same feed twice changes nothing`() throws {
        let run = try FeedRun()
        try run.items(csv, .csv)
        let again = try run.items(csv, .csv, mode: .full)
        #expect((again.added, again.changed, again.unchanged) == (0, 0, 3))
        #expect((again.withdrawn, again.offersChanged, again.rejected) == (0, 0, 0))
    }

    @Test(arguments: [
        (#"{"id":"1","title":"Milk""#, ""),
        (#"["id"]"#, ""),
        (#"{"id":"1"}"#, "title"),
        (#"{"title":"Milk"}"#, "id"),
        (#"{"id":"","title":"Milk"}"#, "id"),
        (#"{"id":"1","title":7}"#, "title"),
        (#"{"id":"1","title":"Milk","price":NaN}"#, ""),
        (#"{"id":"1","title":"Milk","price":"NaN USD"}"#, "price"),
        (#"{"id":"1","title":"Milk","price":-1}"#, "price"),
        (#"{"id":"1","title":"Milk","price":"-0.01 USD"}"#, "price"),
        (#"{"id":"1","title":"Milk","price":"1.00 XXQ"}"#, "price"),
        (#"{"id":"1","title":"Milk","price":"1.001 USD"}"#, "price"),
        (#"{"id":"1","title":"Milk","price":1e300}"#, "price"),
        (#"{"id":"1","title":"Milk","price":[1]}"#, "price"),
        (#"{"id":"1","title":"Milk","price":"2","currency":"ABC"}"#, "currency"),
        (#"{"id":"1","title":"Milk","sale_price":"2 USD"}"#, "sale_price"),
        (#"{"id":"1","title":"Milk","quantity":-1}"#, "quantity"),
        (#"{"id":"1","title":"Milk","quantity":1.5}"#, "quantity"),
        (#"{"id":"1","title":"Milk","availability":"perhaps"}"#, "availability"),
        (#"{"id":"1","title":"Milk","shape":{"a":1}}"#, "shape"),
    ])
    func `a bad record is refused with its line and field, and the others are kept`(bad: String, field: String) throws {
        let run = try FeedRun()
        let summary = try run.items("{\"id\":\"a\",\"title\":\"A\"}\n\(bad)\n{\"id\":\"b\",\"title\":\"B\"}\n")
        #expect((summary.added, summary.rejected) == (2, 1))
        let rejects = try run.rejects()
        #expect(rejects.map(\.line) == [2])
        #expect(rejects.map(\.field) == [field])
        #expect(rejects.allSatisfy { !$0.reason.isEmpty && !$0.reason.contains("Milk") })
    }

    @Test func `identifiers of a megabyte and endless lines are refused, not kept`() throws {
        let run = try FeedRun()
        let long = String(repeating: "x", count: 1_000_000)
        let endless = String(repeating: "y", count: 3_000_000)
        let summary = try run.items(
            "{\"id\":\"\(long)\",\"title\":\"A\"}\n{\"id\":\"\(endless)\",\"title\":\"B\"}\n{\"id\":\"c\",\"title\":\"C\"}"
        )
        #expect((summary.added, summary.rejected) == (1, 2))
        #expect(try run.rejects().map(\.line) == [1, 2])
    }

    @Test(arguments: FeedSource.Format.allCases)
    func `bytes that are no UTF-8 are refused line by line`(format: FeedSource.Format) throws {
        let run = try FeedRun()
        var bytes = Array((format == .csv ? "id,title\n1,A" : "{\"id\":\"1\",\"title\":\"A").utf8)
        bytes += [0xFF, 0xC3]
        bytes += Array((format == .csv ? "\n2,B\n" : "\"}\n{\"id\":\"2\",\"title\":\"B\"}\n").utf8)
        let summary = try run.items(bytes, format)
        #expect((summary.added, summary.rejected) == (1, 1))
        #expect(try run.rejects().map(\.line) == [format == .csv ? 2 : 1])
    }

    @Test func `a quote that is not closed costs its own line alone`() throws {
        let run = try FeedRun()
        let rows = (1...50).map { "\($0),Item \($0)" }.joined(separator: "\n")
        let summary = try run.items("id,title\n0,\"12\n\(rows)\n51,\"Soup, red\"\n52,5\" nails\n53,Last", .csv)
        #expect((summary.added, summary.rejected) == (52, 2))
        #expect(try run.rejects().map(\.line) == [2, 54])
        #expect(try run.item("51")?.item.title == "Soup, red")
    }

    @Test func `an open quote in front of megabytes costs its own line alone`() throws {
        let run = try FeedRun()
        let text = String(repeating: "long ", count: 100)
        let rows = (1...4000).map { "\($0),Item,\(text)" }.joined(separator: "\n")
        let summary = try run.items("id,title,description\n0,\"open,\n\(rows)\n", .csv)
        #expect((summary.added, summary.rejected) == (4000, 1))
    }

    @Test func `an identifier that comes again is refused with the line where it was`() throws {
        let run = try FeedRun()
        let summary = try run.items("id,title\n1,A\n2,B\n1,C\n", .csv)
        #expect((summary.added, summary.rejected) == (2, 1))
        #expect(try run.rejects().first?.line == 4)
        #expect(try run.rejects().first?.reason.contains("line 2") == true)
        #expect(try run.item("1")?.item.title == "A")
    }

    @Test(arguments: ["", "title\nA\n", "id,title,id\n", "id,title,\n", "id,\"title\n"])
    func `a CSV file without a usable header is refused as a whole`(text: String) throws {
        let run = try FeedRun()
        #expect(throws: FeedError.self) { try run.items(text, .csv) }
    }

    @Test func `records with too few or too many fields are refused`() throws {
        let run = try FeedRun()
        let summary = try run.items("id,title\n1\n2,B,C\n3,D\n", .csv)
        #expect((summary.added, summary.rejected) == (1, 2))
    }

    @Test func `a feed changes only the parts of an offer that it carries`() throws {
        let run = try FeedRun()
        let id = try #require(ItemID("a"))
        func offer() throws -> Offer? { try run.store.offers(of: id).first }
        func imported(_ fields: String, dryRun: Bool = false) throws -> Int {
            try run.items(#"{"id":"a","title":"A"\#(fields)}"#, dryRun: dryRun).offersChanged
        }
        #expect(try imported(#","price":"2.00 USD","sale_price":"1.50 USD","quantity":8"#) == 1)
        #expect(try imported("") == 0)
        #expect(try imported(#","price":"3.00 USD""#, dryRun: true) == 1)
        #expect(try imported(#","price":"3.00 USD""#) == 1)
        #expect(try offer()?.stock == 8)
        #expect(try offer()?.salePrice == nil)
        #expect(try imported(#","quantity":4"#) == 1)
        #expect(try offer()?.price == Money(minorUnits: 300, currency: .usd))
        #expect(try imported(#","availability":"in_stock""#, dryRun: true) == 0)
        #expect(try imported(#","availability":"in_stock""#) == 0)
        #expect(try offer()?.stock == 4)
        #expect(try imported(#","availability":"out_of_stock""#) == 1)
        #expect(try offer()?.stock == 0)
        #expect(try imported(#","price":"3.00 USD","availability":"in_stock""#) == 1)
        #expect(try offer()?.stock == nil)
    }
}
