internal import Numerics

/// How a parameter changes by its gradient.
public protocol UpdateRule: Sendable {
    /// Names of the tensors, shaped like the parameter and zero at first, that the rule keeps for each parameter.
    var slots: [String] { get }
    /// Changes `parameter` in place; `step` counts from 1.
    func update(
        _ parameter: Tensor, by gradient: Tensor, slots: [Tensor], step: Int, rate: Double, isPenalised: Bool
    ) throws(TorchError)
}

/// Gradient descent, with momentum if it is not zero: `v ← m·v + g`, `w ← w − η·v` (Polyak, 1964).
public struct GradientDescent: UpdateRule {
    public let momentum: Double
    public init(momentum: Double = 0) { self.momentum = momentum }
    public var slots: [String] { momentum == 0 ? [] : ["velocity"] }

    public func update(
        _ parameter: Tensor, by gradient: Tensor, slots: [Tensor], step: Int, rate: Double, isPenalised: Bool
    ) throws(TorchError) {
        guard let velocity = slots.first else { return try parameter.add(gradient, factor: -rate) }
        try velocity.scale(by: momentum)
        try velocity.add(gradient)
        try parameter.add(velocity, factor: -rate)
    }
}

/// RMSprop: `s ← a·s + (1 − a)·g²`, `w ← w − η·g / (√s + ε)` (Tieleman and Hinton, 2012).
public struct RMSProp: UpdateRule {
    public let decay: Double
    public let epsilon: Double
    public init(decay: Double = 0.99, epsilon: Double = 1e-8) { (self.decay, self.epsilon) = (decay, epsilon) }
    public var slots: [String] { ["square"] }

    public func update(
        _ parameter: Tensor, by gradient: Tensor, slots: [Tensor], step: Int, rate: Double, isPenalised: Bool
    ) throws(TorchError) {
        try slots[0].scale(by: decay)
        try slots[0].addProduct(gradient, gradient, factor: 1 - decay)
        try parameter.addQuotient(gradient, try slots[0].squareRoot() + epsilon, factor: -rate)
    }
}

/// Adam (Kingma and Ba, 2015), and with `weightDecay` AdamW, which shrinks weights apart from the gradient (Loshchilov
/// and Hutter, 2019).
public struct Adam: UpdateRule {
    public let beta1: Double
    public let beta2: Double
    public let epsilon: Double
    public let weightDecay: Double

    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
        (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    }

    public var slots: [String] { ["mean", "square"] }

    public func update(
        _ parameter: Tensor, by gradient: Tensor, slots: [Tensor], step: Int, rate: Double, isPenalised: Bool
    ) throws(TorchError) {
        let (mean, square) = (slots[0], slots[1])
        let (first, second) = (1 - power(beta1, step), 1 - power(beta2, step))
        let whole = TrainingKernels.AdamStep(
            beta1: Float(beta1), beta2: Float(beta2), epsilon: Float(epsilon), rate: Float(rate / first),
            rootScale: Float(1 / second.squareRoot()),
            shrinkage: weightDecay > 0 && isPenalised ? Float(1 - rate * weightDecay) : 1)
        if try inOnePass(parameter, mean, square, gradient, whole) { return }
        if weightDecay > 0, isPenalised { try parameter.scale(by: 1 - rate * weightDecay) }
        try mean.scale(by: beta1)
        try mean.add(gradient, factor: 1 - beta1)
        try square.scale(by: beta2)
        try square.addProduct(gradient, gradient, factor: 1 - beta2)
        let root = try (try square.squareRoot()) * (1 / second.squareRoot()) + epsilon
        try parameter.addQuotient(mean, root, factor: -rate / first)
    }

    /// Whether the numbers lie so that memory is passed over once instead of ten times.
    private func inOnePass(
        _ parameter: Tensor, _ mean: Tensor, _ square: Tensor, _ gradient: Tensor, _ step: TrainingKernels.AdamStep
    ) throws(TorchError) -> Bool {
        guard [parameter, mean, square, gradient].allSatisfy(\.isPlainFloats) else { return false }
        parameter.withPlainFloats { weights in
            mean.withPlainFloats { means in
                square.withPlainFloats { squares in
                    gradient.withPlainFloats { gradients in
                        TrainingKernels.adam(
                            &weights, means: &means, squares: &squares, gradients: gradients.span, step: step)
                    }
                }
            }
        }
        return true
    }

    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, base, exponent) = (1.0, base, exponent)
        while exponent > 0 {
            if exponent & 1 == 1 { result *= base }
            base *= base
            exponent >>= 1
        }
        return result
    }
}
