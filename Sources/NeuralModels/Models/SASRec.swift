public import Torch

/// Self-attention over what a person had (SASRec: Kang and McAuley, ICDM 2018), with the loss of later work.
///
/// hidden₀ = item + position, dropped out; blocks of causal attention and a perceptron, normalisation first; a last
/// normalisation; score of an item = cosine(hidden, item) / temperature, with the same vectors as at the input, or their plain
/// product. Differences from the paper: GELU and a
/// wider perceptron instead of ReLU, and positions count from the beginning of a history, so that the state after *k* items
/// is the same in training and in use, and padding needs no mask.
public final class SASRec: SequenceNetwork {
    public static let name = "sasrec"

    public struct Shape: Sendable, Hashable {
        /// Of vectors.
        public var width: Int
        public var blocks: Int
        public var heads: Int
        /// Width of the perceptron inside a block.
        public var inner: Int
        /// The longest history; of longer ones only the end is used.
        public var length: Int
        /// A score is the cosine divided by this; 0 for plain products.
        public var temperature: Double

        public init(
            width: Int = 64, blocks: Int = 2, heads: Int = 2, inner: Int = 256, length: Int = 50,
            temperature: Double = 0.07
        ) {
            (self.width, self.blocks, self.heads, self.inner, self.length) = (width, blocks, heads, inner, length)
            self.temperature = temperature
        }
    }

    public let shape: Shape
    public let parameters: Parameters
    private let items: ItemVectors
    private let positions: Tensor
    private let network: Network

    /// - Parameter inputDropout: Of the sum of item and position.
    /// - Parameter dropout: Of attention's weights and of what each layer adds.
    public init(
        itemCount: Int, shape: Shape, inputDropout: Double, dropout: Double, seed: UInt64, device: Device = .cpu
    ) throws(TorchError) {
        self.shape = shape
        parameters = try Parameters(seed: seed, device: device)
        items = try ItemVectors(parameters, count: itemCount, width: shape.width, temperature: shape.temperature)
        positions = try parameters.weight("positions", shape: [shape.length, shape.width], .normal(deviation: 0.02))
        var layers: [(name: String, layer: any Layer)] = [("input", Dropout(parameters, rate: inputDropout))]
        for number in 0..<shape.blocks {
            let name = "blocks.\(number)"
            let block = try TransformerBlock(
                parameters, name, width: shape.width, heads: shape.heads, inner: shape.inner, dropout: dropout)
            layers.append((name, block))
        }
        layers.append(("norm", try LayerNormalisation(parameters, "norm", width: shape.width)))
        network = Network(layers)
    }

    public func states(after items: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try self.items.scaled(try network(try embedded(items), isTraining: isTraining))
    }

    public func outputs(of numbers: Tensor?) throws(TorchError) -> Tensor { try items.outputs(of: numbers) }

    public func firstNotFinite(after items: Tensor) throws(TorchError) -> String? {
        try network.firstNotFinite(try embedded(items))
    }

    private func embedded(_ numbers: Tensor) throws(TorchError) -> Tensor {
        let shape = numbers.shape
        guard shape.count == 2, shape[1] <= self.shape.length else {
            throw TorchError(
                operation: "embedding items", shapes: [shape],
                reason: "the item numbers are not [batch, length] with a length of at most \(self.shape.length)")
        }
        return try (try items.inputs(of: numbers)) + (try positions.slice(axis: 0, 0..<shape[1]))
    }
}
