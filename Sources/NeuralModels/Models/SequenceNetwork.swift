public import Torch

/// A network that turns what a person had into a vector whose products with the items' vectors are their scores.
public protocol SequenceNetwork: AnyObject {
    var kind: SequenceKind { get }
    var shape: SequenceShape { get }
    var parameters: Parameters { get }
    /// What was seen up to each place, shape `[batch, length, width]`, of item numbers `[batch, length]`.
    func states(after items: Tensor, isTraining: Bool) throws(TorchError) -> Tensor
    /// The vectors whose products with states are scores, of these items, shape `[count]`, or of all: shape `[count, width]`.
    func outputs(of items: Tensor?) throws(TorchError) -> Tensor
    /// The first layer whose output is not finite, in training.
    func firstNotFinite(after items: Tensor) throws(TorchError) -> String?
}
