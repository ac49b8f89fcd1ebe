internal import Torch

/// The vectors of items, the same where a sequence network reads items and where it scores them.
///
/// A score is the cosine of state and vector, divided by a temperature; for 0 their plain product.
struct ItemVectors {
    /// Shape `[items, width]`.
    let table: Tensor
    let temperature: Double

    init(_ parameters: Parameters, count: Int, width: Int, temperature: Double) throws(TorchError) {
        table = try parameters.weight("items", shape: [count, width], .normal(deviation: 0.02))
        self.temperature = temperature
    }

    /// Of item numbers of any shape, with an axis for the numbers of the vectors.
    func inputs(of numbers: Tensor) throws(TorchError) -> Tensor { try table.embedding(of: numbers) }

    /// What states are multiplied with: of these items, or of all.
    func outputs(of numbers: Tensor?) throws(TorchError) -> Tensor {
        let vectors = try numbers.map { numbers throws(TorchError) in try table.embedding(of: numbers) } ?? table
        return temperature > 0 ? try vectors.lengthNormalised() : vectors
    }

    /// States whose products with outputs are scores.
    func scaled(_ states: Tensor) throws(TorchError) -> Tensor {
        temperature > 0 ? try (try states.lengthNormalised()) * (1 / temperature) : states
    }
}
