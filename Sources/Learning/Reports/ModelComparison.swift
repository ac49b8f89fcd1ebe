import Evaluation
import Foundation

/// How a model stands beside others on the same users: differences, chance, and what so many users can show.
struct ModelComparison {
    /// Another model.
    struct Baseline {
        let name: String
        /// The measure by user, in the order of the candidate's.
        let values: [Double]
    }

    /// What a comparison with one of them came to.
    struct Outcome {
        let name: String
        let mean: Double
        /// Of the candidate's mean less this one's; `nil` without users.
        let difference: ConfidenceInterval?
        let pValue: Double
        /// After Holm, over all baselines.
        let adjusted: Double
        /// How many users would show the difference that was seen four times out of five.
        let usersNeeded: Int?

        /// Whether the models differ beyond chance.
        var isFound: Bool { adjusted < ModelComparison.significance && difference?.excludesZero == true }
    }

    static let significance = 0.05

    let name: String
    /// Such as `NDCG@10`.
    let measure: String
    let candidate: [Double]
    /// In the order of the baselines.
    let outcomes: [Outcome]
    /// What the values are of.
    let unit: String
    private let deviations: [Double]

    /// - Parameter draws: Of signs, for each permutation test.
    init(
        name: String = "the model", measure: String, candidate: [Double], baselines: [Baseline],
        unit: String = "users", draws: Int = PairedPermutationTest.defaultDraws
    ) {
        (self.name, self.measure, self.candidate, self.unit) = (name, measure, candidate, unit)
        let pValues = baselines.map {
            PairedPermutationTest.pValue(candidate: candidate, baseline: $0.values, draws: draws) ?? 1
        }
        let differences = baselines.map { zip(candidate, $0.values).map { $0 - $1 } }
        deviations = differences.compactMap { PowerAnalysis.deviation(of: $0) }
        outcomes = zip(zip(baselines, differences), zip(pValues, HolmCorrection.adjusted(pValues))).map {
            model, chance in
            let (baseline, differences) = model
            let interval = PairedBootstrap.interval(of: differences, resamples: 500)
            let needed = PowerAnalysis.deviation(of: differences).flatMap { deviation in
                PowerAnalysis.users(difference: interval?.mean ?? 0, deviation: deviation)
            }
            return Outcome(
                name: baseline.name, mean: Self.mean(baseline.values), difference: interval, pValue: chance.0,
                adjusted: chance.1, usersNeeded: needed)
        }
    }

    /// The best model by the mean beside all others; of equals the first by name. `nil` without models.
    init?(
        best models: [Baseline], measure: String, unit: String = "users",
        draws: Int = PairedPermutationTest.defaultDraws
    ) {
        let sorted = models.sorted { (Self.mean($1.values), $0.name) < (Self.mean($0.values), $1.name) }
        guard let best = sorted.first else { return nil }
        self.init(
            name: best.name, measure: measure, candidate: best.values, baselines: Array(sorted.dropFirst()),
            unit: unit, draws: draws)
    }

    var blocks: [ReportBlock] { (outcomes.isEmpty ? [] : [table]) + (power.map { [.paragraph($0)] } ?? []) }

    private var table: ReportBlock {
        .table(
            caption: "\(measure) of other models on the same \(unit); differences are of \(name) less each",
            columns: [
                "Model", measure, "Difference, 95 %", "p by permutation", "p after Holm",
                "\(unit.capitalized) that show it",
            ],
            rows: outcomes.map { outcome in
                [
                    outcome.name, Self.figure(outcome.mean), Self.text(outcome.difference),
                    Self.figure(outcome.pValue), Self.figure(outcome.adjusted),
                    outcome.usersNeeded.map(String.init) ?? "–",
                ]
            })
    }

    /// What a paired difference must come to, from the deviation against the nearest baseline.
    var power: String? {
        guard let deviation = deviations.min() ?? PowerAnalysis.deviation(of: candidate), deviation > 0,
            let difference = PowerAnalysis.difference(users: candidate.count, deviation: deviation)
        else { return nil }
        return
            "With these \(candidate.count), a difference of \(Self.figure(difference)) in \(measure) is found four times "
            + "out of five at p < 0.05; a smaller one may well stay unseen, and is no proof that there is none."
    }

    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    static func text(_ interval: ConfidenceInterval?) -> String {
        interval.map { String(format: "%+.4f (%+.4f to %+.4f)", $0.mean, $0.lower, $0.upper) } ?? "–"
    }

    static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
