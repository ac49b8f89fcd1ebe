/// A decoder's block (Vaswani et al., 2017, figure 1; normalisation first as in Xiong et al., ICML 2020): what a place sees of its
/// own sequence, then what it sees of the memory, then a perceptron, each added to its input:
/// `x ← x + attention(norm(x))`, `x ← x + cross(norm(x), memory)`, `x ← x + outer(gelu(inner(norm(x))))`.
public struct DecoderBlock {
    let attentionNorm: LayerNormalisation
    let attention: SelfAttention
    let crossNorm: LayerNormalisation
    let cross: CrossAttention
    let innerNorm: LayerNormalisation
    let inner: Linear
    let outer: Linear
    let dropout: Dropout

    /// - Parameter inner: Width of the perceptron's hidden layer.
    /// - Parameter dropout: Of what each part adds, and of the weights of both attentions.
    public init(
        _ parameters: Parameters, _ name: String, width: Int, heads: Int, inner innerWidth: Int, dropout: Double
    ) throws(TorchError) {
        attentionNorm = try LayerNormalisation(parameters, name + ".attention.norm", width: width)
        attention = try SelfAttention(parameters, name + ".attention", width: width, heads: heads, dropout: dropout)
        crossNorm = try LayerNormalisation(parameters, name + ".cross.norm", width: width)
        cross = try CrossAttention(parameters, name + ".cross", width: width, heads: heads, dropout: dropout)
        innerNorm = try LayerNormalisation(parameters, name + ".perceptron.norm", width: width)
        inner = try Linear(parameters, name + ".perceptron.inner", inputs: width, outputs: innerWidth)
        outer = try Linear(parameters, name + ".perceptron.outer", inputs: innerWidth, outputs: width)
        self.dropout = Dropout(parameters, rate: dropout)
    }

    /// - Parameters:
    ///   - input: Shape `[batch, length, width]`, and so is the result.
    ///   - mask: What a place may see of its own sequence, as `SelfAttention` takes it.
    ///   - memory: Shape `[batch, places, width]`.
    ///   - memoryMask: As `CrossAttention` takes it.
    public func callAsFunction(
        _ input: Tensor, mask: AttentionMask, memory: Tensor, memoryMask: Tensor, isTraining: Bool
    ) throws(TorchError) -> Tensor {
        let seen = try attention(try attentionNorm(input, isTraining: isTraining), mask: mask, isTraining: isTraining)
        let first = try input + (try dropout(seen, isTraining: isTraining))
        let told = try cross(
            try crossNorm(first, isTraining: isTraining), over: memory, mask: memoryMask, isTraining: isTraining)
        let second = try first + (try dropout(told, isTraining: isTraining))
        let hidden = try inner(try innerNorm(second, isTraining: isTraining), isTraining: isTraining).gelu()
        return try second + (try dropout(try outer(hidden, isTraining: isTraining), isTraining: isTraining))
    }
}
