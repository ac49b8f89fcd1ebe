import Domain
import Features
import Foundation
import Ranking
public import Storage

/// The hybrid: what lies in somebody's next basket, by trees and perceptrons over the members' scores and the features of person and item.
///
/// Two stages, candidates and ranking, after Covington, Adams and Sargin (RecSys 2016); the second is a stacked generalisation (Wolpert, Neural
/// Networks 1992) of the members' scores and of features. Candidates are the blend's best; two rankers order them, one for any item and one
/// for items new to the person. Each joins gradient-boosted trees (`GradientBoosting`) and perceptrons (`RankerNetwork`), taught on the past's
/// past: see `BasketTeacher`. A score is the chance that the item is in the next basket, as the ranker sees it; with a pairwise or
/// listwise objective of the trees it only tells the order. Where there was too little to learn from, the blend answers, and it orders the
/// items of people of whom less is known than of nearly everybody whom the rankers were taught with.
public struct RankedBasketModel: Recommender {
    public static let name = "hybrid"
    static let anyCandidates = 100
    static let newCandidates = 300
    /// Nobody with so many purchase lines is left to the blend.
    static let mostUntaught = 16

    let evidence: BasketEvidence
    let anyRanker: BasketRanker?
    let newRanker: BasketRanker?
    /// Purchase lines of a person from which on the order of the ranker for any item is taken.
    let leastHistory: Int
    /// Whether the rankers were fitted to chances, not to an order.
    let isPointwise: Bool

    /// The blend of personal counts and neighbours that candidates come from.
    public var blend: NextBasketModel { evidence.blend }

    /// Whether there was enough to learn from: otherwise the blend answers.
    public var hasRanker: Bool { anyRanker != nil }

    /// Whether a network speaks beside the trees.
    public var hasNetwork: Bool { anyRanker?.network != nil }

    /// Whether scores are chances: not where there was too little to learn from, or an order was learned.
    public var givesChances: Bool { hasRanker && isPointwise }

    public static func train(_ set: TrainingSet) -> RankedBasketModel {
        Schooling(set).model(set.parameters)
    }

    /// Learns all but the rankers anew and keeps theirs: an incremental training, for what rankers say of features ages far more slowly
    /// than counts do.
    ///
    /// The rankers know features, not items or people, so a catalogue that has changed does not matter to them.
    /// - Parameter old: Whose rankers are kept; they are taught anew without it.
    /// - Complexity: That of training without lessons and without fitting trees, about a tenth of `train`.
    public static func train(_ set: TrainingSet, keepingRankersOf old: RankedBasketModel?) -> RankedBasketModel {
        guard let old else { return train(set) }
        return RankedBasketModel(
            evidence: BasketEvidence(set), anyRanker: old.anyRanker, newRanker: old.newRanker,
            leastHistory: leastHistory(set), isPointwise: old.isPointwise)
    }

    /// All that does not hang on how rankers are fitted: those with other parameters are made from it.
    public struct Schooling: Sendable {
        private let lessons: BasketTeacher.Lessons
        private let evidence: BasketEvidence
        private let leastHistory: Int
        private let seed: UInt64

        public init(_ set: TrainingSet) {
            lessons = BasketTeacher(set).lessons()
            evidence = BasketEvidence(set)
            (leastHistory, seed) = (RankedBasketModel.leastHistory(set), set.seed)
        }

        /// Fits both rankers, trees and members of their networks on a thread each as far as there are processors.
        public func model(_ parameters: ModelParameters) -> RankedBasketModel {
            let (any, new) = RankerSchool(lessons, parameters, seed: seed).rankers()
            return RankedBasketModel(
                evidence: evidence, anyRanker: any, newRanker: new, leastHistory: leastHistory,
                isPointwise: parameters.ranker.objective == .logistic)
        }
    }

    init(
        evidence: BasketEvidence, anyRanker: BasketRanker?, newRanker: BasketRanker?, leastHistory: Int,
        isPointwise: Bool
    ) {
        (self.evidence, self.anyRanker, self.newRanker) = (evidence, anyRanker, newRanker)
        (self.leastHistory, self.isPointwise) = (leastHistory, isPointwise)
    }

    /// What nineteen of twenty people have: rankers know nothing of shorter histories, and misjudge them.
    private static func leastHistory(_ set: TrainingSet) -> Int {
        let lengths = (0..<set.log.userLimit).map { set.log.range(of: UserNumber(UInt32($0)), before: set.now).count }
            .filter { $0 > 0 }.sorted()
        return lengths.isEmpty ? 0 : min(mostUntaught, lengths[lengths.count / 20])
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard let anyRanker else { return blend.candidates(for: context, limit: limit) }
        let person = PersonEvidence(context, blend: blend)
        let list = blend.candidates(for: context, person, limit: max(limit, Self.anyCandidates))
        return ranked(list, Proposal.of(list), by: anyRanker, for: context, person, limit: limit)
    }

    /// Items that are not in the context's history.
    public func newItems(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard let newRanker else { return blend.newItems(for: context, limit: limit) }
        let person = PersonEvidence(context, blend: blend)
        let list = blend.newItems(for: context, person, limit: max(limit, Self.newCandidates))
        return ranked(
            list, Proposal.of(list), by: newRanker, for: context, person, leavesShort: false, limit: limit)
    }

    /// A list in the order of the ranker for any item.
    public func ranked(_ list: [ScoredItem], for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard let anyRanker else { return Array(list.prefix(max(0, limit))) }
        let person = PersonEvidence(context, blend: blend)
        return ranked(list, blend.proposals(of: list, person), by: anyRanker, for: context, person, limit: limit)
    }

    /// Somebody without a history is left to the list's own order; a short one as well, with the ranker's chances by place.
    private func ranked(
        _ list: [ScoredItem], _ proposals: [Proposal], by ranker: BasketRanker, for context: RecommendationContext,
        _ person: PersonEvidence, leavesShort: Bool = true, limit: Int
    ) -> [ScoredItem] {
        guard !context.history.isEmpty else { return Array(list.prefix(max(0, limit))) }
        let scores = ranker.scores(
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
        anyRanker?.store(in: &file, name: "any")
        newRanker?.store(in: &file, name: "new")
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        evidence = try BasketEvidence(columns)
        anyRanker = try BasketRanker(columns, name: "any")
        newRanker = try BasketRanker(columns, name: "new")
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
