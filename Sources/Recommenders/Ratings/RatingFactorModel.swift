import Numerics

/// Matrix factorisation of ratings with biases: r = μ + b_u + b_i + p_u · q_i (Koren, Bell and Volinsky, Computer 2009, eq. 4).
///
/// Minimises Σ (r - r̂)² + λ (b_u² + b_i² + |p_u|² + |q_i|²) by stochastic gradient in a random order, at a rate that falls by two
/// hundredths an epoch. Biases start at `RatingBiases`, factors at small random numbers; one thread, so a seed gives the same bits.
public struct RatingFactorModel: Sendable {
    public struct Parameters: Hashable, Sendable {
        public var factors = 32
        public var learningRate = 0.02
        public var decay = 0.98
        public var regularisation = 0.05
        public var epochs = 20
        public var seed: UInt64 = 1
        public init() {}
    }

    /// Which parameters did best on a tenth of the ratings that was kept back, and how well.
    public struct Choice: Hashable, Sendable {
        public var parameters: Parameters
        /// Root mean squared error of what was kept back; `nil` if there was too little to keep any.
        public var error: Double?
    }

    private static let regularisations = [0.02, 0.05, 0.1, 0.2]
    private static let mostEpochs = 80
    /// Epochs without a gain after which no further one is tried.
    private static let patience = 10

    private let mean: Double
    private var (userBiases, itemBiases): ([Double], [Double])
    /// Shape `[users, factors]` and `[items, factors]`.
    private var (users, items): ([Double], [Double])
    private let factors: Int

    /// Trains on at least one rating; users and items lie below their counts.
    ///
    /// - Complexity: O(epochs · ratings · factors).
    public static func train(
        _ pairs: [RatedPair], userCount: Int, itemCount: Int, parameters: Parameters
    ) -> RatingFactorModel {
        var model = RatingFactorModel(pairs, userCount: userCount, itemCount: itemCount, parameters: parameters)
        model.run(pairs, parameters) { _, _ in true }
        return model
    }

    /// Chooses regularisation and epochs on every tenth rating of a random order, from the others alone.
    public static func choose(
        _ pairs: [RatedPair], userCount: Int, itemCount: Int, seed: UInt64, progress: (Int, Int) -> Void = { _, _ in }
    ) -> Choice {
        var parameters = Parameters()
        parameters.seed = seed
        guard pairs.count >= 20 else { return Choice(parameters: parameters) }
        var random = SeededGenerator(seed: seed)
        let shuffled = pairs.shuffled(using: &random)
        let kept = Array(shuffled.prefix(pairs.count / 10))
        let known = Array(shuffled.dropFirst(kept.count))
        var best = Choice(parameters: parameters)
        for (place, regularisation) in regularisations.enumerated() {
            progress(place, regularisations.count)
            var own = parameters
            (own.regularisation, own.epochs) = (regularisation, mostEpochs)
            var model = RatingFactorModel(known, userCount: userCount, itemCount: itemCount, parameters: own)
            var (least, leastEpoch) = (Double.infinity, 0)
            model.run(known, own) { epoch, model in
                let error = model.error(of: kept)
                if error < least { (least, leastEpoch) = (error, epoch) }
                return epoch - leastEpoch < patience
            }
            if least < best.error ?? .infinity {
                own.epochs = leastEpoch
                best = Choice(parameters: own, error: least)
            }
        }
        return best
    }

    private init(_ pairs: [RatedPair], userCount: Int, itemCount: Int, parameters: Parameters) {
        let biases = RatingBiases(pairs, userCount: userCount, itemCount: itemCount)
        (mean, userBiases, itemBiases) = (biases.mean, biases.users, biases.items)
        factors = parameters.factors
        var random = SeededGenerator(seed: parameters.seed)
        users = (0..<userCount * factors).map { _ in 0.4 * (random.unit() - 0.5) }
        items = (0..<itemCount * factors).map { _ in 0.4 * (random.unit() - 0.5) }
        // What has no ratings has no tastes.
        for (user, isKnown) in Self.known(pairs.map(\.user), count: userCount).enumerated() where !isKnown {
            for place in 0..<factors { users[user * factors + place] = 0 }
        }
        for (item, isKnown) in Self.known(pairs.map(\.item), count: itemCount).enumerated() where !isKnown {
            for place in 0..<factors { items[item * factors + place] = 0 }
        }
    }

    private static func known(_ numbers: [UInt32], count: Int) -> [Bool] {
        var known = [Bool](repeating: false, count: count)
        for number in numbers { known[Int(number)] = true }
        return known
    }

    /// - Parameter goesOn: Asked after each epoch, counted from 1.
    private mutating func run(
        _ pairs: [RatedPair], _ parameters: Parameters, goesOn: (Int, RatingFactorModel) -> Bool
    ) {
        var random = SeededGenerator(seed: parameters.seed &+ 1)
        var order = Array(pairs.indices)
        var rate = parameters.learningRate
        for epoch in 1...max(1, parameters.epochs) where parameters.epochs > 0 {
            order.shuffle(using: &random)
            for place in order { step(pairs[place], rate, parameters.regularisation) }
            rate *= parameters.decay
            guard goesOn(epoch, self) else { return }
        }
    }

    private mutating func step(_ pair: RatedPair, _ rate: Double, _ regularisation: Double) {
        let (user, item) = (Int(pair.user), Int(pair.item))
        let error = Double(pair.value) - prediction(user: pair.user, item: pair.item)
        userBiases[user] += rate * (error - regularisation * userBiases[user])
        itemBiases[item] += rate * (error - regularisation * itemBiases[item])
        let (first, second) = (user * factors, item * factors)
        for place in 0..<factors {
            let (p, q) = (users[first + place], items[second + place])
            users[first + place] = p + rate * (error * q - regularisation * p)
            items[second + place] = q + rate * (error * p - regularisation * q)
        }
    }

    /// The rating that is expected; the biases' where one of the two has no ratings.
    public func prediction(user: UInt32, item: UInt32) -> Double {
        let (first, second) = (Int(user) * factors, Int(item) * factors)
        var sum = mean + userBiases[Int(user)] + itemBiases[Int(item)]
        for place in 0..<factors { sum += users[first + place] * items[second + place] }
        return sum
    }

    private func error(of pairs: [RatedPair]) -> Double {
        let squares = pairs.reduce(0.0) {
            let error = Double($1.value) - prediction(user: $1.user, item: $1.item)
            return $0 + error * error
        }
        return (squares / Double(pairs.count)).squareRoot()
    }
}
