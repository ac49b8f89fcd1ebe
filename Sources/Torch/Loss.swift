/// Losses: each gives one number, the mean over the batch, for `backward`.
public enum Loss {
    /// Mean of (prediction − target)².
    public static func meanSquaredError(_ predictions: Tensor, _ targets: Tensor) throws(TorchError) -> Tensor {
        try Tensor.one("aten::mse_loss", "", [.tensor(predictions), .tensor(targets)])
    }

    /// −log softmax(logits)[target], shapes `[batch, classes]` and `[batch]`; targets equal to `ignoring` count nothing.
    ///
    /// - Parameter smoothing: The share of each target that is spread over all classes (Szegedy et al., 2016).
    public static func crossEntropy(
        _ logits: Tensor, _ targets: Tensor, smoothing: Double = 0, ignoring: Int = -100
    ) throws(TorchError) -> Tensor {
        try Tensor.one(
            "aten::cross_entropy_loss", "",
            [.tensor(logits), .tensor(targets), .none, .integer(1), .integer(ignoring), .number(smoothing)])
    }

    /// −y·log σ(x) − (1 − y)·log(1 − σ(x)), of logits x, without overflow.
    public static func binaryCrossEntropy(_ logits: Tensor, _ targets: Tensor) throws(TorchError) -> Tensor {
        try Tensor.one("aten::binary_cross_entropy_with_logits", "", [.tensor(logits), .tensor(targets)])
    }

    /// The same summed with a weight for each logit, which says what it counts; one of weight 0 has no gradient.
    ///
    /// - Parameter weights: Shape of the logits.
    public static func binaryCrossEntropy(
        _ logits: Tensor, _ targets: Tensor, weights: Tensor
    ) throws(TorchError) -> Tensor {
        // Reduction 2 is the sum.
        try Tensor.one(
            "aten::binary_cross_entropy_with_logits", "",
            [.tensor(logits), .tensor(targets), .tensor(weights), .none, .integer(2)])
    }

    /// Bayesian personalised ranking: −log σ(positive − negative) (Rendle et al., UAI 2009, eq. 4 without the prior).
    public static func bayesianRanking(positive: Tensor, negative: Tensor) throws(TorchError) -> Tensor {
        try (try positive - negative).logSigmoid().mean() * -1
    }

    /// Cross-entropy of the positive among itself and sampled negatives, each score lessened by the logarithm of how
    /// probably it is drawn (Bengio and Senécal, 2008; sampled softmax).
    ///
    /// - Parameter positive: Shape `[batch]`.
    /// - Parameter negatives: Shape `[batch, samples]`.
    /// - Parameter logProbabilities: Of the negatives, shape `[samples]` or `[batch, samples]`, and of the positives,
    ///   shape `[batch]`; `nil` if all are drawn alike, when the correction is the same everywhere and drops out.
    /// - Parameter hits: Flags of negatives that are the positive: they count nothing.
    public static func sampledSoftmax(
        positive: Tensor, negatives: Tensor, logProbabilities: (positive: Tensor, negatives: Tensor)? = nil,
        hits: Tensor? = nil
    ) throws(TorchError) -> Tensor {
        var (first, rest) = (positive, negatives)
        if let logProbabilities {
            first = try first - logProbabilities.positive
            rest = try rest - logProbabilities.negatives
        }
        if let hits { rest = try rest.masked(by: hits, with: -.infinity) }
        let logits = try Tensor.joined([try first.expanded(at: 1), rest], axis: 1)
        return try (try logits.logSumExp() - first).mean()
    }

    /// Cross-entropy of each query's own item among all items of the batch, lessened by log q (Yi et al., RecSys 2019).
    ///
    /// - Parameter queries: Shape `[batch, width]`.
    /// - Parameter items: Shape `[batch + others, width]`, the i-th belonging to the i-th query; the others to none.
    /// - Parameter logProbabilities: Logarithm of each item's probability to be in a batch, shape `[batch + others]`.
    /// - Parameter hits: Flags of items that answer a query beside its own: they count nothing; shape `[batch, batch + others]`.
    public static func inBatchContrast(
        queries: Tensor, items: Tensor, logProbabilities: Tensor, hits: Tensor? = nil, temperature: Double = 1
    ) throws(TorchError) -> Tensor {
        let scores = try (try queries.matmul(try items.transposed(0, 1))) * (1 / temperature)
        var logits = try scores - logProbabilities
        if let hits { logits = try logits.masked(by: hits, with: -.infinity) }
        let chances = try Tensor.one("aten::log_softmax", "int", [.tensor(logits), .integer(1)])
        return try Tensor.one("aten::diagonal", "", [.tensor(chances)]).mean() * -1
    }
}
