import Domain
import Features
import Recommenders
import Testing

@Suite struct RecommenderConformance {
    static func set() -> TrainingSet {
        var lines: [InteractionLog.Line] = []
        for user in 0..<12 {
            for basket in 0..<6 {
                for item in [user % 3, 3 + basket % 4, 7] {
                    lines.append(
                        .init(
                            user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                            time: Timestamp(milliseconds: Int64(basket) * 604_800_000), group: Int64(basket)))
                }
            }
        }
        var set = TrainingSet(log: InteractionLog(lines))
        set.network = TinyNetwork.network(items: 8)
        return set
    }

    func check<Model: Recommender>(_ type: Model.Type) throws {
        let set = Self.set()
        let model = Model.train(set)
        #expect(model.columns() == Model.train(set).columns())
        let again = try Model(ColumnFile(decoding: model.columns().encoded(), kind: Model.name))
        let history = set.log.history(of: UserNumber(1))
        for known in [history, [Interaction(item: ItemNumber(900_000), time: set.now)], []] {
            let context = RecommendationContext(
                now: set.now, history: known, basket: [ItemNumber(3), ItemNumber(900_000)], anchor: ItemNumber(4),
                eligibility: Eligibility(excluded: [ItemNumber(7)]))
            let list = model.candidates(for: context, limit: 5)
            #expect(list == again.candidates(for: context, limit: 5))
            #expect(list.allSatisfy { $0.score.isFinite && $0.item != ItemNumber(7) })
            #expect(list.count <= 5 && zip(list, list.dropFirst()).allSatisfy { ScoredItem.precedes($0, $1) })
        }
    }

    @Test func `popularity keeps the promises of a recommender`() throws { try check(PopularityModel.self) }
    @Test func `personal frequency keeps them`() throws { try check(PersonalFrequencyModel.self) }
    @Test func `bought together keeps them`() throws { try check(BoughtTogetherModel.self) }
    @Test func `item neighbours keep them`() throws { try check(ItemNeighbourModel.self) }
    @Test func `transitions keep them`() throws { try check(PCTMModel.self) }
    @Test func `the blend keeps them`() throws { try check(NextBasketModel.self) }
    @Test func `content keeps them`() throws { try check(ContentModel.self) }
    @Test func `factors of features keep them`() throws { try check(FeatureFactorModel.self) }
    @Test func `priors keep them`() throws { try check(PriorModel.self) }
    @Test func `a network keeps them`() throws { try check(SequenceRecommender.self) }
    @Test func `the hybrid keeps them`() throws { try check(RankedBasketModel.self) }

    @Test func `a damaged file is refused at every flipped byte`() {
        let bytes = PopularityModel.train(Self.set()).columns().encoded()
        for place in bytes.indices {
            var damaged = bytes
            damaged[place] ^= 0x10
            #expect(throws: (any Error).self) { try ColumnFile(decoding: damaged, kind: PopularityModel.name) }
        }
    }
}
