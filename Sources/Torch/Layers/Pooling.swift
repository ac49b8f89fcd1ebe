/// Makes pictures `[batch, channels, height, width]` smaller.
public enum Pooling: Layer {
    /// The largest of each square of this size.
    case maximum(size: Int)
    /// The mean over height and width, which leaves `[batch, channels]`.
    case mean

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        switch self {
        case .maximum(let size): try input.maxPooled(size: size)
        case .mean: try input.mean(axes: [2, 3])
        }
    }
}
