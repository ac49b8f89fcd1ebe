import Evaluation
import Foundation
import JSON
import Numerics
import Recommenders

/// What models came to on sessions: figures, checks, a page.
struct SessionOutcome {
    let data: SessionEvaluation.Data
    let questions: [SessionEvaluation.Question]
    let entries: [SessionTask.Entry]
    let comparison: ModelComparison
    private let bias: PopularityBias

    /// How often lists are drawn for scorers that know nothing.
    private static let draws = 3

    init(data: SessionEvaluation.Data, questions: [SessionEvaluation.Question], entries: [SessionTask.Entry]) {
        (self.data, self.questions, self.entries) = (data, questions, entries)
        var counts = Array(repeating: 0, count: data.items.count)
        for session in data.training { for item in session { counts[Int(item)] += 1 } }
        bias = PopularityBias(counts: counts)
        let first = entries[0]
        comparison = ModelComparison(
            name: first.name, measure: "MRR@20", candidate: first.result.bySession(first.result.reciprocalRank),
            baselines: entries.dropFirst().map {
                .init(name: $0.name, values: $0.result.bySession($0.result.reciprocalRank))
            }, unit: "sessions")
    }

    /// `sessions`, `questions`, `items`, and by model the figures, `p` and `p_holm` of MRR@20 against the first, coverage and costs.
    var members: [JSONValue.Member] {
        let models = entries.enumerated().map { place, entry in
            var own = entry.result.figures.map { JSONValue.Member($0.name, .number(ModelComparison.mean($0.values))) }
            if place > 0 {
                let outcome = comparison.outcomes[place - 1]
                own += [.init("p", .number(outcome.pValue)), .init("p_holm", .number(outcome.adjusted))]
            }
            let (lean, coverage) = variety(entry)
            own += [
                .init("coverage", .number(coverage)), .init("arp", lean.arp.map { .number($0) } ?? .null),
                .init("long_tail", lean.tail.map { .number($0) } ?? .null),
                .init("train_seconds", .number(entry.trainSeconds)),
                .init("answer_milliseconds", .number(1000 * entry.answerSeconds)),
            ]
            return JSONValue.Member(entry.name, .object(own))
        }
        return [
            .init("sessions", .integer(Int64(data.test.count))), .init("questions", .integer(Int64(questions.count))),
            .init("items", .integer(Int64(data.items.count))),
            .init("training_sessions", .integer(Int64(data.training.count))), .init("models", .object(models)),
        ]
    }

    private func variety(_ entry: SessionTask.Entry) -> (lean: (arp: Double?, tail: Double?), coverage: Double) {
        let lists = entry.lists.map { $0.map { Int($0) } }
        let exposures = CatalogueMetrics.exposures(lists: lists, itemCount: data.items.count)
        return (
            (bias.averagePopularity(lists), bias.longTailShare(lists)), CatalogueMetrics.coverage(exposures: exposures)
        )
    }

    /// Copies of sessions, and lists by lot and the same for everybody.
    var checks: [CheckList.Check] {
        [
            HonestyChecks.copies((data.training + data.test).map { $0.map { Int32(bitPattern: $0) } }),
            uninformed(isConstant: false), uninformed(isConstant: true),
        ]
    }

    /// Hit rate of the next item, by session, through the same scoring as any model's.
    private func uninformed(isConstant: Bool) -> CheckList.Check {
        var random = SeededGenerator(seed: 1)
        let (items, length) = (UInt64(data.items.count), min(data.items.count, SessionEvaluation.cutoff))
        func draw() -> [UInt32] {
            var list: [UInt32] = []
            while list.count < length {
                let item = UInt32(random.next() % items)
                if !list.contains(item) { list.append(item) }
            }
            return list
        }
        // The first beginning of each session: those that follow are no new people.
        let firsts = questions.filter { $0.beginning.count == 1 }
        var found = [Double](repeating: 0, count: firsts.count)
        for _ in 0..<Self.draws {
            let same = draw()
            let lists = firsts.map { _ in isConstant ? same : draw() }
            let hits = SessionEvaluation.Result(lists, of: firsts).hitRate
            for place in found.indices { found[place] += hits[place] / Double(Self.draws) }
        }
        var shares = [Double](repeating: 0, count: data.items.count)
        for question in firsts { shares[Int(question.rest[0])] += 1 / Double(firsts.count) }
        let chance = Double(length) / Double(data.items.count)
        return HonestyChecks.uninformed(
            isConstant ? "constant scorer" : "random scorer", isConstant ? "a constant scorer" : "a scorer by lot",
            found: found, chance: Array(repeating: chance, count: firsts.count),
            spread: isConstant ? HonestyChecks.spread(shares, listLength: length, draws: Self.draws) : 0)
    }

    func html(_ checks: CheckList, subtitle: String) -> HTMLReport {
        var report = HTMLReport(title: "Sessions", subtitle: subtitle)
        comparison.addVerdict(
            to: &report,
            limits:
                "Lists are judged by what shoppers did under the shop as it was. Beginnings of one session are not "
                + "independent, so sessions are drawn. Other data, and other gaps between sessions, give other figures."
        )
        EvaluationReports.add(checks, to: &report)
        report.add(
            section: "Figures",
            conclusion:
                "Hit rate and reciprocal rank are of the very next item, the others of all that remain: where the order of a "
                + "session says nothing, as in a basket, the latter count.",
            blocks: [bars, table] + comparison.blocks)
        report.add(
            section: "By how much of a session is known",
            conclusion: "Later beginnings are of longer sessions: a curve compares models, and not the same sessions.",
            blocks: [byLength])
        report.add(
            section: "What it costs", conclusion: "Times are of this machine and this run.",
            blocks: CostReport(
                measure: "MRR@20",
                caption: "Training on \(data.training.count) sessions, \(questions.count) lists of twenty",
                entries: entries.map {
                    .init(
                        name: $0.name, quality: ModelComparison.mean($0.result.reciprocalRank),
                        trainSeconds: $0.trainSeconds, answerSeconds: $0.answerSeconds)
                }
            ).blocks)
        if let first = entries.first {
            let lasts = questions.indices.filter { questions[$0].beginning.count == 1 }
            ItemSegmentReport(
                lists: lasts.map { first.lists[$0].map { Int($0) } },
                truths: lasts.map { Set(questions[$0].rest.map { Int($0) }) }, counts: bias.counts, path: { _ in [] }
            ).add(to: &report)
        }
        return report
    }

    private var bars: ReportBlock {
        .bars(
            caption: "MRR@20 with 95 % intervals over \(data.test.count) sessions",
            bars: entries.compactMap { entry in
                PairedBootstrap.interval(of: entry.result.bySession(entry.result.reciprocalRank), resamples: 500)
                    .map { .init(label: entry.name, interval: $0) }
            })
    }

    private var table: ReportBlock {
        let names = entries[0].result.figures.map(\.name)
        return .table(
            caption: "Means over \(questions.count) beginnings; \(data.items.count) items",
            columns: ["Model"] + names + ["Coverage", "ARP", "Long tail"],
            rows: entries.map { entry in
                let (lean, coverage) = variety(entry)
                return [entry.name]
                    + entry.result.figures.map { ModelComparison.figure(ModelComparison.mean($0.values)) }
                    + [coverage, lean.arp ?? .nan, lean.tail ?? .nan].map { String(format: "%.3f", $0) }
            })
    }

    private var byLength: ReportBlock {
        .lines(
            caption: "MRR@20 by how many items are known", xLabel: "items known",
            series: entries.prefix(4).map { entry in
                var (sums, counts): ([Int: Double], [Int: Double]) = ([:], [:])
                for (question, value) in zip(questions, entry.result.reciprocalRank) {
                    sums[question.beginning.count, default: 0] += value
                    counts[question.beginning.count, default: 0] += 1
                }
                let lengths = sums.keys.sorted()
                return .init(
                    label: entry.name, x: lengths.map { Double($0) },
                    y: lengths.map { (sums[$0] ?? 0) / (counts[$0] ?? 1) })
            })
    }
}
