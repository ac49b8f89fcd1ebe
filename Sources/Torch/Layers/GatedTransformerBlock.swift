/// A transformer's block whose parts are let through by gates of their own (LiGR: Borisyuk et al., "From features to transformers",
/// 2025, with the perceptron of Shazeer, "GLU variants improve transformer", 2020):
/// `x ← x + σ(G₁x) ⊙ attention(norm(x))`, `x ← x + σ(G₂x) ⊙ outer(silu(a) ⊙ b)` with `[a, b] = inner(norm(x))`.
public struct GatedTransformerBlock: AttentionBlock {
    let attentionNorm: LayerNormalisation
    let attention: SelfAttention
    let attentionGate: Linear
    let innerNorm: LayerNormalisation
    let inner: Linear
    let outer: Linear
    let perceptronGate: Linear
    let innerWidth: Int
    let dropout: Dropout

    /// - Parameter inner: Width of the perceptron's hidden layer.
    /// - Parameter dropout: Of what each part adds, of the perceptron's hidden layer, and of the attention's weights.
    public init(
        _ parameters: Parameters, _ name: String, width: Int, heads: Int, inner innerWidth: Int, dropout: Double
    ) throws(TorchError) {
        attentionNorm = try LayerNormalisation(parameters, name + ".attention.norm", width: width)
        attention = try SelfAttention(parameters, name + ".attention", width: width, heads: heads, dropout: dropout)
        attentionGate = try Linear(parameters, name + ".attention.gate", inputs: width, outputs: width)
        innerNorm = try LayerNormalisation(parameters, name + ".perceptron.norm", width: width)
        // Both halves are one product, each with the first values of a layer of its own.
        inner = try Linear(
            parameters, name + ".perceptron.inner", inputs: width, outputs: 2 * innerWidth,
            initial: .glorot(inputs: width, outputs: innerWidth))
        outer = try Linear(parameters, name + ".perceptron.outer", inputs: innerWidth, outputs: width)
        perceptronGate = try Linear(parameters, name + ".perceptron.gate", inputs: width, outputs: width)
        (self.innerWidth, self.dropout) = (innerWidth, Dropout(parameters, rate: dropout))
    }

    public func callAsFunction(_ input: Tensor, mask: AttentionMask, isTraining: Bool) throws(TorchError) -> Tensor {
        let seen = try attention(try attentionNorm(input, isTraining: isTraining), mask: mask, isTraining: isTraining)
        let first = try attentionGate(input, isTraining: isTraining).sigmoid()
        let middle = try input + (try first * (try dropout(seen, isTraining: isTraining)))
        let both = try inner(try innerNorm(middle, isTraining: isTraining), isTraining: isTraining)
        let axis = both.shape.count - 1
        let hidden =
            try (try both.slice(axis: axis, 0..<innerWidth).silu())
            * (try both.slice(axis: axis, innerWidth..<2 * innerWidth))
        let given = try outer(try dropout(hidden, isTraining: isTraining), isTraining: isTraining)
        let second = try perceptronGate(middle, isTraining: isTraining).sigmoid()
        return try middle + (try second * (try dropout(given, isTraining: isTraining)))
    }
}
