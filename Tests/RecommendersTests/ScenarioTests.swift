import Domain
import Features
import Recommenders
import Testing

@Suite struct ScenarioTests {
    private static let count: UInt32 = 40
    private let recommendations: Recommendations
    private let set: TrainingSet

    init() throws {
        var facts = ItemFacts()
        for number in 0..<Self.count {
            let id = try #require(ItemID("item\(number)"))
            var item = Item(id: id, title: "Item \(number)")
            item.productType = ["Grocery", "Shelf \(number % 4)", "Type \(number % 8)"]
            item.isExcluded = number == 9
            facts.set(StoredItem(number: ItemNumber(number), item: item, isWithdrawn: number == 5 || number == 13))
        }
        var lines: [InteractionLog.Line] = []
        for user: UInt32 in 0..<30 {
            for basket: UInt32 in 0..<12 {
                for step: UInt32 in 0..<6 {
                    let item = (user % 5 + step * 3 + basket % 2) % Self.count
                    lines.append(
                        .init(
                            user: UserNumber(user), item: ItemNumber(item),
                            time: Timestamp(milliseconds: Int64(basket) * 604_800_000 + Int64(user)),
                            group: Int64(basket)))
                }
            }
        }
        set = TrainingSet(log: InteractionLog(lines, itemLimit: Int(Self.count)), facts: facts)
        recommendations = Recommendations(models: RecommenderModels.train(set), facts: facts)
    }

    /// Prices for all but item 7; items 2 and 6 are sold out.
    private func offers() throws -> OfferColumns {
        let currency = try #require(Currency("USD"))
        var offers = OfferColumns(currency: currency, numberLimit: Int(Self.count))
        for number in 0..<Self.count {
            var offer = Offer(item: try #require(ItemID("item\(number)")))
            offer.price = number == 7 ? nil : Money(minorUnits: 100, currency: currency)
            offer.stock = number == 2 || number == 6 ? 0 : 3
            offers.set(ItemNumber(number), offer)
        }
        return offers
    }

    private func context(user: UInt32?, basket: [UInt32], anchor: UInt32?) throws -> RecommendationContext {
        let history = user.map { set.log.history(of: UserNumber($0), before: set.now) } ?? []
        var context = RecommendationContext(
            now: set.now, user: user.map { UserNumber($0) }, history: history,
            session: [Interaction(item: ItemNumber(3), time: Timestamp(milliseconds: set.now.milliseconds - 1))],
            basket: basket.map { ItemNumber($0) }, anchor: anchor.map { ItemNumber($0) },
            eligibility: Eligibility(
                offers: try offers(), hidden: set.facts.hidden, excluded: [ItemNumber(1), ItemNumber(11)]))
        context.proposals = (0..<Self.count).map {
            ScoredItem(item: ItemNumber($0), score: Double(Self.count - $0), reason: .newArrival(days: 3))
        }
        return context
    }

    @Test(arguments: Scenario.allCases)
    func `no scenario shows what cannot be bought, is excluded, or is there already`(_ scenario: Scenario) throws {
        let forbidden: Set<UInt32> = [5, 13, 9, 2, 6, 7, 1, 11]
        for user in [0, 4, 17, nil] as [UInt32?] {
            for (basket, anchor) in [([], 0), ([3, 4], nil), ([0, 8, 12], 4)] as [([UInt32], UInt32?)] {
                let context = try context(user: user, basket: basket, anchor: anchor)
                let list = recommendations.answer(scenario, for: context, limit: 12)
                let shown = Set(list.map(\.item.rawValue))
                #expect(shown.count == list.count && list.count <= 12)
                #expect(shown.isDisjoint(with: forbidden))
                #expect(shown.isDisjoint(with: basket))
                if let anchor { #expect(!shown.contains(anchor)) }
                #expect(list.allSatisfy { $0.score.isFinite })
                if scenario != .buyAgain { #expect(!list.isEmpty) }
            }
        }
    }

    @Test func `new for you holds nothing that the person had`() throws {
        let context = try context(user: 3, basket: [], anchor: nil)
        let list = recommendations.answer(.newForYou, for: context, limit: 12)
        #expect(Set(list.map(\.item)).isDisjoint(with: context.history.map(\.item)))
    }

    @Test func `buy again holds only what the person had`() throws {
        let context = try context(user: 3, basket: [], anchor: nil)
        let list = recommendations.answer(.buyAgain, for: context, limit: 12)
        #expect(!list.isEmpty && Set(list.map(\.item)).isSubset(of: context.history.map(\.item)))
    }

    @Test func `a shop without anything to sell gets empty shelves`() throws {
        var context = try context(user: 3, basket: [], anchor: 4)
        context.eligibility.offers = OfferColumns(currency: try #require(Currency("USD")), numberLimit: 0)
        for scenario in Scenario.allCases {
            #expect(recommendations.answer(scenario, for: context, limit: 12).isEmpty)
        }
    }
}
