import Evaluation
import Foundation
import JSON

/// Several ways to make lists for the same households, each tested against the first.
struct Contest {
    /// One way with what it came to.
    struct Entry {
        let name: String
        let result: BasketEvaluation.Result
    }

    let entries: [Entry]
    /// The first beside all others; `p` is corrected over these by Holm's method.
    let comparison: ModelComparison

    /// - Precondition: At least one entry, all of the same households.
    init(_ entries: [Entry]) {
        self.entries = entries
        comparison = ModelComparison(
            name: entries[0].name, measure: "NDCG@10", candidate: entries[0].result.ndcgByHousehold,
            baselines: entries.dropFirst().map { .init(name: $0.name, values: $0.result.ndcgByHousehold) },
            unit: "households")
    }

    /// Ways whose lists are of items of one kind, so that what is found of any and of new items is the same.
    ///
    /// - Parameter lists: By way the lists of `households`, in their order.
    init(
        _ lists: [(name: String, lists: [[Int32]])], of households: [Int32], truths: [Int32: BasketEvaluation.Truth]
    ) throws {
        self.init(
            try lists.map { name, lists in
                Entry(
                    name: name,
                    result: try BasketEvaluation.score(
                        households: households, lists: lists, newLists: lists, truths: truths))
            })
    }

    /// By name `ndcg@10` and `recall@10`, with `p` and `p_holm` of all but the first.
    var json: JSONValue {
        .object(
            entries.enumerated().map { place, entry in
                var own: [JSONValue.Member] = [
                    .init("ndcg@10", .number(entry.result.ndcg)), .init("recall@10", .number(entry.result.recall)),
                ]
                if place > 0 {
                    let outcome = comparison.outcomes[place - 1]
                    own += [.init("p", .number(outcome.pValue)), .init("p_holm", .number(outcome.adjusted))]
                }
                return .init(entry.name, .object(own))
            })
    }

    /// Figures with intervals, and the tests.
    var blocks: [ReportBlock] {
        func bar(_ name: String, _ values: [Double]) -> ReportBlock.Bar? {
            PairedBootstrap.interval(of: values, resamples: 500).map { .init(label: name, interval: $0) }
        }
        return [
            .bars(
                caption: "NDCG@10 with 95 % intervals over \(entries[0].result.households) households",
                bars: entries.compactMap { bar($0.name, $0.result.ndcgByHousehold) }),
            .bars(
                caption: "Recall@10 with 95 % intervals",
                bars: entries.compactMap { bar($0.name, $0.result.recallByHousehold) }),
        ] + comparison.blocks
    }
}

extension EvaluationReports {
    /// A page of contests.
    ///
    /// - Parameter limits: What the figures do not show, in a sentence.
    /// - Parameter contests: With the title of a section each; the first gives the verdict.
    static func contests(
        _ title: String, _ subtitle: String, limits: String, checks: CheckList,
        _ contests: [(title: String, contest: Contest)], more: [ReportBlock] = []
    ) -> HTMLReport {
        var report = HTMLReport(title: title, subtitle: subtitle)
        if contests.count == 1 {
            contests[0].contest.comparison.addVerdict(to: &report, limits: limits)
        } else {
            report.add(
                section: "What to conclude", conclusion: limits,
                blocks: contests.map { title, contest in
                    .paragraph("\(title): " + contest.comparison.verdict.joined(separator: " "))
                })
        }
        add(checks, to: &report)
        for (title, contest) in contests {
            report.add(
                section: title,
                conclusion:
                    "Each is tested against \(contest.entries[0].name) on the same households, corrected over this section by "
                    + "Holm's method.", blocks: contest.blocks)
        }
        if !more.isEmpty {
            report.add(
                section: "Beside accuracy",
                conclusion: "What is gained here is paid for in accuracy, or not: the tests above say which.",
                blocks: more)
        }
        return report
    }
}
