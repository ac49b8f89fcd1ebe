import Domain
import Features
import Recommenders
import Storage
import Testing

/// Conditions of the caller: price, category, brands, exclusions.
@Suite struct ConditionTests {
    private static let count: UInt32 = 200
    private static let sold: UInt32 = 100
    /// Trained once: every test asks the same models.
    private static let set = trainingSet()
    private static let trained = Recommendations(models: RecommenderModels.train(set), facts: set.facts)
    private let set = Self.set
    private let recommendations = Self.trained
    private let currency = Currency.usd

    /// Item *n* costs *n* + 1 dollars, is of shelf *n* mod 4 and brand *n* mod 10; the second hundred never sold.
    private static func trainingSet() -> TrainingSet {
        var facts = ItemFacts()
        for number in 0..<count {
            var item = Item(id: ItemID("item\(number)")!, title: "Item \(number)")
            item.productType = ["Grocery", "Shelf \(number % 4)", "Type \(number % 8)"]
            item.brand = "Brand \(number % 10)"
            facts.set(StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false))
        }
        var lines: [InteractionLog.Line] = []
        for user: UInt32 in 0..<20 {
            for basket: UInt32 in 0..<12 {
                for step: UInt32 in 0..<8 {
                    let item = (user * 7 + step * 3 + basket % 3 * 11) % sold
                    lines.append(
                        .init(
                            user: UserNumber(user), item: ItemNumber(item),
                            time: Timestamp(milliseconds: Int64(basket) * 604_800_000 + Int64(user)),
                            group: Int64(basket)))
                }
            }
        }
        return TrainingSet(log: InteractionLog(lines, itemLimit: Int(count)), facts: facts)
    }

    private func context(user: UInt32? = 3) throws -> RecommendationContext {
        var offers = OfferColumns(currency: currency, numberLimit: Int(Self.count))
        for number in 0..<Self.count {
            var offer = Offer(item: try #require(ItemID("item\(number)")))
            offer.price = Money(minorUnits: Int64(number + 1) * 100, currency: currency)
            offers.set(ItemNumber(number), offer)
        }
        return RecommendationContext(
            now: set.now, user: user.map { UserNumber($0) },
            history: user.map { set.log.history(of: UserNumber($0), before: set.now) } ?? [],
            anchor: ItemNumber(4), eligibility: Eligibility(offers: offers))
    }

    private static let filling = Scenario.allCases.filter { ![.buyAgain, .newArrivals, .nearYou].contains($0) }

    @Test(arguments: filling) func `a range of prices is kept to, and the list is full`(_ scenario: Scenario) throws {
        var context = try context()
        context.eligibility.prices = 9000...12_000
        let list = recommendations.answer(scenario, for: context, limit: 12)
        #expect(list.count == 12)
        #expect(list.allSatisfy { (89...119).contains($0.item.rawValue) })
    }

    @Test(arguments: filling) func `a category is kept to, and the list is full`(_ scenario: Scenario) throws {
        for user in [3, nil] as [UInt32?] {
            var context = try context(user: user)
            context.category = ["Grocery", "Shelf 1"]
            let open = try #require(set.facts.types(in: context.category))
            context.eligibility.types = ItemGroups(set.facts.types, isOpen: open, allowsUnknown: false)
            context.eligibility.prices = 0...10_000
            let isNew = scenario == .newForYou || scenario == .afterPurchase
            let owned = Set(context.history.map(\.item.rawValue)).count { $0 % 4 == 1 }
            let list = recommendations.answer(scenario, for: context, limit: 25)
            #expect(list.count == (isNew ? 25 - owned : 25))
            #expect(list.allSatisfy { $0.item.rawValue % 4 == 1 && $0.item.rawValue < 100 })
        }
    }

    @Test(arguments: filling) func `no brand has more places than it may`(_ scenario: Scenario) throws {
        for most in [1, 2, 3] {
            var context = try context()
            context.mostOfBrand = most
            let list = recommendations.answer(scenario, for: context, limit: 10 * most)
            #expect(list.count == 10 * most)
            let counts = Dictionary(grouping: list) { $0.item.rawValue % 10 }.mapValues(\.count)
            #expect(counts.values.allSatisfy { $0 == most })
        }
    }

    @Test func `what never sold comes last and says that it fits`() throws {
        var context = try context(user: nil)
        (context.category, context.eligibility.prices) = (["Grocery"], 9900...10_500)
        let open = try #require(set.facts.types(in: ["Grocery"]))
        context.eligibility.types = ItemGroups(set.facts.types, isOpen: open, allowsUnknown: false)
        let list = recommendations.answer(.home, for: context, limit: 12)
        #expect(list.map(\.item.rawValue).sorted() == [98, 99, 100, 101, 102, 103, 104])
        #expect(list.suffix(5).allSatisfy { $0.reason == .fromCategory("Grocery") && $0.item.rawValue >= 100 })
        #expect(list.prefix(2).allSatisfy { $0.reason != .fromCategory("Grocery") })
    }

    @Test func `a price that nobody knows is in no range`() throws {
        var context = try context()
        context.eligibility.offers = nil
        context.eligibility.prices = 0...Int64.max
        #expect(recommendations.answer(.home, for: context, limit: 12).isEmpty)
    }

    @Test func `a session takes a quarter of the page`() throws {
        var context = try context()
        context.anchor = nil
        context.session = [Interaction(item: ItemNumber(0), time: Timestamp(milliseconds: set.now.milliseconds - 1))]
        let list = recommendations.answer(.home, for: context, limit: 12)
        let near = list.filter { $0.contributions.first?.model == "item_neighbours" }
        #expect(list.count == 12 && (1...3).contains(near.count))
    }

    @Test func `categories of any depth have their types`() {
        #expect(set.facts.types(in: ["Grocery"])?.count { $0 } == 8)
        #expect(set.facts.types(in: ["Grocery", "Shelf 2"])?.count { $0 } == 2)
        #expect(set.facts.types(in: ["Grocery", "Shelf 2", "Type 2"])?.count { $0 } == 1)
        #expect(set.facts.types(in: ["Shelf 2"]) == nil)
        #expect(set.facts.types(in: []) == nil)
    }
}
