import Domain
import Features
import Recommenders
import Testing

/// Lists and proposals for somebody of whom nothing is known.
@Suite struct NewcomerTests {
    private static let count: UInt32 = 60
    private let set: TrainingSet
    private let newcomers: NewcomerModel
    private let blend: NextBasketModel

    /// Six categories of ten items in three departments; lower numbers sell more, and odd users keep to odd categories.
    init() throws {
        var facts = ItemFacts()
        for number in 0..<Self.count {
            let id = try #require(ItemID("item\(number)"))
            var item = Item(id: id, title: "Item \(number)")
            item.productType = ["Department \(number % 3)", "Category \(number % 6)", "Type \(number % 12)"]
            facts.set(StoredItem(number: ItemNumber(number), item: item, isWithdrawn: number == 8))
        }
        var lines: [InteractionLog.Line] = []
        for user: UInt32 in 0..<40 {
            for basket: UInt32 in 0..<5 {
                for step: UInt32 in 0..<6 {
                    let draw = (user * 7 + basket * 3 + step * step) % Self.count
                    let item = min(draw, (user * 5 + step * 11 + basket) % Self.count) / 2 * 2 + user % 2
                    lines.append(
                        .init(
                            user: UserNumber(user), item: ItemNumber(item),
                            time: Timestamp(milliseconds: Int64(basket) * 604_800_000 + Int64(user)),
                            group: Int64(basket)))
                }
            }
        }
        set = TrainingSet(log: InteractionLog(lines, itemLimit: Int(Self.count)), facts: facts)
        newcomers = NewcomerModel(PopularityModel.train(set), facts: facts)
        blend = NextBasketModel.train(set)
    }

    private var context: RecommendationContext {
        RecommendationContext(now: set.now, eligibility: Eligibility(hidden: set.facts.hidden))
    }

    @Test func `without a choice somebody new gets what sells`() {
        let popular = PopularityModel.train(set).candidates(for: context, limit: 12)
        for tastes in [[], [UInt32.max], [77]] as [[UInt32]] {
            let list = newcomers.candidates(for: context, tastes: tastes, limit: 12)
            #expect(list.map(\.item) == popular.map(\.item))
            #expect(list.allSatisfy { $0.reason == .popular && $0.score > 0 && $0.score < 1 })
        }
    }

    @Test func `chosen categories rise, and their items say why`() throws {
        let plain = newcomers.candidates(for: context, tastes: [], limit: 60)
        for chosen: UInt32 in 0..<6 {
            let list = newcomers.candidates(for: context, tastes: [chosen, chosen], limit: 60)
            #expect(Set(list.map(\.item)) == Set(plain.map(\.item)))
            func places(_ list: [ScoredItem]) -> Int {
                list.indices.filter { set.facts.category(list[$0].item) == chosen }.reduce(0, +)
            }
            #expect(places(list) < places(plain))
            for found in list {
                let isChosen = set.facts.category(found.item) == chosen
                #expect(found.reason == (isChosen ? .favouriteCategory(chosen) : .popular))
            }
            // A short list is the beginning of a long one: what cannot reach it was passed over rightly.
            for limit in [1, 3, 10] {
                let short = newcomers.candidates(for: context, tastes: [chosen], limit: limit)
                #expect(short == Array(newcomers.candidates(for: context, tastes: [chosen], limit: 60).prefix(limit)))
            }
        }
    }

    @Test func `proposals are different categories, each with an item that can be sold`() {
        let proposals = newcomers.proposals(blend, eligibility: context.eligibility, limit: 12)
        #expect(proposals.count == 6 && Set(proposals.map(\.category)).count == 6)
        for proposal in proposals {
            #expect(set.facts.category(proposal.item) == proposal.category)
            #expect(context.eligibility.allows(proposal.item))
        }
        #expect(newcomers.proposals(blend, eligibility: context.eligibility, limit: 2) == Array(proposals.prefix(2)))
        var nothing = context.eligibility
        nothing.excluded = Set((0..<Self.count).map { ItemNumber($0) })
        #expect(newcomers.proposals(blend, eligibility: nothing, limit: 12).isEmpty)
    }

    @Test func `an empty shop proposes nothing and recommends nothing`() {
        let empty = TrainingSet(log: InteractionLog([]))
        let model = NewcomerModel(PopularityModel.train(empty), facts: ItemFacts())
        #expect(model.candidates(for: context, tastes: [0, 1], limit: 5).isEmpty)
        #expect(model.proposals(NextBasketModel.train(empty), eligibility: Eligibility(), limit: 5).isEmpty)
    }

    @Test func `a choice counts for strangers alone`() {
        let recommendations = Recommendations(models: RecommenderModels.train(set), facts: set.facts)
        var stranger = context
        stranger.tastes = [3]
        let list = recommendations.answer(.home, for: stranger, limit: 12)
        #expect(list.count == 12 && list.contains { $0.reason == .favouriteCategory(3) })
        #expect(list.allSatisfy { $0.contributions.first?.model == NewcomerModel.name })
        var known = context
        (known.user, known.history) = (UserNumber(4), set.log.history(of: UserNumber(4)))
        let before = recommendations.answer(.home, for: known, limit: 12)
        known.tastes = [3]
        #expect(recommendations.answer(.home, for: known, limit: 12) == before)
    }
}
