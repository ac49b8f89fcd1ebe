import Evaluation
import Foundation

/// How a model stands beside plainer ones on the same users: differences, chance, and what so many users can show.
struct ModelComparison {
    /// One plainer model.
    struct Baseline {
        let name: String
        /// The measure by user, in the order of the candidate's.
        let values: [Double]
    }

    /// Such as `NDCG@10`.
    let measure: String
    let candidate: [Double]
    let baselines: [Baseline]

    var blocks: [ReportBlock] {
        var blocks = baselines.isEmpty ? [] : [table]
        if let power { blocks.append(.paragraph(power)) }
        return blocks
    }

    private var table: ReportBlock {
        let pValues = baselines.map {
            PairedPermutationTest.pValue(candidate: candidate, baseline: $0.values) ?? 1
        }
        let adjusted = HolmCorrection.adjusted(pValues)
        let rows = baselines.indices.map { index in
            let baseline = baselines[index]
            let interval = PairedBootstrap.interval(candidate: candidate, baseline: baseline.values, resamples: 500)
            let mean = baseline.values.reduce(0, +) / Double(max(1, baseline.values.count))
            return [
                baseline.name, Self.figure(mean),
                interval.map { "\(Self.signed($0.mean)) (\(Self.signed($0.lower)) to \(Self.signed($0.upper)))" }
                    ?? "–",
                String(format: "%.4f", pValues[index]), String(format: "%.4f", adjusted[index]),
                usersNeeded(against: baseline),
            ]
        }
        return .table(
            caption: "\(measure) of plainer models on the same users",
            columns: [
                "Model", measure, "Difference, 95 %", "p by permutation", "p after Holm", "Users that show it",
            ], rows: rows)
    }

    /// How many users would show the difference that was seen four times out of five.
    private func usersNeeded(against baseline: Baseline) -> String {
        let differences = zip(candidate, baseline.values).map { $0 - $1 }
        guard let deviation = PowerAnalysis.deviation(of: differences) else { return "–" }
        let mean = differences.reduce(0, +) / Double(differences.count)
        return PowerAnalysis.users(difference: mean, deviation: deviation).map(String.init) ?? "–"
    }

    /// What a paired difference must come to, from the deviation against the nearest baseline.
    private var power: String? {
        let deviations = baselines.compactMap { baseline in
            PowerAnalysis.deviation(of: zip(candidate, baseline.values).map { $0 - $1 })
        }
        guard let deviation = deviations.min() ?? PowerAnalysis.deviation(of: candidate), deviation > 0,
            let difference = PowerAnalysis.difference(users: candidate.count, deviation: deviation)
        else { return nil }
        return
            "With these \(candidate.count), a difference of \(Self.figure(difference)) in \(measure) is found four times "
            + "out of five at p < 0.05; a smaller one may well stay unseen, and is no proof that there is none."
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
    private static func signed(_ value: Double) -> String { String(format: "%+.4f", value) }
}
