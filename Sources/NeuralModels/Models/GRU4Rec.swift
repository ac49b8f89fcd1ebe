public import Torch

/// A recurrent network over what a person had (GRU4Rec: Hidasi, Karatzoglou, Baltrunas and Tikk, ICLR 2016), with the loss of later
/// work (Hidasi and Karatzoglou, CIKM 2018; Klenitskiy and Vasilev, RecSys 2023).
///
/// Item vectors, dropped out; layers of gated recurrent units; score of an item = cosine(state, item) / temperature with the same
/// vectors as at the input ("constrained embedding" of 2018), or their plain product. Differences from the papers: whole
/// histories instead of sessions side by side, and drawn items shared by a step instead of the other items of a batch.
public final class GRU4Rec: SequenceNetwork {
    public let kind = SequenceKind.gru4rec
    public let shape: SequenceShape
    public let parameters: Parameters
    private let items: ItemVectors
    private let network: Network

    /// - Parameter hidesItems: Whether it is to read hidden items.
    /// - Parameter content: What items are, if it is told.
    /// - Parameter inputDropout: Of the items' vectors.
    /// - Parameter dropout: Of what each layer hands on.
    public init(
        itemCount: Int, shape: SequenceShape, hidesItems: Bool = false, content: ItemContent? = nil,
        inputDropout: Double, dropout: Double,
        seed: UInt64, device: Device = .cpu
    ) throws(TorchError) {
        self.shape = shape
        parameters = try Parameters(seed: seed, device: device)
        items = try ItemVectors(
            parameters, count: itemCount, extra: hidesItems ? .mask : .none, content: content, width: shape.width,
            temperature: shape.temperature)
        var layers: [(name: String, layer: any Layer)] = [("input", Dropout(parameters, rate: inputDropout))]
        for number in 0..<shape.layers {
            let name = "layers.\(number)"
            layers.append((name, try GatedRecurrence(parameters, name, inputs: shape.width, width: shape.width)))
            layers.append((name + ".dropout", Dropout(parameters, rate: dropout)))
        }
        network = Network(layers)
    }

    public var vocabulary: SequenceVocabulary { items.vocabulary }

    public func states(after items: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try self.items.scaled(
            try network(try self.items.inputs(of: items, isTraining: isTraining), isTraining: isTraining))
    }

    public func outputs(of numbers: Tensor?, isTraining: Bool) throws(TorchError) -> Tensor {
        try items.outputs(of: numbers, isTraining: isTraining)
    }

    public func stored() throws(TorchError) -> [(name: String, tensor: Tensor)] {
        try items.stored(parameters, keepsMask: false)
    }

    public func firstNotFinite(after items: Tensor) throws(TorchError) -> String? {
        try network.firstNotFinite(try self.items.inputs(of: items, isTraining: true))
    }
}
