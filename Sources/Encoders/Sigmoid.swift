import Foundation

/// The logistic function, 1 / (1 + e⁻ˣ).
enum Sigmoid {
    static func of(_ value: Float) -> Float { 1 / (1 + exp(-value)) }
}
