internal import Encoders
internal import Torch

/// The network of `CrossEncoder` for training: the first blocks of a sentence encoder over a query and a text in one sequence, and a
/// linear head on the state of `[CLS]` (Nogueira and Cho, 2019).
final class CrossEncoderNetwork {
    /// Pairs that go through the network together at most; of like length, so that little is padded.
    static let group = 32

    let body: SentenceNetwork
    private let head: Linear

    var parameters: Parameters { body.parameters }
    var shape: SentenceEncoder.Shape { body.shape }

    /// - Parameter folder: As `SentenceNetwork` reads it; the head's first values are drawn where it has none.
    /// - Parameter layers: How many of the first blocks are taken; all for `nil`.
    init(folder: String, layers: Int?, dropout: Double, seed: UInt64, device: Device = .cpu) throws {
        body = try SentenceNetwork(
            reading: folder, layers: layers,
            optional: { shape in
                [(CrossEncoder.head + ".weight", [1, shape.width]), (CrossEncoder.head + ".bias", [1])]
            }, dropout: dropout, seed: seed, device: device)
        head = try Linear(
            body.parameters, CrossEncoder.head, inputs: body.shape.width, outputs: 1, initial: .normal(deviation: 0.02))
    }

    /// One score for each pair, shape `[pairs.count]`.
    func scores(of pairs: [TokenPair], isTraining: Bool) throws(TorchError) -> Tensor {
        let order = pairs.indices.sorted { (pairs[$0].tokens.count, $0) < (pairs[$1].tokens.count, $1) }
        var parts: [Tensor] = []
        for start in stride(from: 0, to: order.count, by: Self.group) {
            let group = order[start..<min(order.count, start + Self.group)].map { pairs[$0] }
            let states = try body.states(group.map(\.tokens), types: Self.types(group), isTraining: isTraining).states
            let first = try states.slice(axis: 1, 0..<1).reshaped([group.count, shape.width])
            parts.append(try head(first, isTraining: isTraining).reshaped([group.count]))
        }
        var places = [Int64](repeating: 0, count: order.count)
        for (place, pair) in order.enumerated() { places[pair] = Int64(place) }
        return try Tensor.joined(parts, axis: 0)
            .selected(try Tensor(places, shape: [places.count], device: parameters.device))
    }

    /// The first layer in which the numbers of pairs stop being finite, in training; `nil` if none does.
    func firstNotFinite(_ pairs: [TokenPair]) throws(TorchError) -> String? {
        if let name = try body.firstNotFinite(pairs.map(\.tokens), types: Self.types(pairs)) { return name }
        return try scores(of: pairs, isTraining: true).isFinite() ? nil : CrossEncoder.head
    }

    /// 0 for a token of the first text of a pair, 1 for one of the second.
    private static func types(_ pairs: [TokenPair]) -> [[Int32]] {
        pairs.map { pair in pair.tokens.indices.map { Int32($0 < pair.firstCount ? 0 : 1) } }
    }
}
