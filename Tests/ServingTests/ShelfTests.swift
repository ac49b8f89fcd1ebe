import Domain
import Features
import JSON
import Recommenders
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Serving

/// A shop with trained models: 60 items of three categories and five brands, 24 people who buy weekly at two branches.
struct TrainedShop {
    static let end = Timestamp(year: 2026, month: 3, day: 1)
    static let people = 24
    private static let items = 60
    /// Models by the items that sell late: equal logs make equal models.
    private static let trained = Mutex<[[Int]: RecommenderModels]>([:])
    let folder: TemporaryFolder
    let shop: ShopFolder
    let service: ShopService

    /// - Parameter late: Items whose first purchase lies in the last days.
    /// - Parameter first: The first person who bought these.
    init(
        language: String = "en", late: [Int] = [], from first: Int = 0, recommendations: [String: Double] = [:],
        exploration: Double = 0,
        _ configure: (inout ShopConfig) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        var config = ShopConfig(shop: ShopID("corner")!, title: "Corner", currency: .usd, language: language)
        (config.recommendations, config.exploration) = (recommendations, exploration)
        configure(&config)
        shop = try ShopFolder.create(path: folder.file("shop"), config: config)
        let store = try shop.openStore(.readWrite)
        let items = (0..<Self.items).map(Self.item)
        _ = try store.upsert(items)
        _ = try store.setOffers(items.enumerated().map { Self.offer($1.id, price: $0 + 1) })
        try store.setStores([Store(id: "north", name: "North Gate"), Store(id: "south", name: "South Gate")])
        _ = try store.append(try Self.purchases(shop.pseudonymiser(), late: late, from: first))
        let last = try store.lastSequence()
        let models = try Self.trained.withLock { trained in
            if let known = trained[late + [first]] { return known }
            let set = TrainingSet(
                log: try InteractionLog(reading: store, itemLimit: Self.items), facts: try ItemFacts(reading: store))
            let models = RecommenderModels.train(set)
            trained[late + [first]] = models
            return models
        }
        try store.close()
        _ = try PublicationStore(folder: shop).publish(
            Publication(index: nil, models: [:], erasures: 0, created: SystemClock.now().adding(days: 1)))
        service = try ShopService(
            folder: shop,
            loader: { _, _, _ in
                Backends(recommendation: TrainedModels(models, trainedAt: Self.end, lastSequence: last))
            }, clock: { Self.end })
    }

    private static func item(_ number: Int) -> Item {
        var item = Item(id: itemID("i\(number)"), title: "Thing \(number)")
        item.productType = ["Grocery", "Aisle \(number % 3)", "Shelf \(number % 6)"]
        item.brand = "Brand \(number % 5)"
        return item
    }

    static func offer(_ id: ItemID, price: Int, market: String = Offer.defaultMarket, stock: Int? = nil) -> Offer {
        var offer = Offer(item: id)
        offer.price = Money(minorUnits: Int64(price) * 100, currency: .usd)
        (offer.market, offer.stock) = (market, stock)
        return offer
    }

    /// Sixteen weekly baskets of six; the north buys items below 30, the south those from 20 on.
    private static func purchases(_ pseudonymiser: Pseudonymiser, late: [Int], from first: Int) throws -> [Event] {
        var events: [Event] = []
        for person in 0..<people {
            for week in 0..<16 {
                var event = Event(
                    id: "p\(person)-\(week)", name: .purchase,
                    time: end.adding(days: -Double(7 * (16 - week)) + Double(person) / 100))
                event.user = try pseudonymiser.pseudonym(of: "person \(person)")
                event.store = person % 2 == 0 ? "north" : "south"
                var numbers = basket(of: person, week: week)
                if week == 15, person >= first { numbers += late }
                event.items = numbers.filter { week == 15 || !late.contains($0) }.map {
                    EventItem(item: itemID("i\($0)"), priceMinorUnits: 100)
                }
                events.append(event)
            }
        }
        return events
    }

    private static func basket(of person: Int, week: Int) -> [Int] {
        let first = person * 5 + week % 2 * 3
        return (0..<6).map { (first + $0 * 4) % 30 + (person % 2 == 0 ? 0 : 20) }
    }

    static func bought(by person: Int) -> Set<Int> {
        Set(basket(of: person, week: 0) + basket(of: person, week: 1))
    }

    func shelf(_ scenario: Scenario, user: Int? = 0, _ change: (inout RecommendCall) -> Void = { _ in }) throws
        -> RecommendAnswer
    {
        var call = RecommendCall(scenario: scenario)
        call.user = user.map { "person \($0)" }
        change(&call)
        return try service.recommend(call)
    }
}

extension RecommendAnswer {
    var numbers: [Int] { entries.compactMap { Int($0.card.item.id.rawValue.dropFirst()) } }
    var reasons: [String] { entries.map(\.hit.reason) }
}

@Suite struct ShelfTests {
    private func refuses(_ shop: TrainedShop, _ scenario: Scenario, _ change: (inout RecommendCall) -> Void) -> Bool {
        do {
            _ = try shop.shelf(scenario, user: nil, change)
            return false
        } catch let error as ServingError {
            return error.code == .invalid
        } catch {
            return false
        }
    }

    @Test func `a stranger's front page is what the branch sells, as far as it sells enough`() throws {
        let shop = try TrainedShop()
        let everywhere = try shop.shelf(.home, user: nil).numbers
        let north = try shop.shelf(.home, user: nil) { $0.conditions.store = "north" }
        let south = try shop.shelf(.home, user: nil) { $0.conditions.store = "south" }
        // The north sells items below 30, the south those from 20 on.
        #expect(north.numbers.filter { $0 < 30 }.count > everywhere.filter { $0 < 30 }.count)
        #expect(south.numbers.filter { $0 >= 20 }.count > everywhere.filter { $0 >= 20 }.count)
        for shelf in [north, south] {
            #expect(shelf.numbers.count == 12 && shelf.entries.allSatisfy { $0.hit.score > 0 })
            #expect(zip(shelf.entries, shelf.entries.dropFirst()).allSatisfy { $0.hit.score >= $1.hit.score })
        }
        // Somebody whose habits are known is not ordered by what a branch sells.
        #expect(try shop.shelf(.home).numbers == shop.shelf(.home) { $0.conditions.store = "north" }.numbers)
    }

    @Test func `what was bought too lately is left out where a call or the shop asks for it`() throws {
        let shop = try TrainedShop()
        let usual = try shop.shelf(.home).numbers
        // Each item of a person comes every week or every second, and the last baskets are a week and two weeks old.
        let rhythmic = try shop.shelf(.home) { $0.conditions.rhythm = 2 }.numbers
        #expect(rhythmic.count == 12 && !Set(rhythmic).isSuperset(of: usual))
        let lately = Set(usual).subtracting(rhythmic)
        #expect(!lately.isEmpty && lately.isSubset(of: TrainedShop.bought(by: 0)))
        #expect(try shop.shelf(.home).numbers == usual)
        let own = try TrainedShop { $0.rhythm = 2 }
        #expect(try own.shelf(.home).numbers == rhythmic)
        #expect(try own.shelf(.home) { $0.conditions.rhythm = 0 }.numbers == usual)
        // A shop's own way does not touch what is bought again; a call's does.
        #expect(try own.shelf(.buyAgain).numbers == shop.shelf(.buyAgain).numbers)
        #expect(try shop.shelf(.buyAgain) { $0.conditions.rhythm = 2 }.numbers.allSatisfy { !lately.contains($0) })
        #expect(refuses(shop, .home) { $0.conditions.rhythm = 2.1 })
        #expect(refuses(shop, .home) { $0.conditions.rhythm = .nan })
    }

    @Test func `conditions are kept to and bad ones refused`() throws {
        let shop = try TrainedShop()
        let priced = try shop.shelf(.home) {
            $0.conditions.lowestPrice = Money(minorUnits: 1000, currency: .usd)
            $0.conditions.highestPrice = Money(minorUnits: 3000, currency: .usd)
        }
        #expect(priced.numbers.count == 12 && priced.numbers.allSatisfy { (9...29).contains($0) })
        let aisle = try shop.shelf(.category) { $0.conditions.category = ["Grocery", "Aisle 1"] }
        #expect(aisle.numbers.count == 12 && aisle.numbers.allSatisfy { $0 % 3 == 1 })
        let stranger = try shop.shelf(.category, user: nil) { $0.conditions.category = ["Grocery", "Aisle 1"] }
        #expect(stranger.reasons.contains("Popular in Aisle 1"))
        let usual = try shop.shelf(.home).numbers
        let without = try shop.shelf(.home) { $0.conditions.excluded = usual.map { itemID("i\($0)") } + [itemID("x")] }
        #expect(without.numbers.count == 12 && Set(without.numbers).isDisjoint(with: usual))
        let brands = try shop.shelf(.home) { ($0.conditions.mostOfBrand, $0.limit) = (2, 10) }
        #expect(Dictionary(grouping: brands.numbers) { $0 % 5 }.values.map(\.count) == [2, 2, 2, 2, 2])
        // A plain answer that is kept must not come back for one with conditions, nor the other way round.
        #expect(try shop.shelf(.home).numbers == usual)
        #expect(refuses(shop, .home) { $0.conditions.store = "west" })
        #expect(refuses(shop, .home) { $0.conditions.category = ["Aisle 1"] })
        #expect(refuses(shop, .category) { _ in })
        #expect(refuses(shop, .nearYou) { _ in })
        #expect(refuses(shop, .home) { $0.conditions.mostOfBrand = 0 })
        #expect(refuses(shop, .home) { $0.conditions.excluded = Array(repeating: itemID("i1"), count: 501) })
        #expect(
            refuses(shop, .home) {
                $0.conditions.lowestPrice = Money(minorUnits: 2, currency: .usd)
                $0.conditions.highestPrice = Money(minorUnits: 1, currency: .usd)
            })
    }

    @Test func `a branch's stock decides, and its prices hold unless a market is named`() throws {
        let shop = try TrainedShop()
        let usual = try shop.shelf(.home).numbers
        let sold = Set(usual.prefix(6))
        func offers(_ text: String) throws {
            _ = try shop.service.setOffers([try JSONValue(parsing: text)])
        }
        for number in sold { try offers(#"{"item_id":"i\#(number)","market":"north","price":"9.00 USD","stock":0}"#) }
        try offers(#"{"item_id":"i\#(usual[7])","market":"north","price":"7.77 USD","stock":5}"#)
        try offers(#"{"item_id":"i\#(usual[8])","market":"abroad","price":"8.88 USD"}"#)
        #expect(try shop.shelf(.home).numbers == usual)
        let north = try shop.shelf(.home) { $0.conditions.store = "north" }
        #expect(north.numbers.count == 12 && Set(north.numbers).isDisjoint(with: sold))
        #expect(north.entries.first { $0.card.item.id == itemID("i\(usual[7])") }?.card.price?.minorUnits == 777)
        let both = try shop.shelf(.home) {
            $0.conditions.store = "north"
            $0.priceList = PriceListName(market: "abroad", group: "")
        }
        #expect(Set(both.numbers).isDisjoint(with: sold))
        #expect(both.entries.first { $0.card.item.id == itemID("i\(usual[8])") }?.card.price?.minorUnits == 888)
        #expect(try shop.shelf(.home) { $0.conditions.store = "south" }.numbers == usual)
    }

    @Test func `after a purchase comes what goes with it and was never bought`() throws {
        let shop = try TrainedShop()
        let history = TrainedShop.bought(by: 0)
        let known = try shop.shelf(.afterPurchase).numbers
        #expect(known.count == 12 && history.isDisjoint(with: known))
        let basket = try shop.shelf(.afterPurchase, user: nil) { $0.basket = [itemID("i4"), itemID("i8")] }
        #expect(!basket.entries.isEmpty && Set(basket.numbers).isDisjoint(with: [4, 8]))
        #expect(basket.reasons.contains { $0.hasPrefix("Goes with Thing ") && $0.hasSuffix(" that you bought") })
    }

    @Test func `what is new comes once it sells, or once it is added`() throws {
        let shop = try TrainedShop(late: [40, 41])
        let stranger = try shop.shelf(.newArrivals, user: nil)
        #expect(Set(stranger.numbers) == [40, 41])
        #expect(stranger.reasons.allSatisfy { $0 == "New in the shop for 7 days" })
        _ = try shop.service.upsert([
            try JSONValue(
                parsing: #"{"id":"i60","title":"Thing 60","product_type":"Grocery > Aisle 1","price":"2 USD"}"#)
        ])
        let more = try shop.shelf(.newArrivals, user: nil)
        #expect(Set(more.numbers) == [40, 41, 60])
        #expect(more.entries.first { $0.card.item.id == itemID("i60") }?.hit.reason == "New in the shop")
        let owner = try shop.shelf(.newArrivals)
        #expect(owner.numbers == [60])
        #expect(try shop.shelf(.newArrivals, user: nil) { $0.conditions.excluded = [itemID("i60")] }.numbers.count == 2)
        #expect(try shop.service.recommend(RecommendCall(scenario: .home)).numbers.count == 12)
    }

    @Test func `near you is what the branch sells, and purchases count at once`() throws {
        let shop = try TrainedShop()
        let south = try shop.shelf(.nearYou, user: nil) { $0.conditions.store = "south" }
        #expect(south.branch?.name == "South Gate")
        #expect(south.numbers.count == 12 && south.numbers.allSatisfy { $0 >= 20 })
        #expect(south.reasons.allSatisfy { $0 == "Popular at South Gate" })
        let usual = try shop.shelf(.nearYou, user: 1)
        #expect(usual.branch?.id == "south" && usual.numbers.allSatisfy { $0 >= 20 })
        let history = TrainedShop.bought(by: 1)
        #expect(history.isDisjoint(with: usual.numbers))
        #expect(try shop.shelf(.nearYou, user: 99).entries.isEmpty)
        func buy(_ number: Int) throws {
            for time in 0..<3 {
                _ = try shop.service.ingest([
                    try JSONValue(
                        parsing:
                            #"{"event_id":"n\#(number)-\#(time)","name":"purchase","store":"south","items":[{"item_id":"i\#(number)"}]}"#
                    )
                ])
            }
        }
        try buy(3)
        let after = try shop.shelf(.nearYou, user: nil) { ($0.conditions.store, $0.limit) = ("south", 100) }
        #expect(after.numbers.contains(3) && !after.numbers.contains(2))
    }

    @Test func `a shop's way to put lists together holds unless a call says otherwise`() throws {
        let plain = try TrainedShop()
        let varied = try TrainedShop(recommendations: ["mmr": 0.6])
        let usual = try plain.shelf(.home).numbers
        #expect(try varied.shelf(.home) { $0.reranking = .off }.numbers == usual)
        let list = try varied.shelf(.home).numbers
        #expect(list != usual && list.first == usual.first && list.count == 12)
        #expect(try plain.shelf(.home) { $0.reranking = try? Reranking(parsing: "mmr:0.6") }.numbers == list)
        // What is bought again keeps its order unless the call itself asks.
        #expect(try varied.shelf(.buyAgain).numbers == plain.shelf(.buyAgain).numbers)
        #expect(throws: ServingError.self) { try TrainedShop(recommendations: ["mmr": 0.6, "dpp": 0.1]) }
        #expect(throws: ServingError.self) { try TrainedShop(recommendations: ["speed": 0.6]) }
    }

    @Test func `unseen items are explored, the same all day`() throws {
        let shop = try TrainedShop()
        let explores = try Reranking(parsing: "exploration:0.25")
        let list = try shop.shelf(.home) { $0.reranking = explores }
        #expect(list.reasons.count { $0 == "Seen by few so far" } == 3)
        #expect(list.reasons.suffix(3).allSatisfy { $0 == "Seen by few so far" })
        #expect(try shop.shelf(.home) { $0.reranking = explores }.numbers == list.numbers)
        // What was shown often is hardly drawn any more.
        let shown = list.numbers.suffix(3)
        let items = shown.map { #"{"item_id":"i\#($0)"}"# }.joined(separator: ",")
        let views = try (0..<200).map {
            try JSONValue(parsing: #"{"event_id":"v\#($0)","name":"view_item_list","list":"home","items":[\#(items)]}"#)
        }
        #expect(try shop.service.ingest(views).accepted == 200)
        let later = try shop.shelf(.home, user: 0) { ($0.reranking, $0.limit) = (explores, 11) }
        #expect(Set(later.numbers.suffix(3)).intersection(shown).count < 3)
    }

    @Test func `reasons are in the shopper's language, else in the shop's`() throws {
        let shop = try TrainedShop(language: "de-AT")
        #expect(try shop.shelf(.home, user: nil).reasons.contains("Diese Woche beliebt"))
        #expect(try shop.shelf(.home, user: nil) { $0.language = "fr" }.reasons.contains("Populaire cette semaine"))
        #expect(try shop.shelf(.home, user: nil) { $0.language = "xx" }.reasons.contains("Diese Woche beliebt"))
    }
}
