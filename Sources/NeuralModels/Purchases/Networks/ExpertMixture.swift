internal import Torch

/// Experts that several questions share, each question with a gate of its own (MMoE: Ma, Zhao, Yi, Chen, Hong and Chi, KDD 2018).
///
/// With x = the numbers and the vectors of the fields
///
/// 1. f_i(x), i = 1 … n: experts of one dense layer with rectifiers
/// 2. g^k(x) = softmax(W_{gk}·x), W_{gk} of shape `[n, d]` (equation 7)
/// 3. f^k(x) = Σᵢ g^k(x)_i·f_i(x), y_k = h^k(f^k(x)) (equation 6): the tower h^k is a dense layer with rectifiers and one unit.
///
/// The questions are those of `PurchaseInputs`; the loss is the mean of their cross-entropies, each over the examples that know its answer
/// (`PurchaseTask`). For experts of *u* units an example costs O(n·d·u).
final class ExpertMixture: PurchaseNetwork {
    let parameters: Parameters
    private let shape: NetworkShape
    private let fields: FieldEmbeddings
    /// All experts as one product, an expert's units one after the other.
    private let experts: Linear
    private let gates: [Linear]
    private let towers: [Network]
    private let dropout: Dropout

    /// - Parameter questions: How many of `PurchaseInputs.questions` it answers, from the first on.
    init(
        inputs: Int, rows: Int, shape: NetworkShape, questions: Int = 2, seed: UInt64, device: Device = .cpu
    ) throws(TorchError) {
        self.shape = shape
        parameters = try Parameters(seed: seed, device: device)
        fields = try FieldEmbeddings(parameters, "fields", count: rows, width: shape.width, dropout: shape.dropout)
        let width = inputs + PurchaseFields.Field.allCases.count * shape.width
        experts = try Linear(
            parameters, "experts", inputs: width, outputs: shape.experts * shape.expertUnits,
            initial: .he(inputs: width))
        dropout = Dropout(parameters, rate: shape.dropout)
        var (gates, towers): ([Linear], [Network]) = ([], [])
        for number in 1...max(1, questions) {
            gates.append(
                try Linear(parameters, "gates.\(number)", inputs: width, outputs: shape.experts, hasBias: false))
            let name = "towers.\(number)"
            let tower = try Perceptron.rectified(
                parameters, name, inputs: shape.expertUnits, hidden: [shape.towerUnits], dropout: 0)
            let top = try Linear(parameters, name + ".top", inputs: shape.towerUnits, outputs: 1)
            towers.append(Network(tower.layers + [(name + ".top", top)]))
        }
        (self.gates, self.towers) = (gates, towers)
    }

    var questionCount: Int { towers.count }

    func steps(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> [(name: String, value: Tensor)] {
        let input = try fields.joined(batch, isTraining: isTraining)
        let units = try experts(input, isTraining: isTraining).relu()
        let answers = try dropout(units, isTraining: isTraining)
            .reshaped([input.shape[0], shape.experts, shape.expertUnits])
        var steps: [(name: String, value: Tensor)] = [("fields", input), ("experts", answers)]
        var logits: [Tensor] = []
        for (number, (gate, tower)) in zip(gates, towers).enumerated() {
            let shares = try gate(input, isTraining: isTraining).softmax(axis: 1)
            let mixed = try (try shares.expanded(at: 2) * answers).sum(axis: 1)
            logits.append(try tower(mixed, isTraining: isTraining))
            steps += [("gates.\(number + 1)", shares), ("towers.\(number + 1)", logits[number])]
        }
        return steps + [("logits", try Tensor.joined(logits, axis: 1))]
    }
}
