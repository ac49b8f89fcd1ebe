internal import Torch

/// The vectors of items, the same where a sequence network reads items and where it scores them.
///
/// A score is the cosine of state and vector, divided by a temperature; for 0 their plain product.
struct ItemVectors {
    static let name = "items"
    /// Numbers beside those of items.
    enum Extra: Int { case none, mask, maskAndPadding }

    /// Shape `[items + extra, width]`; the mask follows the items, then the padding.
    let table: Tensor
    let temperature: Double
    let vocabulary: SequenceVocabulary

    init(
        _ parameters: Parameters, count: Int, extra: Extra = .none, width: Int, temperature: Double
    ) throws(TorchError) {
        table = try parameters.weight(Self.name, shape: [count + extra.rawValue, width], .normal(deviation: 0.02))
        self.temperature = temperature
        vocabulary = SequenceVocabulary(
            items: count, mask: extra == .none ? nil : Int32(count),
            padding: extra == .maskAndPadding ? Int32(count + 1) : 0)
    }

    /// Of item numbers of any shape, with an axis for the numbers of the vectors.
    func inputs(of numbers: Tensor) throws(TorchError) -> Tensor { try table.embedding(of: numbers) }

    /// What states are multiplied with: of these items, or of all.
    func outputs(of numbers: Tensor?) throws(TorchError) -> Tensor {
        let vectors = if let numbers { try table.embedding(of: numbers) } else { try all() }
        return temperature > 0 ? try vectors.lengthNormalised() : vectors
    }

    /// States whose products with outputs are scores.
    func scaled(_ states: Tensor) throws(TorchError) -> Tensor {
        temperature > 0 ? try (try states.lengthNormalised()) * (1 / temperature) : states
    }

    /// A network's tensors as inference reads them: `items` without what is no item, and `mask` apart if it is read in use.
    func stored(_ parameters: Parameters, keepsMask: Bool) throws(TorchError) -> [(name: String, tensor: Tensor)] {
        var tensors: [(name: String, tensor: Tensor)] = []
        for entry in parameters.entries {
            tensors.append((entry.name, entry.name == Self.name ? try all() : entry.tensor))
        }
        if keepsMask, let mask = vocabulary.mask.map({ Int($0) }) {
            tensors.append(("mask", try table.slice(axis: 0, mask..<mask + 1).reshaped([-1])))
        }
        return tensors
    }

    private func all() throws(TorchError) -> Tensor {
        table.shape[0] == vocabulary.items ? table : try table.slice(axis: 0, 0..<vocabulary.items)
    }
}
