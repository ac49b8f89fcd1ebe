import Domain
import Features
import Ranking
import Storage
import Testing

@testable import Recommenders

@Suite struct RankerNetworkTests {
    private static let set = ShortHistoryTests.set(weeks: 20)
    private static let model = RankedBasketModel.train(set)

    private static func context(_ user: UInt32) -> RecommendationContext {
        RecommendationContext(
            now: set.now, user: UserNumber(user), history: set.log.history(of: UserNumber(user), before: set.now))
    }

    private static func model(_ change: (inout ModelParameters) -> Void) -> RankedBasketModel {
        var set = set
        change(&set.parameters)
        return .train(set)
    }

    @Test func `a ranker has a network beside its trees`() throws {
        #expect(Self.model.hasNetwork)
        let ranker = try #require(Self.model.anyRanker)
        #expect(ranker.network?.members.count == 2 && ranker.share == ModelParameters().rankerNetwork.share)
        let rows = RankerRows(at: Self.set.now, from: Self.set).rows(of: [0, 1, 2, 3], for: UserNumber(3))
        let (trees, network) = (ranker.trees.scores(rows), try #require(ranker.network).scores(rows))
        for (score, parts) in zip(ranker.scores(rows), zip(trees, network)) {
            #expect(abs(Double(score) - (1 - ranker.share) * Double(parts.0) - ranker.share * Double(parts.1)) < 1e-5)
        }
        #expect(trees != network)
    }

    @Test func `a stored model answers as it did`() throws {
        let again = try RankedBasketModel(
            try ColumnFile(decoding: Self.model.columns().encoded(), kind: RankedBasketModel.name))
        for user: UInt32 in [1, 3, 8] {
            let context = Self.context(user)
            #expect(again.candidates(for: context, limit: 8) == Self.model.candidates(for: context, limit: 8))
            #expect(again.newItems(for: context, limit: 8) == Self.model.newItems(for: context, limit: 8))
        }
        #expect(again.columns().encoded() == Self.model.columns().encoded())
    }

    @Test func `training again gives the same bytes`() {
        #expect(RankedBasketModel.train(Self.set).columns().encoded() == Self.model.columns().encoded())
    }

    @Test func `without a share there is no network, and the trees are the same`() throws {
        let plain = Self.model { $0.rankerNetwork.share = 0 }
        #expect(plain.hasRanker && !plain.hasNetwork)
        #expect(plain.anyRanker?.trees == Self.model.anyRanker?.trees)
        let again = try RankedBasketModel(
            try ColumnFile(decoding: plain.columns().encoded(), kind: RankedBasketModel.name))
        #expect(!again.hasNetwork && again.anyRanker?.share == 0)
        // A network's odds have no place beside an order.
        #expect(!Self.model { $0.ranker.objective = .pairwise }.hasNetwork)
    }

    @Test func `the parts of a score add up for trees and network together`() throws {
        let ranker = try #require(Self.model.anyRanker)
        let rows = RankerRows(at: Self.set.now, from: Self.set).rows(of: [0, 1, 2, 5], for: UserNumber(4))
        let each = stride(from: 0, to: rows.count, by: BasketFeature.count).map {
            Array(rows[$0..<$0 + BasketFeature.count])
        }
        let players = BasketFeature.allCases.map(\.part.number)
        let values = ranker.attributions(
            of: each[0], beside: Array(each.dropFirst()), players: players, playerCount: RankerPart.allCases.count)
        let scores = ranker.scores(rows)
        for (other, values) in values.enumerated() {
            #expect(abs(values.reduce(0, +) - Double(scores[0] - scores[other + 1])) < 1e-3)
        }
        #expect(values.contains { $0.contains { abs($0) > 1e-3 } })
    }

    @Test(arguments: [
        ("any_network_units", [128, 64] as [UInt32]), ("any_network_units", [4_000_000_000, 1]),
        ("any_network_units", []),
        ("any_network_indicators", [71]), ("any_network_indicators", [0, 0]),
    ])
    func `networks that do not fit together are refused`(_ name: String, _ values: [UInt32]) {
        var columns = Self.model.columns()
        columns.set(name, values)
        #expect(throws: StorageError.self) { try RankedBasketModel(columns) }
    }

    @Test(arguments: [
        ("any_network_weights", [1, 2] as [Float]), ("any_network_biases", [0]), ("any_network_deviations", []),
        ("any_network_means", [.nan]),
    ])
    func `numbers that do not fit the network are refused`(_ name: String, _ values: [Float]) {
        var columns = Self.model.columns()
        columns.set(name, values)
        #expect(throws: StorageError.self) { try RankedBasketModel(columns) }
    }

    @Test(arguments: [-0.1, 1.5, .nan])
    func `a share outside of 0 to 1 is refused`(_ share: Double) {
        var columns = Self.model.columns()
        columns.set("any_network_share", [share])
        #expect(throws: StorageError.self) { try RankedBasketModel(columns) }
    }
}
