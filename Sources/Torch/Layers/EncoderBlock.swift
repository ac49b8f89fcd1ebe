/// A layer of BERT (Devlin et al., 2019): attention and a perceptron, each added to its input and normalised afterwards, with the
/// names of its tensors: `x ← norm(x + attention(x))`, `x ← norm(x + outer(gelu(inner(x))))`.
public struct EncoderBlock {
    let attention: EncoderAttention
    let attentionNorm: LayerNormalisation
    let inner: Linear
    let outer: Linear
    let outputNorm: LayerNormalisation
    let dropout: Dropout

    /// - Parameter inner: Width of the perceptron's hidden layer.
    /// - Parameter dropout: Of what each part adds.
    public init(
        _ parameters: Parameters, _ name: String, width: Int, heads: Int, inner innerWidth: Int, epsilon: Double,
        dropout: Double
    ) throws(TorchError) {
        attention = try EncoderAttention(parameters, name + ".attention", width: width, heads: heads)
        attentionNorm = try LayerNormalisation(
            parameters, name + ".attention.output.LayerNorm", width: width, epsilon: epsilon)
        inner = try Linear(parameters, name + ".intermediate.dense", inputs: width, outputs: innerWidth)
        outer = try Linear(parameters, name + ".output.dense", inputs: innerWidth, outputs: width)
        outputNorm = try LayerNormalisation(parameters, name + ".output.LayerNorm", width: width, epsilon: epsilon)
        self.dropout = Dropout(parameters, rate: dropout)
    }

    /// - Parameter input: Shape `[batch, length, width]`, and so is the result.
    /// - Parameter mask: As `EncoderAttention` takes it.
    public func callAsFunction(_ input: Tensor, mask: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        let seen = try dropout(try attention(input, mask: mask, isTraining: isTraining), isTraining: isTraining)
        let middle = try attentionNorm(try input + seen, isTraining: isTraining)
        let hidden = try inner(middle, isTraining: isTraining).gelu()
        let change = try dropout(try outer(hidden, isTraining: isTraining), isTraining: isTraining)
        return try outputNorm(try middle + change, isTraining: isTraining)
    }
}
