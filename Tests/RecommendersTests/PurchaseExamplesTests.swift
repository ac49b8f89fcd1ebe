import Domain
import Features
import Storage
import TestSupport
import Testing

@testable import Recommenders

@Suite struct PurchaseExamplesTests {
    private static let day: Int64 = 86_400_000

    /// Forty people, each buying three of thirty items a week: their own two, and one that changes.
    private static func set(weeks: Int64 = 12) -> TrainingSet {
        var lines: [InteractionLog.Line] = []
        for user: UInt32 in 0..<40 {
            for week in 0..<weeks {
                for item in [user % 10, 10 + user % 7, 17 + (user + UInt32(week)) % 13] {
                    lines.append(
                        .init(
                            user: UserNumber(user), item: ItemNumber(item),
                            time: Timestamp(milliseconds: week * 7 * day + Int64(user)), group: week))
                }
            }
        }
        return TrainingSet(log: InteractionLog(lines))
    }

    private let cut = Timestamp(milliseconds: 8 * 7 * Self.day)

    @Test(arguments: PurchaseExamples.Negatives.allCases)
    func `half of the examples were bought, each pair comes once, and the others were not bought`(
        negatives: PurchaseExamples.Negatives
    ) {
        var plan = PurchaseExamples.Plan()
        (plan.negatives, plan.days) = (negatives, 14)
        let set = Self.set()
        let examples = PurchaseExamples(at: cut, from: set, plan: plan)
        #expect(examples.count > 60)
        #expect(examples.labels.count { $0 } * 2 == examples.count)
        #expect(Set(zip(examples.users, examples.items).map { [$0, $1] }).count == examples.count)
        #expect(examples.rows.count == examples.count * PurchaseExamples.features.count)
        let end = cut.adding(days: 14)
        for place in 0..<examples.count {
            let user = UserNumber(examples.users[place])
            let later = set.log.history(of: user, before: end).filter { $0.time >= cut }
            let isBought = later.contains { $0.item.rawValue == examples.items[place] }
            #expect(isBought == examples.labels[place])
        }
    }

    @Test func `rows are those that the ranker sees, and know nothing of what came later`() throws {
        var plan = PurchaseExamples.Plan()
        plan.limit = 40
        let set = Self.set()
        let examples = PurchaseExamples(at: cut, from: set, plan: plan)
        #expect(examples.count == 40)
        let past = TrainingSet(log: Self.set(weeks: 8).log, now: cut)
        let evidence = BasketEvidence(past)
        let width = PurchaseExamples.features.count
        for place in 0..<examples.count {
            let user = UserNumber(examples.users[place])
            let context = RecommendationContext(now: cut, user: user, history: past.log.history(of: user))
            let (person, item) = (PersonEvidence(context, blend: evidence.blend), examples.items[place])
            let candidates = evidence.blend.candidates(
                for: context, person, limit: RankedBasketModel.anyCandidates)
            let proposals = evidence.blend.proposals(of: [item], among: candidates, person)
            let row = evidence.rows(of: [item], proposals: proposals, for: context, person)
            #expect(row.map(\.bitPattern) == examples.rows[place * width..<(place + 1) * width].map(\.bitPattern))
        }
    }

    @Test func `of somebody unknown a row holds what an item has for everybody`() throws {
        let rows = RankerRows(at: cut, from: Self.set())
        let width = PurchaseExamples.features.count
        let items: [UInt32] = [3, 12, 999]
        let (unknown, known) = (rows.rows(of: items, for: nil), rows.rows(of: items, for: UserNumber(3)))
        #expect(unknown.count == 3 * width && known.count == 3 * width)
        for place in 0..<2 {
            for (column, feature) in BasketFeature.allCases.enumerated() {
                let value = unknown[place * width + column]
                let isOfItem = BasketFeature.itemColumns.contains(feature)
                #expect(
                    isOfItem ? value.bitPattern == known[place * width + column].bitPattern : value.isNaN, "\(feature)")
            }
        }
        #expect(unknown[..<width].contains { !$0.isNaN } && unknown[(2 * width)...].allSatisfy(\.isNaN))
    }

    @Test func `the first stage's scores of items are those it proposes them with`() {
        let set = Self.set()
        let blend = NextBasketModel.train(set)
        for user in 0..<UInt32(set.log.userLimit) {
            let context = set.log.history(of: UserNumber(user))
            let person = PersonEvidence(
                RecommendationContext(now: set.now, user: UserNumber(user), history: context), blend: blend)
            let list = blend.candidates(
                for: RecommendationContext(now: set.now, user: UserNumber(user), history: context), person, limit: 20)
            let scores = blend.scores(of: list.map(\.item.rawValue), person)
            #expect(list.count == 20 || list.count == scores.count)
            #expect(zip(list, scores).allSatisfy { abs($0.score - $1) < 1e-9 })
            // Another model's list keeps the order of the first stage, and what is not proposed stands behind.
            let backwards = blend.proposals(of: Array(list.reversed()), person)
            #expect(Set(backwards.map(\.place)) == Set(list.indices))
            let ordered = backwards.sorted { $0.place < $1.place }.map(\.score)
            #expect(ordered == ordered.sorted(by: >))
            let some = blend.proposals(of: list.map(\.item.rawValue), among: Array(list.prefix(3)), person)
            #expect(some.map(\.place) == list.indices.map { min($0, 3) })
        }
    }

    @Test func `the same seed draws the same examples, and another draws others`() {
        var plan = PurchaseExamples.Plan()
        plan.limit = 60
        let (first, again) = (
            PurchaseExamples(at: cut, from: Self.set(), plan: plan),
            PurchaseExamples(at: cut, from: Self.set(), plan: plan)
        )
        #expect(first.users == again.users && first.items == again.items)
        plan.seed = 2
        #expect(PurchaseExamples(at: cut, from: Self.set(), plan: plan).users != first.users)
    }

    @Test func `before the first purchase and after the last there are no examples`() {
        let plan = PurchaseExamples.Plan()
        #expect(PurchaseExamples(at: Timestamp(milliseconds: 0), from: Self.set(), plan: plan).count == 0)
        #expect(PurchaseExamples(at: cut.adding(days: 300), from: Self.set(), plan: plan).count == 0)
    }

    @Test func `a shop's promotions are read with its log, and missing where it keeps no book of them`() throws {
        let folder = try TemporaryFolder()
        let shop = try ShopFolder.create(
            path: folder.file("shop"), config: ShopConfig(shop: ShopID("corner")!, title: "Corner", currency: .usd))
        let store = try shop.openStore(.readOnly)
        #expect(try TrainingSet(reading: shop, store).promotions == nil)
        var writer = PromotionTableWriter(firstDay: 70)
        let branch = try writer.index(ofStore: "1")
        try writer.add(
            PromotionRow(
                item: ItemNumber(7), store: branch, week: 3, display: UInt8(ascii: "5"), mailer: UInt8(ascii: "A")))
        try writer.write(to: shop.promotionsPath)
        let place = try TrainingSet(reading: shop, store).promotions?.place(of: ItemNumber(7), inWeek: 3)
        #expect(place?.display == 1 && place?.mailer == 1)
    }
}
