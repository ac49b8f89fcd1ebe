import Foundation

/// A beta distribution: what is known of a rate after some successes and failures.
public struct BetaDistribution: Hashable, Sendable {
    /// Both greater than zero and finite.
    public let alpha: Double
    public let beta: Double

    /// - Precondition: Both parameters are greater than zero and finite.
    public init(alpha: Double, beta: Double) {
        precondition(alpha > 0 && beta > 0 && alpha.isFinite && beta.isFinite, "parameters lie above zero")
        (self.alpha, self.beta) = (alpha, beta)
    }

    public var mean: Double { alpha / (alpha + beta) }

    /// What is known after more trials; trials with more successes than there were count as all successful.
    public func updated(successes: Int, trials: Int) -> BetaDistribution {
        let won = Double(max(0, min(successes, trials)))
        return BetaDistribution(alpha: alpha + won, beta: beta + max(0, Double(trials)) - won)
    }

    /// A draw, as the ratio of gamma variates (Marsaglia and Tsang, ACM TOMS 2000).
    public func draw(_ random: inout some RandomNumberGenerator) -> Double {
        let (left, right) = (Self.gamma(alpha, &random), Self.gamma(beta, &random))
        return left + right > 0 ? left / (left + right) : mean
    }

    /// The chance of a value of at most `x`: the regularised incomplete beta function.
    ///
    /// By its continued fraction, evaluated with the method of Lentz (Press et al., *Numerical Recipes*, 2007, section 6.4).
    public func cumulative(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        let logFront =
            Self.logGamma(alpha + beta) - Self.logGamma(alpha) - Self.logGamma(beta) + alpha * log(x) + beta * log1p(-x)
        let value =
            x < (alpha + 1) / (alpha + beta + 2)
            ? exp(logFront) * Self.fraction(alpha, beta, x) / alpha
            : 1 - exp(logFront) * Self.fraction(beta, alpha, 1 - x) / beta
        return min(1, max(0, value))
    }

    /// The value below which a part of the distribution lies; by bisection, to within 1e-12.
    public func quantile(_ part: Double) -> Double {
        guard part > 0 else { return 0 }
        guard part < 1 else { return 1 }
        var (low, high) = (0.0, 1.0)
        while high - low > 1e-13 {
            let middle = (low + high) / 2
            if middle == low || middle == high { break }
            if cumulative(middle) < part { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The interval in the middle that holds a part of the distribution, such as .9.
    public func interval(_ part: Double) -> ClosedRange<Double> {
        let tail = (1 - min(1, max(0, part))) / 2
        let lower = quantile(tail)
        return lower...max(lower, quantile(1 - tail))
    }

    private static func logGamma(_ x: Double) -> Double {
        let (value, _): (Double, Int) = lgamma(x)
        return value
    }

    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
        var c = 1.0
        var d = 1 / away(1 - (a + b) * x / (a + 1))
        var result = d
        for step in 1...100_000 {
            let m = Double(step)
            let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
            d = 1 / away(1 + even * d)
            c = away(1 + even / c)
            result *= d * c
            let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
            d = 1 / away(1 + odd * d)
            c = away(1 + odd / c)
            result *= d * c
            if abs(d * c - 1) < 1e-15 { break }
        }
        return result
    }

    private static func gamma(_ shape: Double, _ random: inout some RandomNumberGenerator) -> Double {
        func unit() -> Double { (Double(random.next() >> 11) + 0.5) * 0x1p-53 }
        guard shape >= 1 else { return gamma(shape + 1, &random) * pow(unit(), 1 / shape) }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let normal = (-2 * log(unit())).squareRoot() * cos(2 * .pi * unit())
            let cube = 1 + c * normal
            guard cube > 0 else { continue }
            let v = cube * cube * cube
            if log(unit()) < 0.5 * normal * normal + d - d * v + d * log(v) { return d * v }
        }
    }
}
