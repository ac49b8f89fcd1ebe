import Foundation

/// Brings samples down to a lower rate.
enum Resampling {
    /// Samples of the lower rate to either side that a sample is made from.
    private static let reach = 16

    /// The sound at a lower rate, without what that cannot hold: a sinc filter under a Hann window, whose weights sum to one.
    ///
    /// - Complexity: O(samples · 32), and a table of weights for each place between two samples that occurs.
    static func lowered(_ samples: [Int16], from rate: Int, to lower: Int) -> [Int16] {
        precondition(rate > 0 && lower > 0 && lower <= rate)
        let step = Double(rate) / Double(lower)
        let width = Int((Double(reach) * step).rounded(.up))
        var filters: [Int: [Double]] = [:]
        return (0..<samples.count * lower / rate).map { index in
            let (whole, rest) = (index * rate).quotientAndRemainder(dividingBy: lower)
            let filter = filters[rest] ?? self.filter(width, step: step, offset: Double(rest) / Double(lower))
            filters[rest] = filter
            var (sum, weights) = (0.0, 0.0)
            for place in max(0, whole - width)...min(samples.count - 1, whole + width) {
                let weight = filter[place - whole + width]
                sum += weight * Double(samples[place])
                weights += weight
            }
            return Int16(max(-32_768, min(32_767, (sum / weights).rounded())))
        }
    }

    /// Weights of the samples `-width...width` around one, for a sound `offset` samples behind it.
    private static func filter(_ width: Int, step: Double, offset: Double) -> [Double] {
        (-width...width).map { place in
            let distance = (Double(place) - offset) / step
            guard abs(distance) < Double(reach) else { return 0 }
            return sinc(distance) * (0.5 + 0.5 * cos(.pi * distance / Double(reach)))
        }
    }

    private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }
}
