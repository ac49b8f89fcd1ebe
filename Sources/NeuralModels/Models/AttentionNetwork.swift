public import Torch

/// Self-attention over what a person had, with the loss of later work.
///
/// hidden₀ = item + position, dropped out; blocks of attention and a perceptron, normalisation first; a last normalisation;
/// score of an item = cosine(hidden, item) / temperature, with the same vectors as at the input, or their plain product.
/// Positions count from the beginning of a history, so that the state after *k* items is the same in training and in use, and
/// padding needs no mask where attention is causal.
///
/// - `sasrec` (Kang and McAuley, ICDM 2018) has plain blocks; GELU and a wider perceptron stand for the paper's ReLU.
/// - `bert4rec` (Sun et al., "BERT4Rec", CIKM 2019) has plain blocks in which a place sees all others; hidden items read as one more
///   vector. The paper normalises last and has one more layer before the scores.
/// - `esasrec` (Tikhonovich, Zelinskiy, Petrov et al., RecSys 2025) has `GatedTransformerBlock`s.
public final class AttentionNetwork: SequenceNetwork {
    public let kind: SequenceKind
    public let shape: SequenceShape
    public let parameters: Parameters
    private let items: ItemVectors
    private let positions: Tensor
    private let input: Dropout
    private let blocks: [any AttentionBlock]
    private let norm: LayerNormalisation

    /// - Parameter hidesItems: Whether it is to read hidden items, as `bert4rec` always does.
    /// - Parameter content: What items are, if it is told.
    /// - Parameter inputDropout: Of the sum of item and position.
    /// - Parameter dropout: Of attention's weights and of what each layer adds.
    public init(
        _ kind: SequenceKind, itemCount: Int, shape: SequenceShape, hidesItems: Bool = false,
        content: ItemContent? = nil, inputDropout: Double,
        dropout: Double, seed: UInt64, device: Device = .cpu
    ) throws(TorchError) {
        precondition(kind.hasAttention, "a network of attention")
        (self.kind, self.shape) = (kind, shape)
        let parameters = try Parameters(seed: seed, device: device)
        self.parameters = parameters
        items = try ItemVectors(
            parameters, count: itemCount, extra: kind.isCloze ? .maskAndPadding : hidesItems ? .mask : .none,
            content: content,
            width: shape.width, temperature: shape.temperature)
        positions = try parameters.weight("positions", shape: [shape.length, shape.width], .normal(deviation: 0.02))
        input = Dropout(parameters, rate: inputDropout)
        var blocks: [any AttentionBlock] = []
        for number in 0..<shape.layers {
            let name = "blocks.\(number)"
            let (width, heads, inner) = (shape.width, shape.heads, shape.inner)
            blocks.append(
                kind == .esasrec
                    ? try GatedTransformerBlock(
                        parameters, name, width: width, heads: heads, inner: inner, dropout: dropout)
                    : try TransformerBlock(parameters, name, width: width, heads: heads, inner: inner, dropout: dropout)
            )
        }
        self.blocks = blocks
        norm = try LayerNormalisation(parameters, "norm", width: shape.width)
    }

    public var vocabulary: SequenceVocabulary { items.vocabulary }

    public func states(after items: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try states(of: try self.items.inputs(of: items, isTraining: isTraining), after: items, isTraining: isTraining)
    }

    public func statesAndOutputs(
        after numbers: Tensor, of lists: [Tensor]
    ) throws(TorchError) -> (states: Tensor, outputs: [Tensor]) {
        var vectors = try items.inputs(of: [numbers] + lists, isTraining: true)
        let states = try states(of: vectors.removeFirst(), after: numbers, isTraining: true)
        var outputs: [Tensor] = []
        for list in vectors { outputs.append(try items.outputs(list)) }
        return (states, outputs)
    }

    /// - Parameter vectors: Of `items`, as the table has them.
    private func states(of vectors: Tensor, after items: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        var hidden = try input(try placed(vectors), isTraining: isTraining)
        let mask = try mask(of: items)
        for block in blocks { hidden = try block(hidden, mask: mask, isTraining: isTraining) }
        return try self.items.scaled(try norm(hidden, isTraining: isTraining))
    }

    public func outputs(of numbers: Tensor?, isTraining: Bool) throws(TorchError) -> Tensor {
        try items.outputs(of: numbers, isTraining: isTraining)
    }

    public func stored() throws(TorchError) -> [(name: String, tensor: Tensor)] {
        try items.stored(parameters, keepsMask: kind.isCloze)
    }

    public func firstNotFinite(after items: Tensor) throws(TorchError) -> String? {
        var hidden = try input(try placed(try self.items.inputs(of: items, isTraining: true)), isTraining: true)
        guard try hidden.isFinite() else { return "input" }
        let mask = try mask(of: items)
        for (number, block) in blocks.enumerated() {
            hidden = try block(hidden, mask: mask, isTraining: true)
            if try !hidden.isFinite() { return "blocks.\(number)" }
        }
        return try norm(hidden, isTraining: true).isFinite() ? nil : "norm"
    }

    private func mask(of items: Tensor) throws(TorchError) -> AttentionMask {
        let (shape, device) = (items.shape, parameters.device)
        guard kind.isCloze else { return .causal(device) }
        let isPadding = try items.isEqual(to: try Tensor([Int64(vocabulary.padding)], shape: [1], device: device))
        let zeros = [Float](repeating: 0, count: shape[0] * shape[1])
        return .added(
            try Tensor(zeros, shape: [shape[0], 1, 1, shape[1]], device: device)
                .masked(by: try isPadding.reshaped([shape[0], 1, 1, shape[1]]), with: -.infinity))
    }

    /// Vectors of shape `[batch, length, width]` with those of their places added.
    private func placed(_ vectors: Tensor) throws(TorchError) -> Tensor {
        let shape = vectors.shape
        guard shape.count == 3, shape[1] <= self.shape.length else {
            throw TorchError(
                operation: "embedding items", shapes: [Array(shape.dropLast())],
                reason: "the item numbers are not [batch, length] with a length of at most \(self.shape.length)")
        }
        return try vectors + (try positions.slice(axis: 0, 0..<shape[1]))
    }
}
