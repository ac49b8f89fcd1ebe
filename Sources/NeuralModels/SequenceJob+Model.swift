internal import JSON
internal import Torch

extension SequenceJob.Model {
    public var name: String {
        switch self {
        case .sasrec: SASRec.name
        case .gru4rec: GRU4Rec.name
        }
    }

    /// The longest history; of longer ones only the end is used.
    var length: Int {
        switch self {
        case .sasrec(let shape): shape.length
        case .gru4rec(let shape): shape.length
        }
    }

    var temperature: Double {
        switch self {
        case .sasrec(let shape): shape.temperature
        case .gru4rec(let shape): shape.temperature
        }
    }

    /// The shape for a reader.
    var words: String {
        switch self {
        case .sasrec(let shape):
            "\(shape.blocks) blocks of width \(shape.width), \(shape.heads) heads, \(shape.length) items"
        case .gru4rec(let shape): "\(shape.layers) layers of width \(shape.width), \(shape.length) items"
        }
    }

    /// Refuses shapes that inference, which sums in eight lanes, does not compute.
    func check() throws(NeuralError) {
        guard case .sasrec(let shape) = self else { return }
        guard shape.heads > 0, shape.width % (8 * shape.heads) == 0 else {
            throw NeuralError(
                .badData,
                "A width of \(shape.width) cannot be shared by \(shape.heads) heads of a multiple of 8 each. "
                    + "Give a multiple of \(8 * max(1, shape.heads)).")
        }
    }

    func network(
        itemCount: Int, inputDropout: Double, dropout: Double, seed: UInt64, device: Device
    ) throws -> any SequenceNetwork {
        switch self {
        case .sasrec(let shape):
            try SASRec(
                itemCount: itemCount, shape: shape, inputDropout: inputDropout, dropout: dropout, seed: seed,
                device: device)
        case .gru4rec(let shape):
            try GRU4Rec(
                itemCount: itemCount, shape: shape, inputDropout: inputDropout, dropout: dropout, seed: seed,
                device: device)
        }
    }

    /// As inference reads it.
    var json: JSONValue {
        let members: [(String, Int)] =
            switch self {
            case .sasrec(let shape):
                [
                    ("width", shape.width), ("blocks", shape.blocks), ("heads", shape.heads), ("inner", shape.inner),
                    ("length", shape.length),
                ]
            case .gru4rec(let shape): [("width", shape.width), ("layers", shape.layers), ("length", shape.length)]
            }
        return .object(
            members.map { .init($0.0, .integer(Int64($0.1))) } + [.init("temperature", .number(temperature))])
    }
}
