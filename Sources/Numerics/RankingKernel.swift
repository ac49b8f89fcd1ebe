internal import CKernels

/// Steps of Bayesian personalised ranking (Rendle et al., UAI 2009).
public enum RankingKernel {
    /// Takes a step for each triple of a person, an item of theirs and another, one after the other: with the margin
    /// m = x · (y − z) + b_y − b_z and g = rate · σ(−m), x ← k·x + g·(y − z), y ← k·y + g·x, z ← k·z − g·x, b_y ← k·b_y + g, b_z ← k·b_z − g and
    /// k = 1 − rate · decay.
    ///
    /// - Parameters:
    ///   - people: Rows of `width` numbers, as are `items`; every number of a triple must be that of a row.
    ///   - width: A multiple of eight.
    ///   - triples: Shape `[count, 3]`.
    /// - Complexity: O(triples · width). The same bits on processors of one level of instructions.
    @unsafe public static func steps(
        people: UnsafeMutablePointer<Float>, items: UnsafeMutablePointer<Float>, biases: UnsafeMutablePointer<Float>,
        width: Int, triples: [UInt32], rate: Float, decay: Float
    ) {
        unsafe steps(
            people: people, items: items, biases: biases, width: width, triples: triples, rate: rate, decay: decay,
            .best)
    }

    @unsafe static func steps(
        people: UnsafeMutablePointer<Float>, items: UnsafeMutablePointer<Float>, biases: UnsafeMutablePointer<Float>,
        width: Int, triples: [UInt32], rate: Float, decay: Float, _ level: KernelLevel
    ) {
        precondition(width % 8 == 0 && triples.count % 3 == 0, "rows of whole eights, and triples")
        unsafe souk_ranking_steps(
            level.number, people, items, biases, Int64(width), triples, Int64(triples.count / 3), rate, decay)
    }
}
