import Foundation

/// The natural logarithm.
func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// e to the power of `value`.
func exponential(_ value: Double) -> Double { exp(value) }

extension Float {
    /// ln(1 + x), by way of `Double`, so that every platform rounds alike.
    static func log1p(_ value: Float) -> Float { Float(naturalLogarithm(1 + Double(value))) }
}
