public import Torch

/// A network that turns what a person had into a vector whose products with the items' vectors are their scores.
public protocol SequenceNetwork: AnyObject {
    var kind: SequenceKind { get }
    var shape: SequenceShape { get }
    var parameters: Parameters { get }
    /// The numbers that it reads.
    var vocabulary: SequenceVocabulary { get }
    /// What was seen up to each place, or of a cloze network at all places, shape `[batch, length, width]`, of item numbers `[batch, length]`.
    func states(after items: Tensor, isTraining: Bool) throws(TorchError) -> Tensor
    /// The vectors whose products with states are scores, of these items, shape `[count]`, or of all: shape `[count, width]`.
    func outputs(of items: Tensor?, isTraining: Bool) throws(TorchError) -> Tensor
    /// The same of `numbers`, and the outputs of lists of items, in training: one look into the table serves all.
    func statesAndOutputs(after numbers: Tensor, of lists: [Tensor]) throws(TorchError) -> (
        states: Tensor, outputs: [Tensor]
    )
    /// The first layer whose output is not finite, in training.
    func firstNotFinite(after items: Tensor) throws(TorchError) -> String?
    /// Its tensors by name, as inference reads them.
    func stored() throws(TorchError) -> [(name: String, tensor: Tensor)]
}

extension SequenceNetwork {
    public func statesAndOutputs(
        after numbers: Tensor, of lists: [Tensor]
    ) throws(TorchError) -> (states: Tensor, outputs: [Tensor]) {
        var outputs: [Tensor] = []
        for list in lists { outputs.append(try self.outputs(of: list, isTraining: true)) }
        return (try states(after: numbers, isTraining: true), outputs)
    }

    /// The vectors of items in use.
    public func outputs(of items: Tensor?) throws(TorchError) -> Tensor { try outputs(of: items, isTraining: false) }

    /// What it reads to tell, at the last place, what follows a history.
    func question(after history: [Int32]) -> [Int32] {
        guard kind.isCloze, let mask = vocabulary.mask else { return history.suffix(shape.length) }
        return history.suffix(shape.length - 1) + [mask]
    }
}
