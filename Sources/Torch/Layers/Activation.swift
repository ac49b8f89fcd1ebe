/// A function of each number, without parameters.
public enum Activation: Layer {
    case sigmoid, tanh, relu, gelu

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        switch self {
        case .sigmoid: try input.sigmoid()
        case .tanh: try input.tanh()
        case .relu: try input.relu()
        case .gelu: try input.gelu()
        }
    }
}
