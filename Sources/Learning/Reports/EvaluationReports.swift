import Domain
import Evaluation
import Foundation

/// The reports of the evaluation tasks.
enum EvaluationReports {
    /// What a report of lists holds beside its figures.
    struct Details {
        let comparison: ModelComparison
        let checks: CheckList
        let lists: ListReport
        let bias: BiasReport
        let items: ItemSegmentReport
        let worst: WorstCases
        let costs: CostReport
        var scores: ScoreReport?
        var segments: SegmentReport?
        var curve: LearningCurve?
        var windows: WindowReport?
    }

    /// What is done with the lists of any task: the verdict and the checks first, then the figures, then what lies behind them.
    ///
    /// - Parameter limits: What the figures do not show, in a sentence.
    private static func page(
        _ title: String, _ subtitle: String, limits: String, figures: [ReportBlock], _ details: Details
    ) -> HTMLReport {
        var report = HTMLReport(title: title, subtitle: subtitle)
        details.comparison.addVerdict(to: &report, limits: limits)
        add(details.checks, to: &report)
        report.add(
            section: "Figures",
            conclusion:
                "An interval says how the mean moves with the draw of users, and nothing of other shops or times.",
            blocks: figures)
        report.add(
            section: "Beside plainer models",
            conclusion:
                "A difference counts if its interval leaves zero out and its p-value after Holm is small. It says that the "
                + "models differ on this data, not that shoppers would buy more.",
            blocks: details.comparison.blocks)
        details.curve?.add(to: &report)
        report.add(
            section: "What it costs", conclusion: "Times are of this machine and this run.",
            blocks: details.costs.blocks)
        if let scores = details.scores, !scores.blocks.isEmpty {
            report.add(
                section: "Scores as decisions",
                conclusion:
                    "Candidates are those that the model itself proposes, so the curves judge its order and not what it "
                    + "overlooks. Plainer models are asked about the same candidates: their areas say how hard these are to "
                    + "tell apart, not how good lists of their own would be.",
                blocks: scores.blocks)
        }
        if let windows = details.windows {
            report.add(
                section: "At other cuts",
                conclusion:
                    "Later cuts know more of each household, and seasons differ: a rise is no merit of the model alone.",
                blocks: windows.blocks)
        }
        if let segments = details.segments {
            report.add(
                section: "Who is served how well",
                conclusion:
                    "Groups are of users whose past is of similar length. Wide intervals are small groups: no ranking of "
                    + "groups follows from them.",
                blocks: segments.blocks)
        }
        details.items.add(to: &report)
        details.bias.add(to: &report)
        report.add(
            section: "What the lists show",
            conclusion:
                "Coverage, novelty and diversity are neither good nor bad by themselves: read them beside the accuracy "
                + "that they cost.",
            blocks: details.lists.blocks)
        details.worst.add(to: &report)
        return report
    }

    /// The section of a report on what would make it worthless.
    static func add(_ checks: CheckList, to report: inout HTMLReport) {
        report.add(
            section: "Checks",
            conclusion: checks.failures.isEmpty
                ? "Each of these would make the figures worthless; none was found. It does not follow that there is no other."
                : "A check failed: the figures below are worthless until its cause is found.",
            blocks: checks.blocks)
    }

    static func search(
        _ result: SearchEvaluation.Result, _ comparison: SearchEvaluation.Comparison?, shop: String
    ) -> HTMLReport {
        var report = HTMLReport(title: "Search quality", subtitle: shop)
        let beside = ModelComparison(
            name: "this search", measure: "NDCG@10", candidate: result.queries.map(\.ndcg),
            baselines: comparison.map { [.init(name: "the other run", values: $0.baseline.queries.map(\.ndcg))] } ?? [],
            unit: "queries")
        beside.addVerdict(
            to: &report,
            limits:
                "The judgements are of product types: the order within a type is not measured, and neither is whether anybody "
                + "would buy what is found.")
        report.add(
            section: "Overall", conclusion: "Groups hold few queries: read their figures as hints.",
            blocks: searchBlocks(result))
        if let comparison {
            report.add(
                section: "Beside another run",
                conclusion:
                    "\(comparison.better) queries are answered better than in the other run and \(comparison.worse) worse. "
                    + "The difference counts if its interval leaves zero out and its p-value is small.",
                blocks: beside.blocks)
        }
        let worst = result.queries.sorted { $0.ndcg < $1.ndcg }.prefix(20).map {
            [$0.query.text, $0.query.group, figure($0.ndcg), $0.hasResults ? "yes" : "no"]
        }
        report.add(
            section: "Worst queries",
            conclusion: "Read them one by one: each is a shopper who did not see what was asked for.",
            blocks: [.table(caption: "Lowest NDCG@10", columns: ["Query", "Group", "NDCG@10", "Results"], rows: worst)])
        return report
    }

    private static func searchBlocks(_ result: SearchEvaluation.Result) -> [ReportBlock] {
        var blocks: [ReportBlock] = []
        if let interval = PairedBootstrap.interval(of: result.queries.map(\.ndcg)) {
            blocks.append(
                .bars(caption: "NDCG@10, 95 % interval over queries", bars: [.init(label: "all", interval: interval)]))
        }
        blocks.append(
            .bars(
                caption: "NDCG@10 by group",
                bars: result.groups.map { .init(label: "\($0.name) (\($0.queries))", value: $0.ndcg, group: 1) }))
        let count = Double(result.queries.count)
        blocks.append(
            .table(
                caption: "All queries", columns: ["Metric", "Value"],
                rows: [
                    ["NDCG@10", figure(result.ndcg)],
                    ["Precision@10", figure(result.queries.map(\.precision).reduce(0, +) / count)],
                    ["MRR@10", figure(result.queries.map(\.reciprocalRank).reduce(0, +) / count)],
                    ["MAP@10", figure(result.queries.map(\.averagePrecision).reduce(0, +) / count)],
                    ["Without a result", String(result.zeroResults)],
                    ["Nothing graded in the first ten", String(result.nothingGraded)],
                ]))
        return blocks
    }

    static func baskets(_ result: BasketEvaluation.Result, cut: Timestamp, details: Details) -> HTMLReport {
        page(
            "Next basket", "Cut at \(cut.dateDescription)",
            limits:
                "Measured on real purchases after the cut, which the model never saw. It says how well habits are known, not "
                + "how much more a shop would sell: for that, run an experiment.",
            figures: [
                .bars(
                    caption: "Means with 95 % intervals over households",
                    bars: [
                        bar("NDCG@10", result.ndcgByHousehold), bar("Recall@10", result.recallByHousehold),
                        bar("Recall@10, new products", result.recallNewByHousehold),
                    ].compactMap(\.self)),
                .histogram(caption: "Recall@10 by household", values: result.recallByHousehold, bins: 20),
            ], details)
    }

    static func sequences(
        _ result: SequenceEvaluation.Result, data: String, model: String, details: Details
    ) -> HTMLReport {
        page(
            "Next item", "\(model) on \(URL(filePath: data).lastPathComponent), leave one out",
            limits:
                "The last item of each user is predicted among all items; other users' later items may be in the training "
                + "part, as in the published tables, so read it beside a time split. It does not show what shoppers would do "
                + "with other lists in front of them.",
            figures: [
                .bars(
                    caption: "Means with 95 % intervals over users",
                    bars: [bar("NDCG@10", result.ndcgByUser), bar("Recall@10", result.recallByUser)].compactMap(\.self))
            ], details)
    }

    private static func bar(_ label: String, _ values: [Double]) -> ReportBlock.Bar? {
        PairedBootstrap.interval(of: values, resamples: 500).map { .init(label: label, interval: $0) }
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
