/// One step of a network from a batch to a batch.
public protocol Layer {
    /// - Parameter isTraining: Whether dropout drops and batch statistics are used.
    func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor
}
