internal import Torch

/// Explicit crosses of bounded degree beside a deep network (DCN-v2: Wang, Shivanna, Cheng, Jain, Lin, Hong and Chi, WWW 2021).
///
/// With x₀ = the numbers and the vectors of the fields, one after the other, *d* numbers
///
/// 1. x_{l+1} = x₀ ⊙ (W_l·x_l + b_l) + x_l, W_l of shape `[d, d]` (equation 1): L layers hold all products of up to L + 1 features
/// 2. with a rank *r*: x_{l+1} = x₀ ⊙ (U_l·(V_lᵀ·x_l) + b_l) + x_l, U_l and V_l of shape `[d, r]` (equation 2)
/// 3. h_{l+1} = relu(W_l·h_l + b_l) beside it on the same x₀ (equation 5; the parallel structure of section 3.3), and
///    ŷ = σ(wᵀ·[x_L, h_L]) (equation 6).
///
/// The mixture of low-rank experts (equation 3) is left out. A layer costs O(d²) an example, O(d·r) with a rank.
final class CrossNetwork: PurchaseNetwork {
    let parameters: Parameters
    private let fields: FieldEmbeddings
    private let crosses: [CrossLayer]
    private let deep: Network
    private let top: Linear

    init(inputs: Int, rows: Int, shape: NetworkShape, seed: UInt64, device: Device = .cpu) throws(TorchError) {
        parameters = try Parameters(seed: seed, device: device)
        fields = try FieldEmbeddings(parameters, "fields", count: rows, width: shape.width, dropout: shape.dropout)
        let width = inputs + PurchaseFields.Field.allCases.count * shape.width
        var crosses: [CrossLayer] = []
        for number in 1...max(1, shape.crosses) {
            crosses.append(try CrossLayer(parameters, "cross.\(number)", width: width, rank: shape.rank))
        }
        self.crosses = crosses
        deep = try Perceptron.rectified(
            parameters, "deep", inputs: width, hidden: shape.hidden, dropout: shape.dropout)
        top = try Linear(parameters, "top", inputs: width + (shape.hidden.last ?? width), outputs: 1)
    }

    func steps(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> [(name: String, value: Tensor)] {
        let first = try fields.joined(batch, isTraining: isTraining)
        var steps: [(name: String, value: Tensor)] = [("fields", first)]
        var crossed = first
        for (number, cross) in crosses.enumerated() {
            crossed = try cross(crossed, first: first)
            steps.append(("cross.\(number + 1)", crossed))
        }
        let hidden = try deep.steps(first, isTraining: isTraining)
        let both = try Tensor.joined([crossed, hidden.last?.value ?? first], axis: 1)
        return steps + hidden + [("top", try top(both, isTraining: isTraining))]
    }
}

/// x₀ ⊙ (W·x + b) + x, with W of full rank or the product of two narrow matrices.
private struct CrossLayer {
    /// Into the narrow space, shape `[rank, width]`; `nil` for full rank.
    let inner: Linear?
    /// Shape `[width, rank]`, or `[width, width]`.
    let outer: Linear

    init(_ parameters: Parameters, _ name: String, width: Int, rank: Int) throws(TorchError) {
        let isNarrow = rank > 0 && rank < width
        inner = isNarrow ? try Linear(parameters, name + ".v", inputs: width, outputs: rank, hasBias: false) : nil
        outer = try Linear(parameters, isNarrow ? name + ".u" : name, inputs: isNarrow ? rank : width, outputs: width)
    }

    func callAsFunction(_ value: Tensor, first: Tensor) throws(TorchError) -> Tensor {
        var change = value
        if let inner { change = try inner(change, isTraining: true) }
        return try (try first * (try outer(change, isTraining: true))) + value
    }
}
