/// Layers one after the other, each with a name for messages.
public struct Network {
    public let layers: [(name: String, layer: any Layer)]
    public init(_ layers: [(name: String, layer: any Layer)]) { self.layers = layers }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        var value = input
        for (_, layer) in layers { value = try layer(value, isTraining: isTraining) }
        return value
    }

    /// What each layer gives, by its name.
    public func steps(_ input: Tensor, isTraining: Bool) throws(TorchError) -> [(name: String, value: Tensor)] {
        var value = input
        var result: [(name: String, value: Tensor)] = []
        for (name, layer) in layers {
            value = try layer(value, isTraining: isTraining)
            result.append((name, value))
        }
        return result
    }

    /// The first layer whose output is not finite, in training.
    public func firstNotFinite(_ input: Tensor) throws(TorchError) -> String? {
        var value = input
        for (name, layer) in layers {
            value = try layer(value, isTraining: true)
            if try !value.isFinite() { return name }
        }
        return nil
    }
}
