internal import Torch

/// The vectors of items, the same where a sequence network reads items and where it scores them.
///
/// A vector is the item's own, with content (the projection of what the item is) added to it. A score is the cosine of state and
/// vector, divided by a temperature; for 0 their plain product.
struct ItemVectors {
    static let name = "items"
    static let projectionName = "content"
    /// Numbers beside those of items.
    enum Extra: Int { case none, mask, maskAndPadding }

    private struct Content {
        /// Shape `[items + extra, numbers]`.
        let vectors: Tensor
        /// Shape `[width, numbers]`.
        let projection: Tensor
        /// Shape `[items + extra, 1]`: 0 for items without a history.
        let isKnown: Tensor
        let dropout: Double
    }

    /// Shape `[items + extra, width]`; the mask follows the items, then the padding.
    let table: Tensor
    let temperature: Double
    let vocabulary: SequenceVocabulary
    private let content: Content?
    private let random: RandomSource
    private let device: Device

    init(
        _ parameters: Parameters, count: Int, extra: Extra = .none, content: ItemContent? = nil, width: Int,
        temperature: Double
    ) throws(TorchError) {
        let rows = count + extra.rawValue
        table = try parameters.weight(Self.name, shape: [rows, width], .normal(deviation: 0.02))
        (self.temperature, random, device) = (temperature, parameters.random, parameters.device)
        vocabulary = SequenceVocabulary(
            items: count, mask: extra == .none ? nil : Int32(count),
            padding: extra == .maskAndPadding ? Int32(count + 1) : 0)
        guard let content else {
            self.content = nil
            return
        }
        precondition(content.isKnown.count == count, "a content for each item")
        let zeros = [Float](repeating: 0, count: extra.rawValue * content.width)
        self.content = Content(
            vectors: try Tensor(content.values + zeros, shape: [rows, content.width], device: device),
            projection: try parameters.weight(
                Self.projectionName, shape: [width, content.width], .normal(deviation: 0.02)),
            isKnown: try Tensor(
                content.isKnown.map { $0 ? 1 : 0 } + [Float](repeating: 1, count: extra.rawValue), shape: [rows, 1],
                device: device), dropout: content.idDropout)
    }

    /// Of item numbers of any shape, with an axis for the numbers of the vectors.
    func inputs(of numbers: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        let own = try table.embedding(of: numbers)
        guard let content else { return own }
        var factor = try content.isKnown.embedding(of: numbers)
        if isTraining, content.dropout > 0 {
            let kept = try Tensor(
                [Float](repeating: 1, count: numbers.count), shape: numbers.shape + [1], device: device)
            factor = try factor * (try kept.dropout(rate: content.dropout, using: random) * (1 - content.dropout))
        }
        return try own * factor
            + (try content.vectors.embedding(of: numbers).linear(weight: content.projection, bias: nil))
    }

    /// The same of several tensors at once: the table's derivatives, as large as the table, are then made once.
    func inputs(of lists: [Tensor], isTraining: Bool) throws(TorchError) -> [Tensor] {
        var flat: [Tensor] = []
        for list in lists { flat.append(try list.reshaped([list.count])) }
        let all = try inputs(of: try Tensor.joined(flat, axis: 0), isTraining: isTraining)
        var (vectors, start): ([Tensor], Int) = ([], 0)
        for list in lists {
            let own = try all.slice(axis: 0, start..<start + list.count)
            vectors.append(try own.reshaped(list.shape + [all.shape[1]]))
            start += list.count
        }
        return vectors
    }

    /// What states are multiplied with: of these items, or of all.
    func outputs(of numbers: Tensor?, isTraining: Bool) throws(TorchError) -> Tensor {
        let vectors =
            if let numbers { try inputs(of: numbers, isTraining: isTraining) } else { try all(isTraining: isTraining) }
        return try outputs(vectors)
    }

    /// The same of vectors that were looked up.
    func outputs(_ vectors: Tensor) throws(TorchError) -> Tensor {
        temperature > 0 ? try vectors.lengthNormalised() : vectors
    }

    /// States whose products with outputs are scores.
    func scaled(_ states: Tensor) throws(TorchError) -> Tensor {
        temperature > 0 ? try (try states.lengthNormalised()) * (1 / temperature) : states
    }

    /// A network's tensors as inference reads them: `items` with content and without what is no item, and `mask` apart if it is
    /// read in use.
    func stored(_ parameters: Parameters, keepsMask: Bool) throws(TorchError) -> [(name: String, tensor: Tensor)] {
        var tensors: [(name: String, tensor: Tensor)] = []
        for entry in parameters.entries where entry.name != Self.projectionName {
            tensors.append((entry.name, entry.name == Self.name ? try all(isTraining: false) : entry.tensor))
        }
        if keepsMask, let mask = vocabulary.mask.map({ Int($0) }) {
            tensors.append(("mask", try table.slice(axis: 0, mask..<mask + 1).reshaped([-1])))
        }
        return tensors
    }

    private func all(isTraining: Bool) throws(TorchError) -> Tensor {
        if content != nil {
            let numbers = (0..<vocabulary.items).map { Int64($0) }
            return try inputs(of: try Tensor(numbers, shape: [numbers.count], device: device), isTraining: isTraining)
        }
        return table.shape[0] == vocabulary.items ? table : try table.slice(axis: 0, 0..<vocabulary.items)
    }
}
