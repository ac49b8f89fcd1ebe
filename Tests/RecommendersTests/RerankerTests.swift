import Domain
import Features
import Foundation
import Testing

@testable import Recommenders

@Suite struct RerankerTests {
    private let facts: ItemFacts
    private let now = Timestamp(year: 2026, month: 1, day: 31)

    /// 40 items: types go round in eight, categories in four; even items are of one large brand, others of ten small ones.
    init() {
        var facts = ItemFacts()
        for number: UInt32 in 0..<40 {
            var item = Item(id: ItemID("i\(number)")!, title: "Item")
            item.productType = ["Shop", "Aisle \(number / 10)", "Type \(number / 5)"]
            item.brand = number % 2 == 0 ? "Large" : "Small \(number % 10)"
            facts.set(StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false))
        }
        self.facts = facts
    }

    private func candidates(_ count: Int = 40) -> [Reranker.Candidate] {
        (0..<count).map { .init(item: ItemNumber(UInt32($0)), relevance: 1 - Double($0) / 50) }
    }

    private func list(
        _ text: String, history: [Interaction] = [], knowledge: ListKnowledge = ListKnowledge(), seed: UInt64 = 1,
        limit: Int = 8
    ) throws -> [Int] {
        Reranker(try Reranking(parsing: text), facts: facts, knowledge: knowledge)
            .list(candidates(), history: history, now: now, seed: seed, limit: limit).places
    }

    @Test(arguments: ["off", "mmr:0", "calibration:0", "dpp:0", "freshness:0", "exploration:0", "brands:0"])
    func `no weight leaves the order`(_ text: String) throws {
        #expect(try list(text) == Array(0..<8))
    }

    @Test(arguments: ["mmr:0.4", "dpp:0.4"]) func `variety brings other types`(_ text: String) throws {
        let places = try list(text)
        #expect(places.first == 0 && Set(places).count == 8)
        #expect(Set(places.map { $0 / 5 }).count >= 5)
        #expect(Set(try list("off").map { $0 / 5 }).count == 2)
    }

    /// Three items a, a', b with relevance 1, .9, .6; a and a' of one type, b of another aisle: likeness 1 and 1/3.
    @Test func `marginal relevance follows its formula`() {
        let items = [ItemNumber(0), ItemNumber(1), ItemNumber(10)]
        let likeness = Likeness(items, facts: facts)
        #expect(likeness.of(0, 1) == 1 && abs(likeness.of(0, 2) - 1.0 / 3) < 1e-12)
        var objective = MarginalRelevance(relevance: [1, 0.9, 0.6], likeness: likeness, weight: 0.4)
        objective.take(0)
        #expect(abs(objective.gain(1) - (0.6 * 0.9 - 0.4)) < 1e-12)
        #expect(abs(objective.gain(2) - (0.6 * 0.6 - 0.4 / 3)) < 1e-12)
    }

    /// The greedy gains must equal ratios of determinants of the kernel.
    @Test func `a determinantal list takes the largest determinant`() {
        let items = [0, 1, 6, 11, 25].map { ItemNumber($0) }
        let likeness = Likeness(items, facts: facts)
        let relevance = [1, 0.95, 0.7, 0.6, 0.2]
        var objective = DeterminantalList(relevance: relevance, likeness: likeness, weight: 0.5)
        func kernel(_ i: Int, _ j: Int) -> Double {
            let quality: Double = exp(0.5 * (relevance[i] + relevance[j]))
            return quality * (i == j ? 1 : 0.9 * likeness.of(i, j))
        }
        func determinant(_ rows: [Int]) -> Double {
            var matrix = rows.map { row in rows.map { kernel(row, $0) } }
            var result = 1.0
            for pivot in matrix.indices {
                result *= matrix[pivot][pivot]
                for row in matrix.indices where row > pivot {
                    let factor = matrix[row][pivot] / matrix[pivot][pivot]
                    for column in matrix.indices { matrix[row][column] -= factor * matrix[pivot][column] }
                }
            }
            return result
        }
        var taken: [Int] = []
        for next in [0, 4, 2] {
            for candidate in items.indices where !taken.contains(candidate) {
                let ratio = determinant(taken + [candidate]) / (taken.isEmpty ? 1 : determinant(taken))
                #expect(abs(objective.gain(candidate) - log(ratio)) < 1e-9)
            }
            objective.take(next)
            taken.append(next)
        }
    }

    @Test func `calibration follows what the person bought`() throws {
        let history = (0..<10).map { line in
            Interaction(
                item: ItemNumber(line < 5 ? 0 : 30), time: Timestamp(milliseconds: now.milliseconds - 1000),
                basket: Int32(line))
        }
        let places = try list("calibration:1", history: history)
        #expect(places.count { $0 / 10 == 0 } == 4 && places.count { $0 / 10 == 3 } == 4)
        let shares = CategoryShares(history, facts: facts, now: now)
        #expect(shares.shares == [0.5, 0.5])
        #expect(shares.divergence(of: [ItemNumber(0), ItemNumber(30)], facts: facts) == 0)
        // q = (1, 0), in nats.
        let far = try #require(shares.divergence(of: [ItemNumber(0)], facts: facts))
        let expected: Double = 0.5 * log(0.5 / 0.995) + 0.5 * log(0.5 / 0.005)
        #expect(abs(far - expected) < 1e-12)
        #expect(try list("calibration:0.9") == Array(0..<8), "somebody unknown has no proportions")
    }

    @Test func `what is new rises, and what was seen little is explored`() throws {
        var knowledge = ListKnowledge()
        knowledge.ages = [ItemNumber(20): 0]
        #expect(try list("freshness:1", knowledge: knowledge).first == 20)
        #expect(try list("freshness:0.1", knowledge: knowledge).first == 0)
        knowledge.impressions = (0..<40).map { $0 == 33 ? 0 : 10_000 }
        let explored = try list("exploration:0.25", knowledge: knowledge)
        #expect(explored.prefix(6) == [0, 1, 2, 3, 4, 5] && explored.count == 8 && explored.contains(33))
        #expect(try list("exploration:0.25", knowledge: knowledge) == explored)
        let days = try (0..<20).map { try list("exploration:0.5", seed: Reranker.seed(user: UserNumber(7), day: $0)) }
        #expect(Set(days).count > 15)
        #expect(try list("exploration:1").first == 0, "the best always has its place")
    }

    @Test(arguments: [0.2, 0.5, 0.8]) func `small brands have their share of every beginning`(_ share: Double) throws {
        var knowledge = ListKnowledge()
        knowledge.isLargeBrand = LargeBrands.among((0..<40).map { $0 % 2 == 0 ? 3 : 0.1 }, facts: facts)
        #expect(knowledge.isLargeBrand.count { $0 } == 1)
        let places = try list("brands:\(share),mmr:0.1", knowledge: knowledge, limit: 10)
        for count in 1...10 {
            let small = places.prefix(count).count { $0 % 2 == 1 }
            #expect(small >= Int(share * Double(count) + 1e-9))
        }
        #expect(places.count == 10)
    }

    @Test(arguments: [
        "", "mmr", "mmr:", "mmr:x", "mmr:2", "mmr:-0.1", "mmr:nan", "mmr:0.1,dpp:0.2", "mmr:0.1,mmr:0.1", "speed:0.1",
        "mmr:0.1,", "mmr:0.1:2", String(repeating: "mmr:0.1,", count: 40),
    ]) func `settings that make no sense are refused`(_ text: String) {
        #expect(throws: RerankingError.self) { try Reranking(parsing: text) }
    }

    @Test func `fewer candidates than places are all there`() throws {
        for text in ["mmr:0.5", "dpp:0.5,exploration:0.5", "brands:1", "off"] {
            let reranker = Reranker(try Reranking(parsing: text), facts: facts)
            let found = reranker.list(candidates(3), history: [], now: now, seed: 1, limit: 8)
            #expect(found.places.sorted() == [0, 1, 2])
            #expect(reranker.list([], history: [], now: now, seed: 1, limit: 8).places.isEmpty)
        }
    }
}
