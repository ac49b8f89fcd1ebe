import Dispatch
import Domain
import Features
import Foundation
public import Ranking
public import Storage
import Synchronization

/// The hybrid: what lies in somebody's next basket, by trees over the members' scores and the features of person and item.
///
/// Two stages, candidates and ranking, after Covington, Adams and Sargin (RecSys 2016); the second is a stacked generalisation (Wolpert, Neural
/// Networks 1992) of the members' scores and of features. Candidates are the blend's best; two rankers order them, one for any item and one for items new to the person. They are
/// gradient-boosted trees (`GradientBoosting`) taught on the past's past: see `BasketTeacher`. A score is the chance that
/// the item is in the next basket, as the ranker sees it; with a pairwise or listwise objective it only tells the order. Where there was too little to learn from, the blend answers, and it
/// orders the items of people of whom less is known than of nearly everybody whom the rankers were taught with.
public struct RankedBasketModel: Recommender {
    public static let name = "hybrid"
    static let anyCandidates = 100
    static let newCandidates = 300
    /// Nobody with so many purchase lines is left to the blend.
    static let mostUntaught = 16

    let evidence: BasketEvidence
    let anyTrees: TreeEnsemble?
    let newTrees: TreeEnsemble?
    /// Purchase lines of a person from which on the order of the ranker for any item is taken.
    let leastHistory: Int
    /// Whether the trees were fitted to chances, not to an order.
    let isPointwise: Bool

    /// The blend of personal counts and neighbours that candidates come from.
    public var blend: NextBasketModel { evidence.blend }

    /// Whether there was enough to learn from: otherwise the blend answers.
    public var hasRanker: Bool { anyTrees != nil }

    /// Whether scores are chances: not where there was too little to learn from, or an order was learned.
    public var givesChances: Bool { hasRanker && isPointwise }

    public static func train(_ set: TrainingSet) -> RankedBasketModel {
        Schooling(set).model(set.parameters.ranker)
    }

    /// Learns all but the rankers anew and keeps theirs: an incremental training, for what trees say of features ages far more slowly
    /// than counts do.
    ///
    /// The trees know features, not items or people, so a catalogue that has changed does not matter to them.
    /// - Parameter old: Whose rankers are kept; they are taught anew without it.
    /// - Complexity: That of training without lessons and without fitting trees, about a tenth of `train`.
    public static func train(_ set: TrainingSet, keepingRankersOf old: RankedBasketModel?) -> RankedBasketModel {
        guard let old else { return train(set) }
        return RankedBasketModel(
            evidence: BasketEvidence(set), anyTrees: old.anyTrees, newTrees: old.newTrees,
            leastHistory: leastHistory(set), isPointwise: old.isPointwise)
    }

    /// All that does not hang on how trees are fitted: rankers with other parameters are made from it.
    public struct Schooling: Sendable {
        private let lesson: BasketTeacher.Lesson
        private let evidence: BasketEvidence
        private let leastHistory: Int
        private let seed: UInt64

        public init(_ set: TrainingSet) {
            lesson = BasketTeacher(set).lesson()
            evidence = BasketEvidence(set)
            (leastHistory, seed) = (RankedBasketModel.leastHistory(set), set.seed)
        }

        /// Fits both rankers, on two threads.
        public func model(_ boosting: GradientBoosting) -> RankedBasketModel {
            let trees = Mutex<(any: TreeEnsemble?, new: TreeEnsemble?)>((nil, nil))
            DispatchQueue.concurrentPerform(iterations: 2) { part in
                let fitted = BasketTeacher.trees(
                    part == 0 ? lesson.any : lesson.new, boosting, seed: seed &+ UInt64(part))
                trees.withLock { if part == 0 { $0.any = fitted } else { $0.new = fitted } }
            }
            let (any, new) = trees.withLock { $0 }
            return RankedBasketModel(
                evidence: evidence, anyTrees: any, newTrees: new, leastHistory: leastHistory,
                isPointwise: boosting.objective == .logistic)
        }
    }

    init(
        evidence: BasketEvidence, anyTrees: TreeEnsemble?, newTrees: TreeEnsemble?, leastHistory: Int,
        isPointwise: Bool
    ) {
        (self.evidence, self.anyTrees, self.newTrees) = (evidence, anyTrees, newTrees)
        (self.leastHistory, self.isPointwise) = (leastHistory, isPointwise)
    }

    /// What nineteen of twenty people have: trees know nothing of shorter histories, and misjudge them.
    private static func leastHistory(_ set: TrainingSet) -> Int {
        let lengths = (0..<set.log.userLimit).map { set.log.range(of: UserNumber(UInt32($0)), before: set.now).count }
            .filter { $0 > 0 }.sorted()
        return lengths.isEmpty ? 0 : min(mostUntaught, lengths[lengths.count / 20])
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard let anyTrees else { return blend.candidates(for: context, limit: limit) }
        let person = PersonEvidence(context, blend: blend)
        let list = blend.candidates(for: context, person, limit: max(limit, Self.anyCandidates))
        return ranked(list, Proposal.of(list), by: anyTrees, for: context, person, limit: limit)
    }

    /// Items that are not in the context's history.
    public func newItems(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard let newTrees else { return blend.newItems(for: context, limit: limit) }
        let person = PersonEvidence(context, blend: blend)
        let list = blend.newItems(for: context, person, limit: max(limit, Self.newCandidates))
        return ranked(
            list, Proposal.of(list), by: newTrees, for: context, person, leavesShort: false, limit: limit)
    }

    /// A list in the order of the ranker for any item.
    public func ranked(_ list: [ScoredItem], for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard let anyTrees else { return Array(list.prefix(max(0, limit))) }
        let person = PersonEvidence(context, blend: blend)
        return ranked(list, blend.proposals(of: list, person), by: anyTrees, for: context, person, limit: limit)
    }

    /// Somebody without a history is left to the list's own order; a short one as well, with the ranker's chances by place.
    private func ranked(
        _ list: [ScoredItem], _ proposals: [Proposal], by trees: TreeEnsemble, for context: RecommendationContext,
        _ person: PersonEvidence, leavesShort: Bool = true, limit: Int
    ) -> [ScoredItem] {
        guard !context.history.isEmpty else { return Array(list.prefix(max(0, limit))) }
        let scores = trees.scores(
            evidence.rows(of: list.map(\.item.rawValue), proposals: proposals, for: context, person))
        var result = list
        let isShort = leavesShort && context.history.count < leastHistory
        for (place, score) in (isShort ? scores.sorted(by: >) : scores).enumerated() {
            result[place].score = 1 / (1 + exp(-Double(score)))
        }
        if isShort { return Array(result.prefix(max(0, limit))) }
        return Array(result.sorted(by: ScoredItem.precedes).prefix(max(0, limit)))
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        evidence.store(in: &file)
        file.set("least_history", [UInt32(leastHistory)])
        file.set("is_pointwise", [isPointwise ? 1 : 0] as [UInt8])
        for (name, trees) in [("any", anyTrees), ("new", newTrees)] {
            if let trees { trees.store(in: &file, name: name) }
        }
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        evidence = try BasketEvidence(columns)
        anyTrees = try TreeEnsemble(columns, name: "any")
        newTrees = try TreeEnsemble(columns, name: "new")
        // Models of before leave nobody with a history to the blend.
        let least = columns.columns["least_history"] == nil ? [0] : try columns.uint32s("least_history")
        guard least.count == 1 else { throw columns.damaged("it has not one least history") }
        leastHistory = Int(least[0])
        // Models of before were all fitted to chances.
        let pointwise = columns.columns["is_pointwise"] == nil ? [1] : try columns.bytes("is_pointwise")
        guard pointwise.count == 1 else { throw columns.damaged("it does not say what its trees were fitted to") }
        isPointwise = pointwise[0] == 1
    }
}

extension TreeEnsemble {
    fileprivate func store(in file: inout ColumnFile, name: String) {
        file.set("\(name)_base", [base])
        file.set("\(name)_roots", roots)
        file.set("\(name)_features", features)
        file.set("\(name)_values", values)
        file.set("\(name)_left", left)
        file.set("\(name)_right", right)
        file.set("\(name)_missing_left", missingLeft)
    }

    /// `nil` where the file holds no trees of that name.
    fileprivate init?(_ file: ColumnFile, name: String) throws(StorageError) {
        guard file.columns["\(name)_roots"] != nil else { return nil }
        let base = try file.floats("\(name)_base")
        guard base.count == 1 else { throw file.damaged("its trees do not fit together") }
        let (roots, features) = (try file.uint32s("\(name)_roots"), try file.uint32s("\(name)_features"))
        let (values, left) = (try file.floats("\(name)_values"), try file.uint32s("\(name)_left"))
        let (right, missing) = (try file.uint32s("\(name)_right"), try file.bytes("\(name)_missing_left"))
        do {
            try self.init(
                featureCount: BasketFeature.count, base: base[0], roots: roots, features: features, values: values,
                left: left, right: right, missingLeft: missing)
        } catch {
            throw file.damaged(error.message)
        }
    }
}
