import Numerics

/// Implicit matrix factorisation by alternating least squares (Hu, Koren and Volinsky, ICDM 2008).
///
/// Each half step takes three steps of conjugate gradient (Takács, Pilászy and Tikk, RecSys 2011). A history that training
/// never saw gets factors by the same least squares, so a person needs no retraining.
public struct ImplicitALSModel: SequenceModel {
    public static let name = "als"

    public struct Parameters: Hashable, Sendable {
        public var factors = 64
        public var regularisation: Float = 10
        /// What an observed pair weighs against an unobserved one.
        public var confidence: Float = 10
        public var iterations = 15
        public var seed: UInt64 = 1
        public init() {}
    }

    let solver: ImplicitSolver
    private let isKnown: [Bool]

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> ImplicitALSModel {
        train(sequences, itemLimit: itemLimit, parameters: .init())
    }

    public static func train(
        _ sequences: [[UInt32]], itemLimit: Int, parameters: Parameters
    ) -> ImplicitALSModel {
        let users = InteractionMatrix(sequences, itemLimit: itemLimit)
        let items = users.transposed()
        var random = SeededGenerator(seed: parameters.seed)
        let scale = 1 / Float(max(1, parameters.factors))
        var userFactors = FactorMatrix(
            rows: users.rowCount, factors: parameters.factors, scale: scale, random: &random)
        var itemFactors = FactorMatrix(rows: itemLimit, factors: parameters.factors, scale: scale, random: &random)
        func solver(_ factors: FactorMatrix, steps: Int) -> ImplicitSolver {
            ImplicitSolver(
                factors: factors, regularisation: parameters.regularisation, confidence: parameters.confidence,
                steps: steps)
        }
        for _ in 0..<parameters.iterations {
            userFactors = solver(itemFactors, steps: 3).solve(users, from: userFactors)
            itemFactors = solver(userFactors, steps: 3).solve(items, from: itemFactors)
        }
        let isKnown = (0..<itemLimit).map { !items.row($0).isEmpty }
        return ImplicitALSModel(solver: solver(itemFactors, steps: 12), isKnown: isKnown)
    }

    /// Items' factors; shape `[itemLimit, factors]`, padded.
    var itemFactors: FactorMatrix { solver.factors }

    /// The factors of a history, by least squares.
    func factors(of history: [UInt32]) -> [Float] {
        solver.row(for: Set(history.filter { Int($0) < isKnown.count && isKnown[Int($0)] }).sorted())
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        solver.factors.addProducts(with: factors(of: history), to: &scores)
    }
}
