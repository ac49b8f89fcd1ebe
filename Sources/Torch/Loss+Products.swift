internal import Numerics

extension Loss {
    /// A row and a column that count nothing.
    public struct Hit: Sendable, Hashable {
        public let row: Int
        public let column: Int
        public init(row: Int, column: Int) { (self.row, self.column) = (row, column) }
    }

    /// Sampled softmax of products: the cross-entropy of states · own item among itself and states · others + shifts.
    ///
    /// The same as `sampledSoftmax(positive:negatives:)` of these products. Where numbers are floats on the processor, the largest
    /// matrix of a step is passed over once instead of a dozen times: its derivatives have a closed form, the shares less 1 for
    /// the own item, so no graph is kept of it. Only first derivatives exist then.
    ///
    /// - Parameters:
    ///   - states: Shape `[batch, width]`.
    ///   - own: What each state is to find, shape `[batch, width]`.
    ///   - others: Shape `[samples, width]`.
    ///   - shifts: Added to the products with each of `others`, such as −log of how often it is drawn.
    ///   - hits: Where `others` holds a state's own item: these count nothing.
    /// - Complexity: Three products of batch × samples × width.
    public static func sampledSoftmax(
        states: Tensor, own: Tensor, others: Tensor, shifts: [Float], hits: [Hit], device: Device = .cpu
    ) throws -> Tensor {
        let (batch, samples) = (states.shape[0], others.shape[0])
        guard own.shape == states.shape, shifts.count == samples, batch > 0, samples > 0,
            hits.allSatisfy({ (0..<batch).contains($0.row) && (0..<samples).contains($0.column) })
        else {
            throw TorchError(
                operation: "sampled softmax", shapes: [states.shape, own.shape, others.shape, [shifts.count]],
                reason: "states and own items are not of one shape, or shifts and hits not of the others'")
        }
        if let loss = try inClosedForm(states, own, others, shifts, hits) { return loss }
        var flags = [Bool](repeating: false, count: batch * samples)
        for hit in hits { flags[hit.row * samples + hit.column] = true }
        let scores =
            try states.linear(weight: others, bias: nil) + (try Tensor(shifts, shape: [samples], device: device))
        return try sampledSoftmax(
            positive: try (try states * own).sum(axis: 1), negatives: scores,
            hits: try Tensor(flags, shape: [batch, samples], device: device))
    }

    private static func inClosedForm(
        _ states: Tensor, _ own: Tensor, _ others: Tensor, _ shifts: [Float], _ hits: [Hit]
    ) throws -> Tensor? {
        guard [states, own, others].allSatisfy(\.isPlainFloats) else { return nil }
        let batch = states.shape[0]
        var result: Tensor?
        var slopes: [Tensor] = []
        try Runtime.withoutGradients {
            let scores = try states.matmul(try others.transposed(0, 1))
            let products = try (try states * own).sum(axis: 1).floats()
            let rows = scores.withPlainFloats { numbers in
                for hit in hits { numbers[hit.row * shifts.count + hit.column] = -.infinity }
                return TrainingKernels.softmaxLoss(
                    &numbers, shifts: shifts, own: products, factor: 1 / Float(batch))
            }
            guard let rows else { return }
            let ownSlopes = try Tensor(rows.ownSlopes, shape: [batch, 1])
            let byStates = try scores.matmul(others)
            try byStates.addProduct(own, ownSlopes, factor: 1)
            slopes = [byStates, try states * ownSlopes, try scores.transposed(0, 1).matmul(states)]
            let sum = rows.losses.reduce(0.0) { $0 + Double($1) }
            result = try Tensor([Float(sum / Double(batch))], shape: [])
        }
        return try result?.with(inputs: [states, own, others]) { slope in try slopes.map { try $0 * slope } }
    }
}
