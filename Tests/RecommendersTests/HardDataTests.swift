import Domain
import Features
import Numerics
import Recommenders
import Testing

/// Every model on data that shops really have, and on data that they should not.
@Suite struct HardDataTests {
    private static let models: [any Recommender.Type] = [
        PopularityModel.self, PersonalFrequencyModel.self, BoughtTogetherModel.self, ItemNeighbourModel.self,
        PCTMModel.self, RankedBasketModel.self, NextBasketModel.self, ContentModel.self,
        FeatureFactorModel.self, PriorModel.self, SequenceRecommender.self,
    ]
    private static let week: Int64 = 604_800_000

    /// With a network of nine items.
    private static func set(
        log: InteractionLog, facts: ItemFacts = ItemFacts(), now: Timestamp? = nil
    ) -> TrainingSet {
        var set = TrainingSet(log: log, facts: facts, now: now)
        set.network = TinyNetwork.network(items: 9)
        return set
    }

    private static func line(_ user: Int, _ item: Int, _ time: Int64, _ group: Int64) -> InteractionLog.Line {
        .init(
            user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)), time: Timestamp(milliseconds: time),
            group: group)
    }

    /// Twelve people buy three of eight items each week; everybody always buys item 7.
    private static func lines(weeks: Int64 = 6) -> [InteractionLog.Line] {
        (0..<12).flatMap { user in
            (0..<weeks).flatMap { basket in
                [user % 3, 3 + Int(basket) % 4, 7].map { line(user, $0, basket * week, basket) }
            }
        }
    }

    private static func facts(_ count: Int) throws -> ItemFacts {
        var facts = ItemFacts()
        for number in 0..<count {
            var item = Item(id: try #require(ItemID("x\(number)")), title: "Item \(number)")
            item.productType = ["Shop", "Part \(number % 3)", "Kind \(number % 5)"]
            facts.set(StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false))
        }
        return facts
    }

    private static func check(
        _ model: any Recommender, _ set: TrainingSet, _ user: Int, comment: Comment,
        eligibility: Eligibility = Eligibility()
    ) -> [ScoredItem] {
        let number = UserNumber(UInt32(user))
        let context = RecommendationContext(
            now: set.now, user: number, history: set.log.history(of: number, before: set.now),
            basket: [ItemNumber(7)], anchor: ItemNumber(7), eligibility: eligibility)
        let list = model.candidates(for: context, limit: 10)
        #expect(list.allSatisfy { $0.score.isFinite && eligibility.allows($0.item) }, comment)
        #expect(Set(list.map(\.item)).count == list.count && list.count <= 10, comment)
        #expect(zip(list, list.dropFirst()).allSatisfy { ScoredItem.precedes($0, $1) }, comment)
        return list
    }

    @Test func `the models here are all that there are`() {
        #expect(
            Set(Self.models.map { $0.name })
                == Set(
                    RecommenderModels.names + [
                        NextBasketModel.name, PCTMModel.name, ContentModel.name, FeatureFactorModel.name,
                        PriorModel.name,
                        SequenceRecommender.name,
                    ]))
    }

    @Test(arguments: models.indices) func `one event, a hundred thousand, and what everybody buys`(_ place: Int) {
        let type = Self.models[place]
        var lines = Self.lines()
        lines.append(Self.line(12, 2, Self.week, 1))
        lines += (0..<100_000).map { Self.line(13, $0 * 7 % 40, Int64($0 / 20) * 300_000, Int64($0 / 20)) }
        let set = Self.set(log: InteractionLog(lines))
        let model = type.train(set)
        for user in [0, 12, 13, 900] {
            _ = Self.check(model, set, user, comment: "\(type.name), user \(user)")
        }
    }

    @Test(arguments: models.indices) func `the order of a feed and what comes later change nothing`(_ place: Int) {
        let type = Self.models[place]
        var random = SeededGenerator(seed: 4)
        let now = Timestamp(milliseconds: 6 * Self.week)
        let sorted = Self.set(log: InteractionLog(Self.lines(), itemLimit: 9), now: now)
        // Events come in any order; the lines of one keep theirs.
        let lines = Self.lines()
        let events = stride(from: 0, to: lines.count, by: 3).map { lines[$0..<$0 + 3] }.shuffled(using: &random)
        let shuffled = Self.set(log: InteractionLog(events.flatMap(\.self), itemLimit: 9), now: now)
        #expect(type.train(sorted).columns() == type.train(shuffled).columns(), "\(type.name)")
        // The moment of training is the border: what happens at it or later is not known.
        let later = Self.lines() + (0..<12).map { Self.line($0, 8, now.milliseconds + Int64($0 % 2), 99) }
        let future = Self.set(log: InteractionLog(later, itemLimit: 9), now: now)
        for user in [0, 5] {
            #expect(
                Self.check(type.train(future), future, user, comment: "\(type.name)")
                    == Self.check(type.train(sorted), sorted, user, comment: "\(type.name)"), "\(type.name)")
        }
    }

    @Test(arguments: models.indices) func `with nothing to train on, or nothing eligible, lists are empty`(_ place: Int)
    {
        let type = Self.models[place]
        let nothing = TrainingSet(log: InteractionLog([]))
        #expect(Self.check(type.train(nothing), nothing, 0, comment: "\(type.name)").isEmpty)
        let set = Self.set(log: InteractionLog(Self.lines()))
        let closed = Eligibility(excluded: Set((0..<9).map { ItemNumber($0) }))
        #expect(Self.check(type.train(set), set, 0, comment: "\(type.name)", eligibility: closed).isEmpty)
    }

    @Test(arguments: models.indices) func `a model of another catalogue answers from what both have`(_ place: Int)
        throws
    {
        let type = Self.models[place]
        let trained = type.train(Self.set(log: InteractionLog(Self.lines()), facts: try Self.facts(8)))
        // The catalogue has grown, and people bought what the model never heard of.
        let lines =
            Self.lines()
            + (0..<12).flatMap { user in
                [200, 999].map { Self.line(user, $0, 7 * Self.week, 70) }
            }
        let grown = Self.set(log: InteractionLog(lines), facts: try Self.facts(1000))
        // It has shrunk to two items.
        let few = Self.set(log: InteractionLog(Self.lines()), facts: try Self.facts(2))
        for (set, name) in [(grown, "grown"), (few, "few")] {
            for user in [0, 11] { _ = Self.check(trained, set, user, comment: "\(type.name), \(name)") }
        }
    }

    @Test func `shelves of a model of another catalogue hold what the catalogue has`() throws {
        let models = RecommenderModels.train(
            Self.set(log: InteractionLog(Self.lines()), facts: try Self.facts(8)))
        for count in [0, 2, 500] {
            let facts = try Self.facts(count)
            var offers = OfferColumns(currency: .usd, numberLimit: count)
            for number in 0..<count {
                var offer = Offer(item: try #require(ItemID("x\(number)")))
                offer.price = Money(minorUnits: 100, currency: .usd)
                offers.set(ItemNumber(UInt32(number)), offer)
            }
            let recommendations = Recommendations(models: models, facts: facts)
            for scenario in Scenario.allCases {
                var context = RecommendationContext(
                    now: Timestamp(milliseconds: 6 * Self.week),
                    history: [Interaction(item: ItemNumber(4000), time: Timestamp(milliseconds: 1))],
                    anchor: ItemNumber(7), eligibility: Eligibility(offers: offers, hidden: facts.hidden))
                context.tastes = [0, 77]
                let list = recommendations.answer(scenario, for: context, limit: 12)
                #expect(list.allSatisfy { $0.item.index < count && $0.score.isFinite }, "\(scenario), \(count)")
            }
        }
    }

    @Test(arguments: SequenceModels.names)
    func `sequence models bear one item, thousands, and what everybody has`(_ name: String) throws {
        var random = SeededGenerator(seed: 6)
        var sequences: [[UInt32]] = (0..<60).map { user in
            [39] + (0..<6).map { UInt32((user + $0 * 3) % 38) }
        }
        sequences.append([5])
        sequences.append([])
        sequences.append((0..<3000).map { _ in UInt32.random(in: 0..<40, using: &random) })
        let model = try #require(SequenceModels.train(name, on: sequences, itemLimit: 50))
        let lists = SequenceModels.lists(of: model, after: sequences, itemLimit: 50, limit: 10)
        for (list, sequence) in zip(lists, sequences) {
            #expect(Set(list).count == list.count && Set(list).isDisjoint(with: sequence), "\(name)")
        }
        // Somebody who has everything gets nothing; nobody gets what nobody has.
        let all = SequenceModels.lists(
            of: model, after: [Array(0..<50)], itemLimit: 50, limit: 10, known: sequences)
        #expect(all == [[]] && lists.allSatisfy { $0.allSatisfy { $0 < 40 } }, "\(name)")
    }
}
