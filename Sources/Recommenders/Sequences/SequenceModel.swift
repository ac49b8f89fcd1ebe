import Dispatch
import Numerics
import Synchronization

/// Scores every item as the next of a sequence: what next-item tasks compare.
///
/// Scores are finite for every history, unknown items and an empty one included.
public protocol SequenceScorer: Sendable {
    /// Adds the score of each item to `scores`, shape `[itemLimit]`.
    func addScores(after history: [UInt32], to scores: inout [Double])
}

/// A scorer that is trained where it is used; training is deterministic.
public protocol SequenceModel: SequenceScorer {
    /// The model's name on the command line.
    static var name: String { get }
    /// Trains on one sequence a user, oldest first; items are below `itemLimit`.
    static func train(_ sequences: [[UInt32]], itemLimit: Int) -> Self
}

/// A sequence model of which it matters what was bought together.
public protocol BasketSequenceModel: SequenceModel {
    /// Trains on one history a user: baskets, oldest first, each with its items once.
    static func train(baskets: [[[UInt32]]], itemLimit: Int) -> Self
    /// As `addScores(after:to:)`, after baskets.
    func addScores(afterBaskets history: [[UInt32]], to scores: inout [Double])
}

extension BasketSequenceModel {
    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> Self {
        train(baskets: PurchaseSequences(sequences, itemLimit: itemLimit).baskets, itemLimit: itemLimit)
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        addScores(afterBaskets: history.map { [$0] }, to: &scores)
    }
}

/// The sequence models by name.
public enum SequenceModels {
    private static let all: [any SequenceModel.Type] = [
        SequenceHybrid.self, PCTMModel.self, SequentialRulesModel.self, MarkovChainModel.self,
        TransitionWalkModel.self, ItemCosineModel.self, UserNeighbourModel.self, VMISModel.self, TIFUModel.self,
        UPCFModel.self, RP3BetaModel.self, EASEModel.self, ImplicitALSModel.self, BPRModel.self, WarmBPRModel.self,
        ItemEmbeddingModel.self,
    ]

    /// The shipped default comes first.
    public static let names = all.map { $0.name }

    /// Trains the model of a name; `nil` if there is none.
    public static func train(_ name: String, on sequences: [[UInt32]], itemLimit: Int) -> (any SequenceModel)? {
        for type in all where type.name == name { return type.train(sequences, itemLimit: itemLimit) }
        return nil
    }

    /// The same for purchases, whose baskets count where a model knows of them.
    public static func train(_ name: String, on purchases: PurchaseSequences) -> (any SequenceModel)? {
        for type in all where type.name == name {
            return (type as? any BasketSequenceModel.Type)?
                .train(baskets: purchases.baskets, itemLimit: purchases.itemLimit)
                ?? type.train(purchases.items, itemLimit: purchases.itemLimit)
        }
        return nil
    }

    /// The best items after each of `sequences`, without those in it, among the items that occur in any of them.
    ///
    /// Ties go to the lower item number; the order of lists is that of sequences, on two threads. Factor models rank many
    /// histories in one product of matrices. Call it outside of `LinearAlgebra.withThreads`.
    /// - Parameter known: Sequences whose items are ranked, if not those asked for.
    public static func lists(
        of model: any SequenceScorer, after sequences: [[UInt32]], itemLimit: Int, limit: Int,
        known others: [[UInt32]]? = nil
    ) -> [[UInt32]] {
        var isKnown = [Bool](repeating: false, count: itemLimit)
        for sequence in others ?? sequences {
            for item in sequence { isKnown[Int(item)] = true }
        }
        let (known, threads) = (isKnown, 2)
        let parts = Mutex([[[UInt32]]](repeating: [], count: threads))
        let size = (sequences.count + threads - 1) / threads
        LinearAlgebra.withThreads(1) {
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                let own = sequences.dropFirst(thread * size).prefix(size)
                let lists =
                    (model as? any FactorScorer).map { factorLists(of: $0, after: own, isKnown: known, limit: limit) }
                    ?? plainLists(of: model, after: own, isKnown: known, limit: limit)
                parts.withLock { $0[thread] = lists }
            }
        }
        return parts.withLock { $0.flatMap(\.self) }
    }

    private static func factorLists(
        of model: some FactorScorer, after sequences: ArraySlice<[UInt32]>, isKnown: [Bool], limit: Int
    ) -> [[UInt32]] {
        FactorLists(model, isKnown: isKnown, limit: limit)
            .lists(after: sequences, vectors: model.vectors(after: sequences))
    }

    /// History by history, by any model's scores.
    private static func plainLists(
        of model: any SequenceScorer, after sequences: ArraySlice<[UInt32]>, isKnown: [Bool], limit: Int
    ) -> [[UInt32]] {
        var scores = [Double](repeating: 0, count: isKnown.count)
        return sequences.map { history in
            ranking(of: model, after: history, isKnown: isKnown, limit: limit, scores: &scores).map(\.item)
        }
    }

    /// The best items after one history with their scores, without those in it; ties go to the lower number.
    ///
    /// - Parameter isKnown: Which items are ranked, shape `[itemLimit]`.
    /// - Parameter scores: Filled with the score of every item, shape `[itemLimit]`.
    public static func ranking(
        of model: any SequenceScorer, after history: [UInt32], isKnown: [Bool], limit: Int, scores: inout [Double]
    ) -> [(item: UInt32, score: Double)] {
        for place in scores.indices { scores[place] = 0 }
        model.addScores(after: history, to: &scores)
        let owned = Set(history)
        var best = TopItems(limit: limit)
        for item in scores.indices where isKnown[item] && best.mayEnter(UInt32(item), scores[item]) {
            if !owned.contains(UInt32(item)) { best.insert(UInt32(item), scores[item]) }
        }
        return best.sorted
    }
}

extension PCTMModel: SequenceModel {
    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> PCTMModel {
        train(sequences, itemLimit: itemLimit, parameters: .init())
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        for item in base.indices { scores[item] += base[item] }
        addTransitions(history, to: &scores)
    }
}
