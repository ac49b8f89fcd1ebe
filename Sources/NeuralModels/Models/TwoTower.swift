public import Torch

/// Two towers (Yi et al., "Sampling-bias-corrected neural modeling for large corpus item recommendations", RecSys 2019): one makes a
/// vector of a person, one of an item; their cosine, divided by a temperature, is the score.
///
/// The person's tower sees, after each item, the mean of all vectors so far, a mean in which each item weighs `TwoTower.decay` of the
/// one after it, the last one, and how many there were: hidden = gelu(inner(norm(means)) + row of `counts`), vector = outer(hidden). The
/// item's tower is its own vector and the projection of its content. In the paper the towers share no items' vectors and are
/// deeper.
public final class TwoTower: SequenceNetwork {
    static let decay = 0.7
    /// Counts of items share a row from one power of two to the next.
    static let countRows = 14

    public let kind = SequenceKind.twoTower
    public let shape: SequenceShape
    public let parameters: Parameters
    private let items: ItemVectors
    private let input: Dropout
    private let norm: LayerNormalisation
    private let inner: Linear
    private let counts: Tensor
    private let dropout: Dropout
    private let outer: Linear

    /// - Parameter hidesItems: Whether it is to read hidden items.
    /// - Parameter content: What items are, if it is told.
    /// - Parameter inputDropout: Of the means.
    /// - Parameter dropout: Of the hidden layer.
    public init(
        itemCount: Int, shape: SequenceShape, hidesItems: Bool = false, content: ItemContent? = nil,
        inputDropout: Double, dropout: Double, seed: UInt64, device: Device = .cpu
    ) throws(TorchError) {
        self.shape = shape
        parameters = try Parameters(seed: seed, device: device)
        let width = shape.width
        items = try ItemVectors(
            parameters, count: itemCount, extra: hidesItems ? .mask : .none, content: content, width: width,
            temperature: shape.temperature)
        input = Dropout(parameters, rate: inputDropout)
        norm = try LayerNormalisation(parameters, "user.norm", width: 3 * width)
        inner = try Linear(parameters, "user.inner", inputs: 3 * width, outputs: shape.inner)
        counts = try parameters.weight(
            "user.counts", shape: [Self.countRows, shape.inner], .normal(deviation: 0.02))
        self.dropout = Dropout(parameters, rate: dropout)
        outer = try Linear(parameters, "user.outer", inputs: shape.inner, outputs: width)
    }

    public var vocabulary: SequenceVocabulary { items.vocabulary }

    public func states(after items: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        let shape = items.shape
        guard shape.count == 2, shape[1] <= self.shape.length else {
            throw TorchError(
                operation: "means of items", shapes: [shape],
                reason: "the item numbers are not [batch, length] with a length of at most \(self.shape.length)")
        }
        let vectors = try self.items.inputs(of: items, isTraining: isTraining)
        let (length, device) = (shape[1], parameters.device)
        let means = try Tensor.joined(
            [
                try Self.weights(length, decay: 1, device).matmul(vectors),
                try Self.weights(length, decay: Self.decay, device).matmul(vectors), vectors,
            ], axis: 2)
        let rows = (0..<length).map { Int64(Self.countRow($0 + 1)) }
        let counted = try counts.embedding(of: try Tensor(rows, shape: [length], device: device))
        let seen = try input(try norm(means, isTraining: isTraining), isTraining: isTraining)
        let hidden = try (try inner(seen, isTraining: isTraining) + counted).gelu()
        return try self.items.scaled(
            try outer(try dropout(hidden, isTraining: isTraining), isTraining: isTraining))
    }

    public func outputs(of numbers: Tensor?, isTraining: Bool) throws(TorchError) -> Tensor {
        try items.outputs(of: numbers, isTraining: isTraining)
    }

    public func stored() throws(TorchError) -> [(name: String, tensor: Tensor)] {
        try items.stored(parameters, keepsMask: false)
    }

    public func firstNotFinite(after items: Tensor) throws(TorchError) -> String? {
        guard try self.items.inputs(of: items, isTraining: true).isFinite() else { return ItemVectors.name }
        return try states(after: items, isTraining: true).isFinite() ? nil : "user"
    }

    static func countRow(_ count: Int) -> Int { min(countRows - 1, Int.bitWidth - 1 - count.leadingZeroBitCount) }

    /// What each place weighs in the mean up to each, shape `[length, length]`.
    private static func weights(_ length: Int, decay: Double, _ device: Device) throws(TorchError) -> Tensor {
        var values = [Float](repeating: 0, count: length * length)
        for row in 0..<length {
            var (weight, sum) = (1.0, 0.0)
            for column in stride(from: row, through: 0, by: -1) {
                values[row * length + column] = Float(weight)
                sum += weight
                weight *= decay
            }
            for column in 0...row { values[row * length + column] /= Float(sum) }
        }
        return try Tensor(values, shape: [length, length], device: device)
    }
}
