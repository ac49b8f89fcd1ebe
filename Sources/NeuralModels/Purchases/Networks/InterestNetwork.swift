internal import Torch

/// Attention over what the person bought, asked by the item in question (DIN: Zhou, Zhu, Song, Fan, Zhu, Ma, Yan, Jin, Li and Gai,
/// KDD 2018).
///
/// An item's vector e is those of the item, its type and its category, one after the other: the same rows where it is asked for (e_A)
/// and where it was bought (e₁ … e_H)
///
/// 1. v(A) = Σⱼ a(eⱼ, e_A)·eⱼ (equation 3), the weights not normalised: their sum tells how strong the interest is
/// 2. a(eⱼ, e_A) = a small network over [eⱼ, e_A, eⱼ − e_A, eⱼ ⊙ e_A], 36 units with a PReLU, one linear unit. The figure in the
///    paper feeds an outer product; difference and product stand for it, as in the authors' code
/// 3. ŷ = σ(MLP([numbers, fields, v(A)])) with PReLUs (equation 2 is the loss).
///
/// Not taken over: Dice instead of PReLU, and L2 by mini-batch (sections 5.1 and 5.2). What lies behind a history's end has weight 0.
/// For a history of *H* items and *k* = `width` an example costs O(H·k·units) besides the deep part.
final class InterestNetwork: PurchaseNetwork {
    let parameters: Parameters
    private let fields: FieldEmbeddings
    private let unit: Linear
    private let unitRectifier: ParametricRectifier
    private let unitTop: Linear
    private let deep: Network
    private let top: Linear

    init(inputs: Int, rows: Int, shape: NetworkShape, seed: UInt64, device: Device = .cpu) throws(TorchError) {
        parameters = try Parameters(seed: seed, device: device)
        fields = try FieldEmbeddings(parameters, "fields", count: rows, width: shape.width, dropout: shape.dropout)
        let item = PurchaseFields.historyFields.count * shape.width
        unit = try Linear(parameters, "attention", inputs: 4 * item, outputs: shape.attentionUnits)
        unitRectifier = try ParametricRectifier(parameters, "attention.prelu", width: shape.attentionUnits)
        unitTop = try Linear(parameters, "attention.top", inputs: shape.attentionUnits, outputs: 1)
        var width = inputs + PurchaseFields.Field.allCases.count * shape.width + item
        var layers: [(name: String, layer: any Layer)] = []
        for (index, units) in shape.hidden.enumerated() {
            let name = "deep.\(index + 1)"
            layers.append(
                (name, try Linear(parameters, name, inputs: width, outputs: units, initial: .he(inputs: width))))
            layers.append((name + ".prelu", try ParametricRectifier(parameters, name + ".prelu", width: units)))
            if shape.dropout > 0 { layers.append((name + ".dropout", Dropout(parameters, rate: shape.dropout))) }
            width = units
        }
        deep = Network(layers)
        top = try Linear(parameters, "top", inputs: width, outputs: 1)
    }

    func steps(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> [(name: String, value: Tensor)] {
        let rows = try batch.fieldRows()
        guard let history = batch.history else {
            throw TorchError(operation: "attention", shapes: [rows.shape], reason: "the examples have no histories")
        }
        let (count, length) = (rows.shape[0], history.rows.shape[1])
        let vectors = try fields(rows, isTraining: isTraining)
        // Item, type and category are the first fields.
        let asked = try vectors.slice(axis: 1, 0..<PurchaseFields.historyFields.count).reshaped([count, 1, -1])
        let bought = try fields(history.rows, isTraining: isTraining).reshaped([count, length, -1])
        let stretched =
            try asked
            * (try Tensor([Float](repeating: 1, count: length), shape: [1, length, 1], device: parameters.device))
        let compared = try Tensor.joined(
            [bought, stretched, try bought - asked, try bought * asked], axis: 2)
        let hidden = try unitRectifier(try unit(compared, isTraining: isTraining), isTraining: isTraining)
        let weights = try (try unitTop(hidden, isTraining: isTraining)) * (try history.isPresent.expanded(at: 2))
        let interest = try (try weights * bought).sum(axis: 1)
        let all = try Tensor.joined([batch.numbers, try vectors.reshaped([count, -1]), interest], axis: 1)
        let deep = try deep.steps(all, isTraining: isTraining)
        let logits = try top(deep.last?.value ?? all, isTraining: isTraining)
        return [("fields", vectors), ("attention", weights), ("interest", interest)] + deep + [("top", logits)]
    }
}
