import Domain
import Encoders
import Features
import Storage
import Testing

@testable import Recommenders

@Suite struct SequenceRecommenderTests {
    private static func context(_ items: [UInt32], basket: [UInt32] = []) -> RecommendationContext {
        let history = items.enumerated().map { place, item in
            Interaction(
                item: ItemNumber(item), time: Timestamp(milliseconds: Int64(place)), basket: Int32(place / 2))
        }
        return RecommendationContext(
            now: Timestamp(milliseconds: 1000), history: history, basket: basket.map { ItemNumber($0) })
    }

    @Test func `scores are the encoder's, before and after the columns were written`() throws {
        let network = TinyNetwork.network(items: 12)
        let encoder = try SequenceEncoders.read(network.files)
        let model = try SequenceRecommender(network)
        let again = try SequenceRecommender(
            ColumnFile(decoding: model.columns().encoded(), kind: SequenceRecommender.name))
        let expected = encoder.scores(after: [3, 1, 4, 9])
        for model in [model, again] {
            let list = model.candidates(for: Self.context([3, 1, 4], basket: [9]), limit: 12)
            #expect(list.count == 12)
            #expect(list.allSatisfy { $0.score == Double(expected[$0.item.index]) })
        }
    }

    @Test func `an item stands once in a basket, and once at all where first purchases were learned`() throws {
        let all = try SequenceRecommender(TinyNetwork.network(items: 12))
        let first = try SequenceRecommender(TinyNetwork.network(items: 12, tellsNew: true))
        let context = Self.context([3, 3, 3, 5, 700], basket: [2])
        #expect(all.sequence(context) == [3, 3, 5, 2])
        #expect(first.sequence(context) == [3, 5, 2])
        #expect(Set(all.candidates(for: context, limit: 12).map(\.item.rawValue)).isSuperset(of: [3, 5]))
        #expect(Set(first.candidates(for: context, limit: 12).map(\.item.rawValue)).isDisjoint(with: [3, 5]))
    }

    @Test func `items that nobody had bought stand behind all others, in their own order`() throws {
        let network = TinyNetwork.network(items: 12, unbought: 4)
        let model = try SequenceRecommender(network)
        let list = model.candidates(for: Self.context([0, 1]), limit: 12).map(\.item.rawValue)
        #expect(Set(list.prefix(8)) == Set(0..<8) && Set(list.suffix(4)) == Set(8..<12))
        let scores = try SequenceEncoders.read(network.files).scores(after: [0, 1])
        #expect(list.suffix(4).elementsEqual((8..<12 as Range<UInt32>).sorted { scores[Int($0)] > scores[Int($1)] }))
    }

    @Test func `without a network, and for a stranger, there is nothing to say`() throws {
        let silent = SequenceRecommender.train(TrainingSet(log: InteractionLog([])))
        #expect(!silent.knowsSomething && silent.candidates(for: Self.context([1]), limit: 5).isEmpty)
        let model = try SequenceRecommender(TinyNetwork.network(items: 12))
        #expect(model.candidates(for: Self.context([]), limit: 5).isEmpty)
        #expect(model.candidates(for: Self.context([900]), limit: 5).isEmpty)
        #expect(model.candidates(for: Self.context([1]), limit: 0).isEmpty)
    }

    @Test func `parts that do not fit each other are refused`() throws {
        let good = TinyNetwork.network(items: 12)
        var wrong: [ShopNetwork] = []
        var changed = good
        changed.counts.removeLast()
        wrong.append(changed)
        changed = good
        changed.items[1] = 0
        wrong.append(changed)
        changed = good
        changed.files = TinyNetwork.files(items: 11)
        wrong.append(changed)
        changed.files = SequenceFiles(
            kind: "gru4rec", names: good.files.names, shape: good.files.shape, weights: good.files.weights)
        wrong.append(changed)
        changed.files = SequenceFiles(
            kind: "sasrec", names: good.files.names, shape: good.files.shape,
            weights: Array(good.files.weights.dropLast()))
        wrong.append(changed)
        for network in wrong { #expect(throws: StorageError.self) { try SequenceRecommender(network) } }
    }

    @Test func `the blend of no weight keeps the hybrid's order, of full weight the network's`() throws {
        let set = RecommenderConformance.set()
        let hybrid = RankedBasketModel.train(set)
        let network = try SequenceRecommender(TinyNetwork.network(items: 8))
        // The ranker's chances, as far as the blend looks at them.
        let list = (0..<8 as Range<UInt32>).map {
            ScoredItem(item: ItemNumber($0), score: 0.9 - 0.1 * Double($0), reason: .likeYou)
        }
        let context = Self.context([1, 2])
        func order(_ weight: Double) -> [UInt32] {
            NetworkBlend(hybrid: hybrid, sequence: network, weights: NetworkWeights(sequence: weight)).scored(
                list, for: context, limit: 8
            )
            .map(\.item.item.rawValue)
        }
        #expect(order(0) == Array(0..<8))
        #expect(order(1) == network.candidates(for: context, limit: 8).map(\.item.rawValue))
        let half = NetworkBlend(hybrid: hybrid, sequence: network, weights: NetworkWeights(sequence: 0.5)).scored(
            list, for: context, limit: 3)
        #expect(
            half.count == 3
                && half.allSatisfy { abs($0.hybrid + $0.networks.reduce(0) { $0 + $1.value } - $0.item.score) < 1e-12 })
        // Scores that are no chances are left alone.
        let scores = list.map { ScoredItem(item: $0.item, score: $0.score + 3, reason: $0.reason) }
        let kept = NetworkBlend(hybrid: hybrid, sequence: network, weights: NetworkWeights(sequence: 0.5)).scored(
            scores, for: context, limit: 8)
        #expect(kept.map(\.item) == scores)
    }

    @Test(arguments: [0, 0.4, 1]) func `shelves with a network are full, and say who gave what`(weight: Double) throws {
        let set = RecommenderConformance.set()
        var models = RecommenderModels.train(set)
        models.sequence = try SequenceRecommender(TinyNetwork.network(items: 8))
        let shelves = Recommendations(models: models, facts: set.facts)
        for scenario in NetworkWeights.scenarios {
            var context = Self.context([1, 2], basket: [])
            context.networkWeights = NetworkWeights(sequence: weight)
            context.proposals = [4, 5, 6].map {
                ScoredItem(item: ItemNumber($0), score: 1, reason: .newArrival(days: 2))
            }
            let list = shelves.answer(scenario, for: context, limit: 4)
            #expect(list.count == (scenario == .newArrivals ? 3 : 4), "\(scenario)")
            for found in list {
                #expect(abs(found.contributions.reduce(0) { $0 + $1.value } - found.score) < 1e-9)
            }
            let names = Set(list.flatMap { $0.contributions.map(\.model) })
            if weight == 1, scenario != .newArrivals {
                #expect(names.contains(SequenceRecommender.name), "\(scenario)")
            }
            if weight == 0 { #expect(!names.contains(SequenceRecommender.name)) }
            if scenario == .newForYou {
                #expect(Set(list.map(\.item.rawValue)).isDisjoint(with: [1, 2]))
            }
        }
    }
}
