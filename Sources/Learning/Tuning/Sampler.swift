import Foundation
import Numerics

/// How the next parameters are chosen; places lie in the unit cube.
public enum SearchMethod: String, Sendable, CaseIterable {
    /// Uniformly (Bergstra and Bengio, JMLR 2012).
    case random
    /// By trees of Parzen estimators (Bergstra et al., NIPS 2011).
    case tpe
    /// Random, but only the best third of each rung is measured on three times as many users (Jamieson and Talwalkar,
    /// AISTATS 2016).
    case halving
}

/// Draws places of the unit cube; what it draws depends on the seed, the number of the trial, and earlier trials alone.
struct Sampler {
    private static let startTrials = 8
    private static let goodShare = 0.25
    private static let candidateCount = 32

    let method: SearchMethod
    /// By coordinate: into how many equal parts it falls, if it is a choice of so many.
    let choices: [Int?]
    let seed: UInt64

    private var dimensions: Int { choices.count }

    /// - Parameter earlier: Places with their values, larger is better.
    func next(_ number: Int, after earlier: [(place: [Double], value: Double)]) -> [Double] {
        var random = SeededGenerator(seed: seed &+ UInt64(number) &* 0x9E37_79B9_7F4A_7C15)
        guard method == .tpe, earlier.count >= Self.startTrials else { return uniform(&random) }
        let sorted = earlier.sorted { $0.value > $1.value }
        let border = max(2, Int((Double(sorted.count) * Self.goodShare).rounded(.up)))
        let (good, bad) = (sorted.prefix(border).map(\.place), sorted.dropFirst(border).map(\.place))
        guard !bad.isEmpty else { return uniform(&random) }
        // Each coordinate alone, as in the paper: the value that is likely among the good and unlikely among the bad.
        return (0..<dimensions).map { dimension in
            let (likes, dislikes) = (good.map { $0[dimension] }, bad.map { $0[dimension] })
            guard let count = choices[dimension] else { return Self.best(Parzen(likes), Parzen(dislikes), &random) }
            return Self.best(Frequencies(likes, count), Frequencies(dislikes, count), &random)
        }
    }

    private static func best<Estimate: Density>(
        _ likes: Estimate, _ dislikes: Estimate, _ random: inout SeededGenerator
    ) -> Double {
        let draws = (0..<candidateCount).map { _ in likes.draw(&random) }
        let ratios = draws.map { log(likes.density($0)) - log(dislikes.density($0)) }
        return zip(draws, ratios).max { $0.1 < $1.1 }?.0 ?? 0.5
    }

    private func uniform(_ random: inout SeededGenerator) -> [Double] { (0..<dimensions).map { _ in random.unit() } }
}

/// Where on the unit interval points lie.
private protocol Density {
    func density(_ x: Double) -> Double
    func draw(_ random: inout SeededGenerator) -> Double
}

/// How often each of equal parts of the unit interval was hit, with one more hit for all of them together.
private struct Frequencies: Density {
    private let shares: [Double]

    init(_ points: [Double], _ count: Int) {
        var hits = [Double](repeating: 1 / Double(count), count: count)
        for point in points { hits[min(count - 1, Int(point * Double(count)))] += 1 }
        shares = hits.map { $0 / Double(points.count + 1) }
    }

    func density(_ x: Double) -> Double { shares[min(shares.count - 1, Int(x * Double(shares.count)))] }

    func draw(_ random: inout SeededGenerator) -> Double {
        var rest = random.unit()
        let part = shares.indices.first { part in
            rest -= shares[part]
            return rest < 0
        }
        return (Double(part ?? shares.count - 1) + 0.5) / Double(shares.count)
    }
}

/// A mixture of normal densities around points of the unit interval, and one uniform density.
private struct Parzen: Density {
    private let points: [Double]
    private let width: Double

    init(_ points: [Double]) {
        self.points = points
        let mean = points.reduce(0, +) / Double(points.count)
        let variance = points.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(points.count)
        // Scott's rule, never narrower than what so few points can say.
        width = max(0.05, 1.06 * variance.squareRoot() * pow(Double(points.count), -0.2))
    }

    func density(_ x: Double) -> Double {
        let kernels = points.reduce(0.0) { $0 + exp(-0.5 * pow((x - $1) / width, 2)) / (width * 2.5066) }
        return (1 + kernels) / Double(points.count + 1)
    }

    func draw(_ random: inout SeededGenerator) -> Double {
        let choice = Int(random.unit() * Double(points.count + 1))
        guard choice < points.count else { return random.unit() }
        // Box and Muller.
        let normal = (-2 * log(max(1e-12, random.unit()))).squareRoot() * cos(2 * .pi * random.unit())
        return min(1, max(0, points[choice] + width * normal))
    }
}
