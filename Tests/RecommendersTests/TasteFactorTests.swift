import Domain
import Features
import Numerics
import Testing

@testable import Recommenders

@Suite struct TasteFactorTests {
    /// Two kinds of people, each with their own fifteen of thirty items; item 30 is everybody's, item 31 nobody's.
    private static func set(users: Int) -> TrainingSet {
        var random = SeededGenerator(seed: 5)
        var lines: [InteractionLog.Line] = []
        for user in 0..<users {
            let own = (0..<8).map { _ in user % 2 * 15 + Int.random(in: 0..<15, using: &random) }
            for (place, item) in (own + [30]).enumerated() {
                lines.append(
                    .init(
                        user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                        time: Timestamp(milliseconds: Int64(place) * 86_400_000), group: Int64(place)))
            }
        }
        return TrainingSet(log: InteractionLog(lines, itemLimit: 32))
    }

    private static func counts(_ items: [UInt32], _ set: TrainingSet) -> PersonalCounts {
        PersonalCounts(
            items.map { Interaction(item: ItemNumber($0), time: Timestamp(milliseconds: 0)) }, now: set.now, decay: 0.98
        )
    }

    @Test func `an item of one's own kind that one never had lies nearer than any of the other kind`() throws {
        let set = Self.set(users: 80)
        let vectors = UserVectors(set, decay: 0.98)
        let factors = TasteFactors(vectors, seed: 1)
        for (history, own, other) in [([1, 4, 9], 0..<15, 15..<30), ([16, 20, 28], 15..<30, 0..<15)]
            as [([UInt32], Range<UInt32>, Range<UInt32>)]
        {
            let person = factors.person(Self.counts(history, set))
            let least = own.map { factors.score($0, person) }.reduce(0, +) / 15
            let most = other.map { factors.score($0, person) }.max() ?? 0
            #expect(least > most)
            #expect(factors.score(31, person) == 0 && factors.score(1_000_000, person) == 0)
        }
        #expect(TasteFactors(vectors, seed: 1) == factors)
        var file = ColumnFile(kind: "taste")
        factors.store(in: &file)
        #expect(try TasteFactors(file, vectors: vectors) == factors)
        file.set("taste", [Float(1)])
        #expect(throws: (any Error).self) { try TasteFactors(file, vectors: vectors) }
    }

    @Test func `factors are orthonormal, and the best of their number by their singular values`() {
        let vectors = UserVectors(Self.set(users: 80), decay: 0.98)
        let weights = vectors.weights()
        // Every person folded in: the sum of squares is what the factors keep of rows of length one.
        func kept(_ factors: TasteFactors) -> Float {
            (0..<UInt32(80)).reduce(Float(0)) { sum, user in
                var row = TasteFactors.Row.zero
                var length: Float = 0
                for place in vectors.row(of: user) {
                    let value = weights[place].squareRoot() * factors.weights[Int(vectors.items[place])]
                    length += value * value
                    row += factors.factors[Int(vectors.items[place])] * value
                }
                return sum + (row * row).sum() / length
            }
        }
        let factors = TasteFactors(vectors, seed: 1)
        for left in 0..<TasteFactors.Row.scalarCount {
            for right in 0...left {
                let product = factors.factors.reduce(Float(0)) { $0 + $1[left] * $1[right] }
                #expect(abs(product - (left == right ? 1 : 0)) < 1e-4)
            }
        }
        // Another start leads to the same subspace.
        #expect(abs(kept(factors) - kept(TasteFactors(vectors, seed: 99))) < 0.02 * kept(factors))
        #expect(kept(factors) > 40 && kept(factors) <= 80)
    }

    @Test(arguments: [0, 1, 3])
    func `few people, or none, give factors that know little`(users: Int) {
        let set = Self.set(users: users)
        let factors = TasteFactors(UserVectors(set, decay: 0.98), seed: 1)
        #expect(factors.factors.allSatisfy { row in (0..<16).allSatisfy { row[$0].isFinite } })
        #expect(factors.person(Self.counts([], set)) == .zero)
        #expect(factors.score(3, factors.person(Self.counts([0, 3], set))).isFinite)
    }
}
