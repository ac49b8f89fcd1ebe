import Domain
import Evaluation
import Features
import Foundation
import Recommenders

/// How quality grows with what there is to learn from.
struct LearningCurve {
    /// The shares of people that are learned from, besides all of them.
    static let shares = [0.1, 0.3]

    /// A model that learned from a part.
    struct Point: Hashable {
        /// Of all people, up to 1.
        let share: Double
        /// How many people that are.
        let people: Int
        /// The measure by user; always the same users.
        let values: [Double]
        let trainSeconds: Double
    }

    /// Such as `NDCG@10`.
    let measure: String
    /// By model, each with the smallest part first.
    let models: [(name: String, points: [Point])]

    /// Whether somebody belongs to a part of the people: by number, so that a larger part holds all of a smaller one.
    static func isKept(_ user: Int, share: Double) -> Bool {
        // Knuth's multiplicative hash: neighbouring numbers fall far apart.
        Double(UInt32(truncatingIfNeeded: user) &* 2_654_435_761) < share * 4_294_967_296
    }

    /// The parts of a training set, smallest first; those without a purchase are left out.
    static func parts(of set: TrainingSet, shares: [Double]) -> [(share: Double, set: TrainingSet)] {
        shares.compactMap { share in
            var part = set
            part.log = part.log.filtered { isKept($0.index, share: share) }
            part.people = part.people.filter { isKept($0.key.index, share: share) }
            return part.log.count > 0 ? (share, part) : nil
        }
    }

    /// The parts of sequences, one a person.
    static func parts(of sequences: [[UInt32]], shares: [Double]) -> [(share: Double, sequences: [[UInt32]])] {
        shares.compactMap { share in
            let part = sequences.indices.filter { isKept($0, share: share) }.map { sequences[$0] }
            return part.isEmpty ? nil : (share, part)
        }
    }

    var blocks: [ReportBlock] {
        guard models.contains(where: { $0.points.count > 1 }) else { return [] }
        return [
            .lines(
                caption: "\(measure) by how many people are learned from; the users who are asked for stay the same",
                xLabel: "people learned from",
                series: models.prefix(4).map { model in
                    .init(
                        label: model.name, x: model.points.map { Double($0.people) },
                        y: model.points.map { ModelComparison.mean($0.values) })
                }),
            .table(
                caption: "The same as numbers, with 95 % intervals over users",
                columns: ["Model", "Part", "People", measure, "Training, s"],
                rows: models.flatMap { model in model.points.map { row(model.name, $0) } }),
            .paragraph(models.compactMap(outlook).joined(separator: " ")),
        ]
    }

    /// The section of a report.
    func add(to report: inout HTMLReport) {
        guard !blocks.isEmpty else { return }
        report.add(
            section: "With less to learn from",
            conclusion:
                "A curve that still rises at its end says that more people would help this model; it does not say how far. "
                + "One that is flat says that more of the same people would not.",
            blocks: blocks)
    }

    private func row(_ name: String, _ point: Point) -> [String] {
        let interval = PairedBootstrap.interval(of: point.values, resamples: 500)
        return [
            name, String(format: "%.0f %%", 100 * point.share), String(point.people),
            interval.map { String(format: "%.4f (%.4f to %.4f)", $0.mean, $0.lower, $0.upper) } ?? "–",
            String(format: "%.2f", point.trainSeconds),
        ]
    }

    /// Whether the last part still helped.
    private func outlook(_ model: (name: String, points: [Point])) -> String? {
        guard let last = model.points.last, let before = model.points.dropLast().last,
            let gain = PairedBootstrap.interval(candidate: last.values, baseline: before.values, resamples: 500)
        else { return nil }
        let verb = !gain.excludesZero ? "does not tell from chance" : gain.mean > 0 ? "gains" : "loses"
        return "\(model.name) \(verb) \(ModelComparison.text(gain)) from \(before.people) to \(last.people) people."
    }
}
