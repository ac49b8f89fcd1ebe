import Numerics

/// Implicit matrix factorisation by alternating least squares (Hu, Koren and Volinsky, ICDM 2008).
///
/// Each half step is exact. A history that training never saw gets factors by the same least squares, so a person needs no
/// retraining.
public struct ImplicitALSModel: SequenceModel, FactorScorer {
    public static let name = "als"

    /// Chosen by `souk tune` on the last item but one of Amazon Beauty.
    public struct Parameters: Hashable, Sendable {
        public var factors = 192
        public var regularisation: Float = 0.4
        /// What an observed pair weighs against an unobserved one.
        public var confidence: Float = 40
        public var iterations = 15
        public var seed: UInt64 = 1
        public init() {}
    }

    let solver: ImplicitSolver
    private let isKnown: [Bool]

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> ImplicitALSModel {
        var parameters = Parameters()
        // Of few items or people, many factors would learn each by heart.
        parameters.factors = min(parameters.factors, max(4, min(itemLimit, sequences.count) / 8))
        return train(sequences, itemLimit: itemLimit, parameters: parameters)
    }

    public static func train(
        _ sequences: [[UInt32]], itemLimit: Int, parameters: Parameters
    ) -> ImplicitALSModel {
        let users = InteractionMatrix(sequences, itemLimit: itemLimit)
        let items = users.transposed()
        var random = SeededGenerator(seed: parameters.seed)
        func solver(_ factors: FactorMatrix) -> ImplicitSolver {
            ImplicitSolver(
                factors: factors, regularisation: parameters.regularisation, confidence: parameters.confidence)
        }
        var last = solver(
            FactorMatrix(
                rows: itemLimit, factors: parameters.factors, scale: 1 / Float(max(1, parameters.factors)),
                random: &random))
        for _ in 0..<parameters.iterations { last = solver(solver(last.solve(users)).solve(items)) }
        let isKnown = (0..<itemLimit).map { !items.row($0).isEmpty }
        return ImplicitALSModel(solver: last, isKnown: isKnown)
    }

    /// Items' factors; shape `[itemLimit, factors]`, padded.
    var itemFactors: FactorMatrix { solver.factors }

    var itemBiases: [Float] { [] }

    /// The factors of a history, by least squares.
    func factors(of history: [UInt32]) -> [Float] { solver.row(for: known(history)) }

    func vectors(after histories: ArraySlice<[UInt32]>) -> [Float] {
        solver.rows(for: histories.map { known($0)[...] })
    }

    /// What training saw of a history, once each.
    private func known(_ history: [UInt32]) -> [UInt32] {
        Set(history.filter { Int($0) < isKnown.count && isKnown[Int($0)] }).sorted()
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        solver.factors.addProducts(with: factors(of: history), to: &scores)
    }
}
