internal import JSON
internal import Torch

extension SequenceJob {
    /// A network of some kind and size.
    public struct Model: Sendable, Hashable {
        public let kind: SequenceKind
        public var shape: SequenceShape

        /// - Parameter shape: The usual one of its kind if left out.
        public init(_ kind: SequenceKind, _ shape: SequenceShape? = nil) {
            (self.kind, self.shape) = (kind, shape ?? .usual(kind))
        }

        public var name: String { kind.rawValue }
    }
}

extension SequenceJob.Model {
    /// The shape for a reader.
    var words: String {
        if kind == .twoTower { return "towers of width \(shape.width), \(shape.inner) inside, \(shape.length) items" }
        let layers = kind.hasAttention ? "\(shape.layers) blocks" : "\(shape.layers) layers"
        return "\(layers) of width \(shape.width), " + (kind.hasAttention ? "\(shape.heads) heads, " : "")
            + "\(shape.length) items"
    }

    /// Refuses shapes that inference, which sums in eight lanes, does not compute.
    func check() throws(NeuralError) {
        guard kind != .twoTower || shape.width % 8 == 0 else {
            throw NeuralError(.badData, "A width of \(shape.width) is no multiple of 8. Give one.")
        }
        guard kind.hasAttention else { return }
        guard shape.heads > 0, shape.width % (8 * shape.heads) == 0 else {
            throw NeuralError(
                .badData,
                "A width of \(shape.width) cannot be shared by \(shape.heads) heads of a multiple of 8 each. "
                    + "Give a multiple of \(8 * max(1, shape.heads)).")
        }
    }

    func network(
        itemCount: Int, hidesItems: Bool = false, content: ItemContent? = nil, inputDropout: Double, dropout: Double,
        seed: UInt64, device: Device
    ) throws -> any SequenceNetwork {
        switch kind {
        case .sasrec, .esasrec, .bert4rec:
            try AttentionNetwork(
                kind, itemCount: itemCount, shape: shape, hidesItems: hidesItems, content: content,
                inputDropout: inputDropout,
                dropout: dropout, seed: seed, device: device)
        case .gru4rec:
            try GRU4Rec(
                itemCount: itemCount, shape: shape, hidesItems: hidesItems, content: content,
                inputDropout: inputDropout,
                dropout: dropout, seed: seed, device: device)
        case .twoTower:
            try TwoTower(
                itemCount: itemCount, shape: shape, hidesItems: hidesItems, content: content,
                inputDropout: inputDropout,
                dropout: dropout, seed: seed, device: device)
        }
    }

    /// As inference reads it.
    var json: JSONValue {
        let own =
            switch kind {
            case .gru4rec: [("layers", shape.layers)]
            case .twoTower: [("inner", shape.inner)]
            case .sasrec, .esasrec, .bert4rec:
                [("blocks", shape.layers), ("heads", shape.heads), ("inner", shape.inner)]
            }
        let members = [("width", shape.width)] + own + [("length", shape.length)]
        return .object(
            members.map { .init($0.0, .integer(Int64($0.1))) } + [.init("temperature", .number(shape.temperature))])
    }
}
