/// A block of a transformer: attention and what follows it.
public protocol AttentionBlock {
    /// - Parameters:
    ///   - input: Shape `[batch, length, width]`, and so is the result.
    ///   - mask: What a place may see, as `SelfAttention` takes it.
    func callAsFunction(_ input: Tensor, mask: AttentionMask, isTraining: Bool) throws(TorchError) -> Tensor
}

/// Attention and a perceptron of two layers, each beside its normalised input (Vaswani et al., 2017; normalisation first as
/// in Xiong et al., ICML 2020): `x ← x + attention(norm(x))`, `x ← x + outer(gelu(inner(norm(x))))`.
public struct TransformerBlock: AttentionBlock {
    let attentionNorm: LayerNormalisation
    let attention: SelfAttention
    let innerNorm: LayerNormalisation
    let inner: Linear
    let outer: Linear
    let dropout: Dropout

    /// - Parameter inner: Width of the perceptron's hidden layer.
    /// - Parameter dropout: Of what each part adds, and of the attention's weights.
    public init(
        _ parameters: Parameters, _ name: String, width: Int, heads: Int, inner innerWidth: Int, dropout: Double
    ) throws(TorchError) {
        attentionNorm = try LayerNormalisation(parameters, name + ".attention.norm", width: width)
        attention = try SelfAttention(parameters, name + ".attention", width: width, heads: heads, dropout: dropout)
        innerNorm = try LayerNormalisation(parameters, name + ".perceptron.norm", width: width)
        inner = try Linear(parameters, name + ".perceptron.inner", inputs: width, outputs: innerWidth)
        outer = try Linear(parameters, name + ".perceptron.outer", inputs: innerWidth, outputs: width)
        self.dropout = Dropout(parameters, rate: dropout)
    }

    public func callAsFunction(_ input: Tensor, mask: AttentionMask, isTraining: Bool) throws(TorchError) -> Tensor {
        let seen = try attention(try attentionNorm(input, isTraining: isTraining), mask: mask, isTraining: isTraining)
        let middle = try input + (try dropout(seen, isTraining: isTraining))
        let hidden = try inner(try innerNorm(middle, isTraining: isTraining), isTraining: isTraining).gelu()
        return try middle + (try dropout(try outer(hidden, isTraining: isTraining), isTraining: isTraining))
    }
}
