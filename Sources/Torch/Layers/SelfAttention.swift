internal import Numerics

/// What a place of a sequence sees.
public enum AttentionMask {
    /// Itself and all places before it; the device is that of the network.
    case causal(Device)
    /// What is added to the scores, 0 or −∞; a shape that stretches to `[batch, heads, length, length]`.
    case added(Tensor)
}

/// Attention of several heads in which a place sees what a mask lets it see (Vaswani et al., 2017, section 3.2).
///
/// softmax(Q·Kᵀ / √(width of a head) + mask)·V: libtorch 1.13 has no operator of its own for it.
public struct SelfAttention {
    let inner: Linear
    let outer: Linear
    let heads: Int
    let dropout: Dropout

    /// - Parameter dropout: Of the attention's weights.
    public init(
        _ parameters: Parameters, _ name: String, width: Int, heads: Int, dropout: Double
    ) throws(TorchError) {
        precondition(heads > 0 && width % heads == 0, "heads share the width evenly")
        // Query, key and value are one product, each with the first values of a layer of its own.
        inner = try Linear(
            parameters, name + ".in", inputs: width, outputs: 3 * width, initial: .glorot(inputs: width, outputs: width)
        )
        outer = try Linear(parameters, name + ".out", inputs: width, outputs: width)
        (self.heads, self.dropout) = (heads, Dropout(parameters, rate: dropout))
    }

    /// - Parameters:
    ///   - input: Shape `[batch, length, width]`, and so is the result.
    ///   - mask: What a place sees.
    public func callAsFunction(_ input: Tensor, mask: AttentionMask, isTraining: Bool) throws(TorchError) -> Tensor {
        let shape = input.shape
        guard shape.count == 3 else {
            throw TorchError(operation: "attention", shapes: [shape], reason: "the input is not [batch, length, width]")
        }
        let joined = try inner(input, isTraining: isTraining)
        if case .causal = mask, let context = try causalContext(joined, isTraining: isTraining) {
            return try outer(context, isTraining: isTraining)
        }
        let (length, depth) = (shape[1], shape[2] / heads)
        // [batch, length, 3 · heads, depth] → [batch, 3 · heads, length, depth]
        let all = try joined.reshaped([shape[0], length, 3 * heads, depth]).transposed(1, 2)
        let query = try all.slice(axis: 1, 0..<heads) * (1 / Double(depth).squareRoot())
        let key = try all.slice(axis: 1, heads..<2 * heads)
        let value = try all.slice(axis: 1, 2 * heads..<3 * heads)
        let added: Tensor
        switch mask {
        case .causal(let device): added = try Self.causalMask(length, device: device)
        case .added(let tensor): added = tensor
        }
        let context = try Self.context(query: query, key: key, value: value, mask: added) {
            weights throws(TorchError) in try dropout(weights, isTraining: isTraining)
        }
        return try outer(context, isTraining: isTraining)
    }

    /// The same of floats on the processor: libtorch would multiply each head of each sequence by itself, forwards and backwards.
    private func causalContext(_ joined: Tensor, isTraining: Bool) throws(TorchError) -> Tensor? {
        let (batch, length, width) = (joined.shape[0], joined.shape[1], joined.shape[2] / 3)
        guard
            let attention = TrainingKernels.CausalAttention(
                sequences: batch, length: length, width: width, heads: heads)
        else { return nil }
        let factors = dropout.factors(count: attention.weightCount, isTraining: isTraining)
        var weights = [Float](repeating: 0, count: attention.weightCount)
        var context = [Float](repeating: 0, count: batch * length * width)
        let isDone: Void? = joined.withPlainFloats { joined in
            var seen = weights.mutableSpan
            var result = context.mutableSpan
            attention.apply(joined.span, mask: factors.span, weights: &seen, context: &result)
        }
        guard isDone != nil else { return nil }
        let kept = weights
        return try Tensor(context, shape: [batch, length, width]).with(inputs: [joined]) { slope in
            var slopes = [Float](repeating: 0, count: joined.count)
            let given = try slope.floats()
            joined.withPlainFloats { joined in
                var target = slopes.mutableSpan
                attention.slopes(
                    of: given.span, joined: joined.span, mask: factors.span, weights: kept.span, into: &target)
            }
            return [try Tensor(slopes, shape: joined.shape)]
        }
    }

    /// softmax(Q·Kᵀ + mask)·V by plain products; the heads' results side by side.
    ///
    /// - Parameter query: Already divided by √depth; shape `[batch, heads, length, depth]`, as those of key and value.
    /// - Parameter dropped: What training makes of the weights.
    /// - Returns: Shape `[batch, length, heads · depth]`.
    static func context(
        query: Tensor, key: Tensor, value: Tensor, mask: Tensor,
        dropped: (Tensor) throws(TorchError) -> Tensor = { weights throws(TorchError) in weights }
    ) throws(TorchError) -> Tensor {
        let scores = try query.matmul(try key.transposed(2, 3))
        let weights = try dropped(try (try scores + mask).softmax(axis: 3))
        let shape = query.shape
        return try weights.matmul(value).transposed(1, 2).reshaped([shape[0], shape[2], shape[1] * shape[3]])
    }

    /// 0 where a place sees another, −∞ where that lies behind it; shape `[length, length]`.
    ///
    /// A sequence that is padded at its end needs no other mask, for no place before the padding sees it.
    static func causalMask(_ length: Int, device: Device) throws(TorchError) -> Tensor {
        var values = [Float](repeating: 0, count: length * length)
        for row in 0..<length {
            for column in row + 1..<max(row + 1, length) { values[row * length + column] = -.infinity }
        }
        return try Tensor(values, shape: [length, length], device: device)
    }
}
