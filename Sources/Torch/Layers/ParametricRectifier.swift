/// x where it is positive, else α·x, with an α of its own for each number of the last axis (PReLU: He et al., ICCV 2015).
public struct ParametricRectifier: Layer {
    let slope: Tensor

    public init(_ parameters: Parameters, _ name: String, width: Int) throws(TorchError) {
        slope = try parameters.vector(name + ".weight", count: width, value: 0.25)
    }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try (try input.relu()) - (try slope * (try (-input).relu()))
    }
}
