internal import Torch

/// A factorisation machine and a deep network over the same vectors of fields (DeepFM: Guo, Tang, Ye, Li and He, IJCAI 2017).
///
/// Every number and every categorical field is a field of its own. Field *i* has a weight wᵢ and a vector Vᵢ of `width` numbers; a
/// categorical value has xᵢ = 1. With eᵢ = xᵢ·Vᵢ
///
/// 1. y_FM = ⟨w, x⟩ + Σᵢ Σ_{j>i} ⟨eᵢ, eⱼ⟩ (equation 2), by Rendle's sum of squares: ½ Σ_d ((Σᵢ e_{i,d})² − Σᵢ e_{i,d}²)
/// 2. a⁰ = [e₁, …, e_m], aˡ⁺¹ = relu(Wˡaˡ + bˡ) (equations 3 and 4), y_DNN one unit above the last
/// 3. ŷ = σ(y_FM + y_DNN) (equation 1).
///
/// The paper leaves open how numbers become fields ("the value itself, or one-hot after discretisation"): here the scaled value
/// itself. For *m* fields, *k* = `width` and *H* hidden weights an example costs O(m·k + H); the table has one more number a row.
final class DeepFM: PurchaseNetwork {
    let parameters: Parameters
    private let fieldWeights: FieldEmbeddings
    private let fields: FieldEmbeddings
    private let numberWeights: Linear
    /// Shape `[inputs, width]`.
    private let numberVectors: Tensor
    private let deep: Network
    private let top: Linear

    /// - Parameter inputs: Numbers of an example.
    /// - Parameter rows: Of the fields' table.
    init(inputs: Int, rows: Int, shape: NetworkShape, seed: UInt64, device: Device = .cpu) throws(TorchError) {
        parameters = try Parameters(seed: seed, device: device)
        fieldWeights = try FieldEmbeddings(parameters, "field_weights", count: rows, width: 1)
        fields = try FieldEmbeddings(parameters, "fields", count: rows, width: shape.width, dropout: shape.dropout)
        numberWeights = try Linear(parameters, "number_weights", inputs: inputs, outputs: 1)
        numberVectors = try parameters.weight(
            "numbers", shape: [inputs, shape.width], .normal(deviation: 0.05))
        let width = (inputs + PurchaseFields.Field.allCases.count) * shape.width
        deep = try Perceptron.rectified(
            parameters, "deep", inputs: width, hidden: shape.hidden, dropout: shape.dropout)
        top = try Linear(parameters, "top", inputs: shape.hidden.last ?? width, outputs: 1)
    }

    func steps(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> [(name: String, value: Tensor)] {
        let rows = try batch.fieldRows()
        let ofNumbers = try (try batch.numbers.expanded(at: 2)) * numberVectors
        let vectors = try Tensor.joined([ofNumbers, try fields(rows, isTraining: isTraining)], axis: 1)
        let linear =
            try (try numberWeights(batch.numbers, isTraining: isTraining))
            + (try fieldWeights(rows, isTraining: isTraining).sum(axis: 1))
        let sum = try vectors.sum(axis: 1)
        let squares = try (try vectors * vectors).sum(axis: 1)
        let pairs = try (try (try (try sum * sum) - squares).sum(axis: 1).expanded(at: 1)) * 0.5
        let flat = try vectors.reshaped([rows.shape[0], -1])
        let hidden = try deep.steps(flat, isTraining: isTraining)
        let logits = try (try linear + pairs) + (try top(hidden.last?.value ?? flat, isTraining: isTraining))
        return [("fields", vectors), ("linear", linear), ("pairs", pairs)] + hidden + [("top", logits)]
    }
}
