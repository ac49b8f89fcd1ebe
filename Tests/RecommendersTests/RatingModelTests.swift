import Foundation
import JSON
import Numerics
import Recommenders
import Testing

@Suite struct RatingModelTests {
    /// Synthetic ratings: two hidden tastes of forty people and sixty items, with a little noise.
    static func pairs(seed: UInt64) -> [RatedPair] {
        var random = SeededGenerator(seed: seed)
        func tastes(_ count: Int) -> [(Double, Double)] {
            (0..<count).map { _ in (2 * random.unit() - 1, 2 * random.unit() - 1) }
        }
        let (users, items) = (tastes(40), tastes(60))
        return (0..<40 * 60).compactMap { place in
            let (user, item) = (place / 60, place % 60)
            guard random.unit() < 0.6 else { return nil }
            let product = users[user].0 * items[item].0 + users[user].1 * items[item].1
            return RatedPair(
                user: UInt32(user), item: UInt32(item), value: Float(3 + 1.5 * product + 0.1 * (random.unit() - 0.5)))
        }
    }

    private func error(_ pairs: [RatedPair], _ predict: (RatedPair) -> Double) -> Double {
        (pairs.reduce(0) { $0 + (Double($1.value) - predict($1)) * (Double($1.value) - predict($1)) }
            / Double(pairs.count)).squareRoot()
    }

    /// Values in `golden_ratings.json` come from pandas through `golden_ratings.py`, which names the versions.
    @Test func `biases are the damped means of the formula`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_ratings.json")
        let golden = try JSONValue(parsing: try Data(contentsOf: file))
        let tolerance = try #require(golden["tolerance"]?.doubleValue)
        let cases = try #require(golden["cases"]?.arrayValue)
        #expect(cases.count == 5)
        for one in cases {
            let pairs = (one["ratings"]?.arrayValue ?? []).compactMap { row -> RatedPair? in
                let numbers = (row.arrayValue ?? []).compactMap(\.doubleValue)
                guard numbers.count == 3 else { return nil }
                return RatedPair(user: UInt32(numbers[0]), item: UInt32(numbers[1]), value: Float(numbers[2]))
            }
            let biases = RatingBiases(
                pairs, userCount: Int(try #require(one["users"]?.integerValue)),
                itemCount: Int(try #require(one["items"]?.integerValue)))
            let users = (one["user_biases"]?.arrayValue ?? []).compactMap(\.doubleValue)
            let items = (one["item_biases"]?.arrayValue ?? []).compactMap(\.doubleValue)
            #expect(abs(biases.mean - (try #require(one["mean"]?.doubleValue))) < tolerance)
            #expect(users.count == biases.users.count && items.count == biases.items.count)
            #expect(zip(users, biases.users).allSatisfy { abs($0 - $1) < tolerance })
            #expect(zip(items, biases.items).allSatisfy { abs($0 - $1) < tolerance })
        }
    }

    @Test func `factors find tastes that biases cannot`() {
        var random = SeededGenerator(seed: 3)
        let all = Self.pairs(seed: 8).shuffled(using: &random)
        let (asked, known) = (Array(all.prefix(all.count / 5)), Array(all.dropFirst(all.count / 5)))
        let choice = RatingFactorModel.choose(known, userCount: 40, itemCount: 60, seed: 1)
        let model = RatingFactorModel.train(known, userCount: 40, itemCount: 60, parameters: choice.parameters)
        let biases = RatingBiases(known, userCount: 40, itemCount: 60)
        let plain = error(asked) { biases.prediction(user: $0.user, item: $0.item) }
        let own = error(asked) { model.prediction(user: $0.user, item: $0.item) }
        #expect(own < 0.6 * plain)
        #expect(choice.error.map { $0 < 0.6 * plain } == true)
    }

    @Test func `a seed gives the same predictions, and another seed others`() {
        let pairs = Self.pairs(seed: 2)
        var parameters = RatingFactorModel.Parameters()
        parameters.epochs = 3
        func predictions() -> [Double] {
            let model = RatingFactorModel.train(pairs, userCount: 40, itemCount: 60, parameters: parameters)
            return (0..<60).map { model.prediction(user: 1, item: $0) }
        }
        let first = predictions()
        #expect(first == predictions() && first.allSatisfy(\.isFinite))
        parameters.seed = 2
        #expect(first != predictions())
    }

    @Test func `strangers get what biases say, and one rating is enough to train on`() {
        let pairs = [RatedPair(user: 0, item: 0, value: 4)]
        let choice = RatingFactorModel.choose(pairs, userCount: 2, itemCount: 3, seed: 1)
        #expect(choice.error == nil)
        let model = RatingFactorModel.train(pairs, userCount: 2, itemCount: 3, parameters: choice.parameters)
        #expect(model.prediction(user: 1, item: 2) == 4 && abs(model.prediction(user: 0, item: 0) - 4) < 0.1)
    }
}
