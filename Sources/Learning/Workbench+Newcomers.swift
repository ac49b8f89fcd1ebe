public import Domain
import Evaluation
import Features
import JSON
import Recommenders

/// What the front page shows somebody new, with and without a choice of tastes.
enum NewcomerList: String, CaseIterable {
    /// What the front page shows without a choice.
    case popularity
    /// Knowing the three categories that the household bought most of.
    case favourites
    /// Knowing the three of those that are proposed that the household bought most of.
    case proposed
}

extension Workbench {
    private static let newcomerFolds = 5

    /// Treats every household as new at `cut`: its past is left out of what the lists are made from, but for its favourite three
    /// categories, which stand for what it would choose; its first basket at or after the cut is to be predicted.
    ///
    /// Households are split into five parts by number; the lists of a part come from the purchases of the others.
    /// - Returns: One line of JSON: by list NDCG@10 and recall@10, and the paired permutation test against `popularity`, as it is and
    ///   after Holm.
    public func evaluateNewcomers(
        cut: Timestamp, report: String? = nil, progress: (Int, Int) -> Void
    ) throws -> String {
        let set = try trainingSet(before: cut)
        let lines = try basketLines(facts: set.facts)
        let truths = BasketEvaluation.truths(lines: lines, cut: cut.milliseconds)
        let households = truths.keys.sorted()
        guard !households.isEmpty else {
            throw LearningError(.unusable, "Nobody bought before and after \(cut.dateDescription).")
        }
        var lists: [NewcomerList: [Int32: [Int32]]] = [:]
        for fold in 0..<Self.newcomerFolds {
            let others = set.log.filtered { $0.index % Self.newcomerFolds != fold }
            let asked = households.filter { Int($0) % Self.newcomerFolds == fold }
            let newcomers = NewcomerLists(TrainingSet(log: others, facts: set.facts, now: cut, seed: set.seed))
            for household in asked {
                let history = set.log.history(of: UserNumber(UInt32(bitPattern: household)), before: cut)
                for kind in NewcomerList.allCases {
                    lists[kind, default: [:]][household] = newcomers.list(kind, history: history)
                }
            }
            progress(fold + 1, Self.newcomerFolds)
        }
        let contest = try Contest(
            NewcomerList.allCases.map { kind in (kind.rawValue, households.map { lists[kind]?[$0] ?? [] }) },
            of: households, truths: truths)
        let checks = try BasketChecks(set: set, lines: lines, truths: truths, cut: cut).list()
        if let report {
            try EvaluationReports.contests(
                "Newcomers", "First basket from \(cut.dateDescription) on, of people of whom nothing is known",
                limits:
                    "Households are treated as new that are not: their first basket here is one of many. It says how well "
                    + "the shop's habits are known, not whom the page would win.", checks: checks,
                [("Lists for somebody new", contest)]
            ).write(to: report)
        }
        return try checks.line(
            [.init("households", .integer(Int64(households.count)))] + (contest.json.objectValue ?? []))
    }
}

/// The lists that one part of the households gets.
private struct NewcomerLists {
    private let popularity: PopularityModel
    private let model: NewcomerModel
    private let facts: ItemFacts
    private let proposed: Set<UInt32>
    private let context: RecommendationContext

    init(_ set: TrainingSet) {
        (popularity, facts) = (PopularityModel.train(set), set.facts)
        model = NewcomerModel(popularity, facts: set.facts)
        context = RecommendationContext(now: set.now, eligibility: Eligibility(hidden: set.facts.hidden))
        let crowd = NextBasketModel.train(set)
        proposed = Set(model.proposals(crowd, eligibility: context.eligibility, limit: 12).map(\.category))
    }

    func list(_ kind: NewcomerList, history: [Interaction]) -> [Int32] {
        let limit = BasketEvaluation.cutoff
        let items =
            switch kind {
            case .popularity: popularity.candidates(for: context, limit: limit)
            case .favourites:
                model.candidates(for: context, tastes: favourites(history) { _ in true }, limit: limit)
            case .proposed:
                model.candidates(for: context, tastes: favourites(history, proposed.contains), limit: limit)
            }
        return items.map { Int32(bitPattern: $0.item.rawValue) }
    }

    /// The three categories with most lines; of equals those with the lower number.
    private func favourites(_ history: [Interaction], _ isOpen: (UInt32) -> Bool) -> [UInt32] {
        var counts: [UInt32: Int] = [:]
        for line in history {
            if let category = facts.category(line.item), isOpen(category) { counts[category, default: 0] += 1 }
        }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3).map(\.key)
    }
}
