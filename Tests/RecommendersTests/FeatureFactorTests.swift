import Domain
import Features
import Numerics
import Storage
import Testing

@testable import Recommenders

/// Factors of features: people and items that training never saw.
@Suite struct FeatureFactorTests {
    /// Sixty people of two ages buy from two halves of forty items; items 38 and 39 nobody bought.
    private static func set(lines more: [InteractionLog.Line] = []) throws -> TrainingSet {
        var facts = ItemFacts()
        for number in 0..<40 {
            var item = Item(id: try #require(ItemID("x\(number)")), title: "Item \(number)")
            item.productType = ["Shop", number % 2 == 0 ? "Even" : "Odd"]
            facts.set(StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false))
        }
        var random = SeededGenerator(seed: 3)
        var lines = more
        for user in 0..<60 {
            for step in 0..<8 {
                let item = user % 2 + 2 * Int.random(in: 0..<19, using: &random)
                lines.append(
                    InteractionLog.Line(
                        user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                        time: Timestamp(milliseconds: Int64(step) * 86_400_000), group: Int64(step)))
            }
        }
        var set = TrainingSet(log: InteractionLog(lines, itemLimit: 40), facts: facts)
        for user in 0..<60 { set.people[UserNumber(UInt32(user))] = ["age": user % 2 == 0 ? "young" : "old"] }
        return set
    }

    private static func part(_ list: [ScoredItem]) -> Double {
        Double(list.count { $0.item.index % 2 == 0 }) / Double(max(1, list.count))
    }

    @Test func `people nobody saw are scored by what they are, and items nobody bought by what those are`() throws {
        let set = try Self.set()
        let model = FeatureFactorModel.train(set)
        var stranger = RecommendationContext(now: set.now)
        for (age, isEven) in [("young", true), ("old", false)] {
            stranger.attributes = ["age": age, "never heard of": "x", "": ""]
            let list = model.candidates(for: stranger, limit: 10)
            #expect(list.count == 10 && (isEven ? Self.part(list) >= 0.9 : Self.part(list) <= 0.1), "\(age)")
        }
        // First categories tell as much where no attribute is known.
        let first = RecommendationContext(
            now: set.now, history: [Interaction(item: ItemNumber(3), time: Timestamp(milliseconds: 5))])
        #expect(Self.part(model.candidates(for: first, limit: 10)) <= 0.1)
        // Of the two that nobody bought each gets the one of their kind.
        for user: UInt32 in 0..<20 {
            var known = RecommendationContext(
                now: set.now, user: UserNumber(user), history: set.log.history(of: UserNumber(user)))
            known.eligibility.excluded = Set((0..<38).map { ItemNumber($0) })
            #expect(model.candidates(for: known, limit: 2).first?.item == ItemNumber(38 + user % 2), "\(user)")
        }
        // Of whom nothing is known, what sells.
        stranger.attributes = [:]
        #expect(model.candidates(for: stranger, limit: 5).count == 5)
    }

    @Test func `a seed gives the same factors, and steps put what is wanted above the rest`() {
        var rows = SparseRows(columnLimit: 12)
        for row: UInt32 in 0..<12 { rows.append([(column: row, weight: Float(1))]) }
        var pairs: [FeatureFactors.Pair] = []
        for user in 0..<12 {
            for step in 0..<3 {
                let item = user / 6 * 6 + (user + step) % 6
                pairs.append(FeatureFactors.Pair(user: UInt32(user), item: UInt32(item), weight: 1))
            }
        }
        var parameters = FeatureFactors.Parameters()
        (parameters.factors, parameters.epochs, parameters.learningRate) = (8, 60, 0.1)
        let model = FeatureFactors(pairs, userRows: rows, itemRows: rows, parameters: parameters)
        let again = FeatureFactors(pairs, userRows: rows, itemRows: rows, parameters: parameters)
        #expect(model.items == again.items && model.users == again.users && model.biases == again.biases)
        parameters.seed = 2
        let other = FeatureFactors(pairs, userRows: rows, itemRows: rows, parameters: parameters)
        #expect(model.items != other.items)
        var right = 0
        for user in 0..<12 {
            var scores = model.biases.map { Double($0) }
            model.items.addProducts(with: FeatureFactors.sum(rows, user, of: model.users), to: &scores)
            let order: [Int] = scores.indices.sorted { scores[$0] > scores[$1] }
            for item in order.prefix(6) where item / 6 == user / 6 { right += 1 }
        }
        // By chance it would be 36 of 72.
        #expect(right >= 58)
    }

    @Test func `attributes of people are not in the file, and a file that does not fit is refused`() throws {
        let good = FeatureFactorModel.train(try Self.set()).columns()
        #expect(throws: Never.self) { try FeatureFactorModel(good) }
        #expect(try good.floats("people").count == 60 * 32)
        for (name, values) in [("item_biases", [Float(1)]), ("people", [0, 0, 0]), ("item_factors", [1])] {
            var damaged = good
            damaged.set(name, values)
            #expect(throws: StorageError.self, "\(name)") { try FeatureFactorModel(damaged) }
        }
        var damaged = good
        damaged.set("width", [12.5])
        #expect(throws: StorageError.self) { try FeatureFactorModel(damaged) }
    }
}
