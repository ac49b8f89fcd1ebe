import Evaluation
import Foundation
import JSON

/// `souk evaluate offpolicy`: what one policy would have earned, from the log of another.
public enum OffPolicyTask {
    /// Estimates the value of the policy that made `target` from the impressions of `log` alone; the rewards of `target` are
    /// read only as the truth beside the estimates.
    ///
    /// The policy in question is its chance of each item at each position, averaged over its own log: for policies that do
    /// not look at the person. Rewards are modelled as means by item and position, drawn to the position's mean, each half of
    /// the log by the other half.
    /// - Returns: One line of JSON.
    public static func evaluate(log path: String, target: String, report: String?) throws -> String {
        let (log, other) = (try ImpressionLog(path: path), try ImpressionLog(path: target))
        let rows = rows(log, policy: policy(of: other, for: log))
        guard let ips = OffPolicy.ips(rows), let direct = OffPolicy.directMethod(rows),
            let robust = OffPolicy.doublyRobust(rows), let normalised = OffPolicy.snips(rows)
        else { throw LearningError(.unusable, "The log holds no choice that the other policy would make.") }
        let truth = other.meanReward
        let estimates = [("ips", ips), ("snips", normalised), ("dr", robust), ("dm", direct)]
        if let report {
            try html(estimates, truth: truth, log: log, rows: rows, names: (path, target)).write(to: report)
        }
        var members = [
            JSONValue.Member("impressions", .integer(Int64(rows.count))),
            .init("effective", .number(OffPolicy.effectiveSampleSize(rows))), .init("logged", .number(log.meanReward)),
            .init("on_policy", .number(truth)),
        ]
        for (name, estimate) in estimates {
            members += [
                .init(name, .number(estimate.value)), .init("\(name)_error", .number(estimate.standardError)),
            ]
        }
        return JSONLine.text(.object(members))
    }

    /// Chances by position and item of `log`, each position's summing to one; zero for items that the other never chose.
    private static func policy(of other: ImpressionLog, for log: ImpressionLog) -> [[Double]] {
        let items = Dictionary(uniqueKeysWithValues: log.items.enumerated().map { ($1, $0) })
        let positions = Dictionary(uniqueKeysWithValues: log.positions.enumerated().map { ($1, $0) })
        var sums = [[Double]](repeating: [Double](repeating: 0, count: log.items.count), count: log.positions.count)
        var counts = sums
        for impression in other.impressions {
            guard let item = items[other.items[impression.item]],
                let position = positions[other.positions[impression.position]]
            else { continue }
            sums[position][item] += impression.propensity
            counts[position][item] += 1
        }
        return zip(sums, counts).map { sums, counts in
            let chances = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
            let total = chances.reduce(0, +)
            return total > 0 ? chances.map { $0 / total } : chances
        }
    }

    private static func rows(_ log: ImpressionLog, policy: [[Double]]) -> [OffPolicy.Row] {
        // The rows of one half are judged by the other half.
        let models = [1, 0].map { half in expected(log, half: half) }
        let underTarget = models.map { model in
            zip(model, policy).map { zip($0, $1).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        return log.impressions.enumerated().map { place, impression in
            OffPolicy.Row(
                reward: impression.reward, propensity: impression.propensity,
                target: policy[impression.position][impression.item],
                expected: models[place % 2][impression.position][impression.item],
                expectedUnderTarget: underTarget[place % 2][impression.position])
        }
    }

    /// Mean rewards by position and item over every second impression, a hundred impressions of the position's mean added.
    private static func expected(_ log: ImpressionLog, half: Int) -> [[Double]] {
        var sums = [[Double]](repeating: [Double](repeating: 0, count: log.items.count), count: log.positions.count)
        var counts = sums
        for (place, impression) in log.impressions.enumerated() where place % 2 == half {
            sums[impression.position][impression.item] += impression.reward
            counts[impression.position][impression.item] += 1
        }
        return zip(sums, counts).map { sums, counts in
            let mean = sums.reduce(0, +) / max(1, counts.reduce(0, +))
            return zip(sums, counts).map { ($0 + 100 * mean) / ($1 + 100) }
        }
    }

    private static func html(
        _ estimates: [(String, OffPolicy.Estimate)], truth: Double, log: ImpressionLog, rows: [OffPolicy.Row],
        names: (String, String)
    ) -> HTMLReport {
        let (from, to) = (URL(filePath: names.0).lastPathComponent, URL(filePath: names.1).lastPathComponent)
        var report = HTMLReport(title: "Off-policy estimates", subtitle: "The policy of \(to) from the log of \(from)")
        let bars = estimates.map { name, estimate in
            ReportBlock.Bar(
                label: name.uppercased(), value: estimate.value, lower: estimate.value - 1.96 * estimate.standardError,
                upper: estimate.value + 1.96 * estimate.standardError)
        }
        let figure = { (value: Double) in String(format: "%.5f", value) }
        report.add(
            section: "Estimates",
            conclusion:
                "An interval that holds the other policy's own mean speaks for the estimator; a wide one says that the log "
                + "cannot tell. The effective sample size says how many choices of the policy itself would say as much.",
            blocks: [
                .bars(
                    caption: "Mean reward with 95 % intervals",
                    bars: bars + [
                        .init(label: "log's own", value: log.meanReward, group: 1),
                        .init(label: "on policy", value: truth, group: 1),
                    ]),
                .table(
                    caption: "Estimates", columns: ["Estimator", "Value", "Standard error", "Off by"],
                    rows: estimates.map { [$0, figure($1.value), figure($1.standardError), figure($1.value - truth)] }),
                .paragraph(
                    "\(rows.count) impressions, effective sample size "
                        + String(format: "%.0f.", OffPolicy.effectiveSampleSize(rows))),
            ])
        return report
    }
}
