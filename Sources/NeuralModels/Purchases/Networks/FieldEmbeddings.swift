internal import Torch

/// A vector for each value of each field: one table whose rows a `FieldVocabulary` gives out.
struct FieldEmbeddings {
    /// Shape `[rows, width]`.
    let table: Tensor
    let width: Int
    private let dropout: Dropout

    /// - Parameter dropout: Of the vectors' numbers, in training.
    init(
        _ parameters: Parameters, _ name: String, count: Int, width: Int, dropout: Double = 0
    ) throws(TorchError) {
        table = try parameters.weight(name, shape: [count, width], .normal(deviation: 0.05))
        (self.width, self.dropout) = (width, Dropout(parameters, rate: dropout))
    }

    /// Vectors of rows of any shape, with an axis of `width` behind it.
    func callAsFunction(_ rows: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try dropout(try table.embedding(of: rows), isTraining: isTraining)
    }

    /// The numbers of a batch with the vectors of its fields behind them, shape `[batch, width of numbers + fields × width]`.
    func joined(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> Tensor {
        let rows = try batch.fieldRows()
        let vectors = try self(rows, isTraining: isTraining)
        return try Tensor.joined([batch.numbers, try vectors.reshaped([rows.shape[0], -1])], axis: 1)
    }
}

extension Perceptron {
    /// Dense layers with rectifiers, each dropped out: the deep part of networks over fields. Without units it hands its input on.
    static func rectified(
        _ parameters: Parameters, _ name: String, inputs: Int, hidden: [Int], dropout: Double
    ) throws(TorchError) -> Network {
        var layers: [(name: String, layer: any Layer)] = []
        var width = inputs
        for (index, units) in hidden.enumerated() {
            let name = "\(name).\(index + 1)"
            layers.append(
                (name, try Linear(parameters, name, inputs: width, outputs: units, initial: .he(inputs: width))))
            layers.append((name + ".relu", Activation.relu))
            if dropout > 0 { layers.append((name + ".dropout", Dropout(parameters, rate: dropout))) }
            width = units
        }
        return Network(layers)
    }
}
