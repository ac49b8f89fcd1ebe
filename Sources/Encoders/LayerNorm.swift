import Numerics

/// Layer normalisation: zero mean and unit variance, scaled and shifted (Ba, Kiros and Hinton, 2016).
struct LayerNorm: Sendable {
    /// Shape `[a multiple of eight]`.
    let weight: [Float]
    let bias: [Float]
    let epsilon: Float

    /// Writes `rows` of `values`, normalised, to the beginning of `target`, shape `[rows, weight.count]`.
    func apply(_ values: [Float], rows: Int, into target: inout [Float]) {
        TransformerKernels.normalise(
            values, rows: rows, weight: weight, bias: bias, epsilon: epsilon, into: &target)
    }

    /// Normalises `rows` of `values + residual` in place, shape `[rows, weight.count]`.
    func apply(_ values: inout [Float], adding residual: [Float], rows: Int) {
        TransformerKernels.normalise(
            &values, adding: residual, rows: rows, weight: weight, bias: bias, epsilon: epsilon)
    }
}
