import Domain
import Features
import Foundation
import Numerics
import Testing

@testable import Recommenders

/// What follows the log must be what training on the longer log gives.
@Suite struct LiveSalesTests {
    private static let day: Int64 = 86_400_000

    /// A person a day buys a basket of five among thirty items, some of which go together, for `days` days from `first`.
    private static func lines(_ days: Range<Int>) -> [InteractionLog.Line] {
        var random = SeededGenerator(seed: 4)
        var lines: [InteractionLog.Line] = []
        for day in 0..<days.upperBound {
            for person in 0..<20 {
                let start = UInt32(random.unit() * 10) * 3
                var basket: Set<UInt32> = [start, start + 1]
                while basket.count < 5 { basket.insert(UInt32(random.unit() * 30)) }
                guard days.contains(day) else { continue }
                for item in basket.sorted() {
                    lines.append(
                        .init(
                            user: UserNumber(UInt32(person)), item: ItemNumber(item),
                            time: Timestamp(milliseconds: Int64(day) * Self.day + 1), group: Int64(day)))
                }
            }
        }
        return lines
    }

    private static func trained(_ days: Range<Int>) -> (TrainingSet, RecommenderModels) {
        let set = TrainingSet(
            log: InteractionLog(lines(days), itemLimit: 30), now: Timestamp(milliseconds: Int64(days.upperBound) * day))
        return (set, RecommenderModels.train(set))
    }

    private static func baskets(_ days: Range<Int>) -> [LiveBasket] {
        Dictionary(grouping: lines(days)) { "\($0.time.milliseconds) \($0.user)" }.values.map {
            LiveBasket(items: $0.map(\.item), time: $0[0].time, user: $0[0].user)
        }.sorted { $0.time < $1.time }
    }

    @Test func `following the log gives what training on all of it would`() {
        let (early, late) = (Self.trained(0..<20), Self.trained(0..<30))
        var live = LiveModels(early.1)
        live.learn(Self.baskets(20..<30), trainedAt: early.0.now)
        // Weights before and after lie a constant factor apart: ten days of decay.
        let factor = exp2(10 / PopularityModel.halfLifeDays)
        for (now, full) in zip(live.models.popularity.weights, late.1.popularity.weights) {
            #expect(abs(now - full * factor) < 1e-9 * full * factor)
        }
        #expect(live.models.popularity.ranking == late.1.popularity.ranking)
        #expect(live.models.popularity.ranking != early.1.popularity.ranking)
        for item: UInt32 in 0..<30 {
            // About the same: how many people are new among those who bought a pair since, only the log knows.
            let (now, full) = (live.models.together.row(item), late.1.together.row(item))
            for pair in full {
                guard let known = now.first(where: { $0.item == pair.item }) else { continue }
                #expect(known.score <= pair.score + 1e-5)
            }
            let partner = item % 3 == 0 ? item + 1 : item % 3 == 1 ? item - 1 : nil
            if let partner {
                let score = now.first { $0.item == partner }?.score ?? 0
                #expect(abs(score - (full.first { $0.item == partner }?.score ?? -1)) < 0.05)
            }
        }
    }

    @Test func `a pair and an item that training never saw appear`() {
        let (set, models) = Self.trained(0..<20)
        var live = LiveModels(models)
        let new = [ItemNumber(40), ItemNumber(41)]
        live.learn(
            (0..<12).map { _ in LiveBasket(items: new + [ItemNumber(40)], time: set.now) }, trainedAt: set.now)
        let context = RecommendationContext(now: set.now, anchor: ItemNumber(40))
        #expect(live.models.together.candidates(for: context, limit: 5).map(\.item) == [ItemNumber(41)])
        #expect(live.models.popularity.weights[40] == 24 && live.models.popularity.weights[41] == 12)
        #expect(live.models.popularity.candidates(for: context, limit: 40).contains { $0.item == ItemNumber(41) })
        // Three baskets are too few to say anything.
        var scarce = LiveModels(models)
        scarce.learn((0..<3).map { _ in LiveBasket(items: new, time: set.now) }, trainedAt: nil)
        #expect(scarce.models.together.candidates(for: context, limit: 5).isEmpty)
    }

    @Test func `counts are kept in the file, and models without them keep their rows`() throws {
        let (set, models) = Self.trained(0..<20)
        let file = models.together.columns()
        let again = try BoughtTogetherModel(ColumnFile(decoding: file.encoded(), kind: BoughtTogetherModel.name))
        #expect(again.columns() == file)
        var old = file
        for name in ["pair_baskets", "pair_people", "item_baskets", "baskets"] { old.columns[name] = nil }
        var generation = models
        generation.together = try BoughtTogetherModel(old)
        var live = LiveModels(generation)
        live.learn(Self.baskets(20..<22), trainedAt: set.now)
        let context = RecommendationContext(now: set.now, anchor: ItemNumber(3))
        #expect(
            live.models.together.candidates(for: context, limit: 9)
                == models.together.candidates(for: context, limit: 9))
        var broken = file
        broken.set("pair_baskets", [UInt32(1)])
        #expect(throws: (any Error).self) { try BoughtTogetherModel(broken) }
    }
}
