internal import Glibc
internal import Numerics

/// Distributions of first values.
public enum Initial: Sendable {
    /// Uniform within ±√(6 / (inputs + outputs)): for sigmoid and tanh (Glorot and Bengio, 2010).
    case glorot(inputs: Int, outputs: Int)
    /// Normal with variance 2 / inputs: for rectifiers (He et al., 2015).
    case he(inputs: Int)
    /// Normal with this standard deviation.
    case normal(deviation: Double)

    func values(count: Int, using random: inout SeededGenerator) -> [Float] {
        switch self {
        case .glorot(let inputs, let outputs):
            let limit = (6 / Double(inputs + outputs)).squareRoot()
            return (0..<count).map { _ in Float((random.unit() * 2 - 1) * limit) }
        case .he(let inputs): return normal(count, (2 / Double(inputs)).squareRoot(), &random)
        case .normal(let deviation): return normal(count, deviation, &random)
        }
    }

    /// Box and Muller, 1958.
    private func normal(_ count: Int, _ deviation: Double, _ random: inout SeededGenerator) -> [Float] {
        (0..<count).map { _ in
            let radius = (-2 * log(1 - random.unit())).squareRoot()
            return Float(radius * cos(2 * .pi * random.unit()) * deviation)
        }
    }
}
