/// Element-wise functions of a transformer, eight values at a time.
enum Activations {
    typealias Lanes = SIMD8<Float>

    /// Gaussian error linear units, `x · Φ(x)`, in place (Hendrycks and Gimpel, 2016).
    ///
    /// The error function is Abramowitz and Stegun's 7.1.26 (1964), wrong by at most 1.5e-7.
    static func gelu(_ values: inout [Float], count: Int) {
        var span = values.mutableSpan
        var place = 0
        while place < count {
            var lanes = Lanes.zero
            let width = min(8, count - place)
            for lane in 0..<width { lanes[lane] = span[place + lane] }
            let result = gelu(lanes)
            for lane in 0..<width { span[place + lane] = result[lane] }
            place += 8
        }
    }

    @inline(__always) static func gelu(_ x: Lanes) -> Lanes {
        let scaled = x * 0.707_106_77
        let magnitude = scaled.replacing(with: -scaled, where: scaled .< 0)
        let t = 1 / (1 + 0.327_591_1 * magnitude)
        var series = t * 1.061_405_429 - 1.453_152_027
        series = series * t + 1.421_413_741
        series = series * t - 0.284_496_736
        series = series * t + 0.254_829_592
        let erf = 1 - series * t * exponential(-magnitude * magnitude)
        return 0.5 * x * (1 + erf.replacing(with: -erf, where: x .< 0))
    }

    /// `eˣ` for values of at most zero, relative error below 2e-7: powers of two and a polynomial (Cephes, Moshier, 1989).
    @inline(__always) static func exponential(_ x: Lanes) -> Lanes {
        let bounded = x.replacing(with: -87, where: x .< -87)
        let power = (bounded * 1.442_695_04).rounded(.toNearestOrEven)
        let rest = bounded - power * 0.693_359_375 + power * 2.121_944_4e-4
        var series = rest * 1.987_569_15e-4 + 1.398_199_95e-3
        series = series * rest + 8.333_451_9e-3
        series = series * rest + 4.166_579_6e-2
        series = series * rest + 1.666_666_55e-1
        series = series * rest + 5.000_000_1e-1
        let mantissa = series * rest * rest + rest + 1
        let exponent = (SIMD8<Int32>(power) &+ 127) &<< 23
        return mantissa * Lanes(lanes: exponent)
    }

    /// Turns each row into weights that sum to one.
    static func softmax(_ values: inout [Float], from start: Int, count: Int) {
        var highest = -Float.infinity
        for place in start..<start + count { highest = max(highest, values[place]) }
        var sum: Float = 0
        var place = 0
        while place < count {
            var lanes = Lanes(repeating: -87)
            let width = min(8, count - place)
            for lane in 0..<width { lanes[lane] = values[start + place + lane] - highest }
            let result = exponential(lanes)
            for lane in 0..<width {
                values[start + place + lane] = result[lane]
                sum += result[lane]
            }
            place += 8
        }
        for place in start..<start + count { values[place] /= sum }
    }
}

extension SIMD8<Float> {
    /// The floats with these bits.
    @inline(__always) fileprivate init(lanes bits: SIMD8<Int32>) {
        self = unsafe unsafeBitCast(bits, to: SIMD8<Float>.self)
    }
}

/// Layer normalisation: zero mean and unit variance, scaled and shifted (Ba, Kiros and Hinton, 2016).
struct LayerNorm: Sendable {
    let weight: [Float]
    let bias: [Float]
    let epsilon: Float

    /// Writes `rows` of `values`, normalised, to the beginning of `target`, shape `[rows, weight.count]`.
    func apply(_ values: [Float], rows: Int, into target: inout [Float]) {
        let width = weight.count
        let (source, weight, bias) = (values.span, weight.span, bias.span)
        var target = target.mutableSpan
        for row in 0..<rows {
            let start = row * width
            var sum: Float = 0
            for column in 0..<width { sum += source[start + column] }
            let mean = sum / Float(width)
            var squares: Float = 0
            for column in 0..<width {
                let value = source[start + column] - mean
                squares += value * value
            }
            let factor = 1 / (squares / Float(width) + epsilon).squareRoot()
            for column in 0..<width {
                target[start + column] = (source[start + column] - mean) * factor * weight[column] + bias[column]
            }
        }
    }

    /// Normalises `rows` of `values + residual` in place, shape `[rows, weight.count]`.
    func apply(_ values: inout [Float], adding residual: [Float], rows: Int) {
        let width = weight.count
        var target = values.mutableSpan
        let (residual, weight, bias) = (residual.span, weight.span, bias.span)
        for row in 0..<rows {
            let start = row * width
            var sum: Float = 0
            for column in 0..<width {
                let value = target[start + column] + residual[start + column]
                target[start + column] = value
                sum += value
            }
            let mean = sum / Float(width)
            var squares: Float = 0
            for column in 0..<width {
                let value = target[start + column] - mean
                squares += value * value
            }
            let factor = 1 / (squares / Float(width) + epsilon).squareRoot()
            for column in 0..<width {
                target[start + column] = (target[start + column] - mean) * factor * weight[column] + bias[column]
            }
        }
    }
}
