import Evaluation
import Foundation
import JSON

/// Whether lists lean to best sellers more than the people they are for.
struct BiasReport {
    let bias: PopularityBias
    /// What each user had before, each item once.
    let profiles: [[Int]]
    /// Lists of ten, parallel to `profiles`.
    let lists: [[Int]]

    var blocks: [ReportBlock] {
        guard let all = row("all", profiles.indices.map { $0 }) else { return [] }
        let tastes = bias.tastes(profiles)
        let rows = PopularityBias.Taste.allCases.compactMap { taste in
            row(Self.names[taste] ?? taste.rawValue, profiles.indices.filter { tastes[$0] == taste })
        }
        return [
            .table(
                caption: "Popularity of what people had and of what they are shown",
                columns: [
                    "Users", "How many", "Popularity had (GAP)", "shown (ARP)", "Lift", "Long tail had", "shown (APLT)",
                ], rows: [all] + rows)
        ]
    }

    /// The section of a report.
    func add(to report: inout HTMLReport) {
        guard !blocks.isEmpty else { return }
        report.add(
            section: "Lean to best sellers",
            conclusion:
                "A lift above zero shows people more popular things than they had themselves; where it is largest for those of "
                + "niche tastes, they pay for the crowd. A lean is no fault where best sellers are what is wanted: read it beside "
                + "the accuracy.",
            blocks: blocks)
    }

    /// `arp`, `long_tail` and `lift`; `null` where nothing was shown, or nobody had anything.
    var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        return .object([
            .init("arp", number(bias.averagePopularity(lists))), .init("long_tail", number(bias.longTailShare(lists))),
            .init("lift", number(bias.lift(profiles: profiles, lists: lists))),
        ])
    }

    private static let names: [PopularityBias.Taste: String] = [
        .niche: "niche: the fifth with most of the long tail", .mixed: "mixed: those between",
        .bestsellers: "best sellers: the fifth with least of the long tail",
    ]

    private func row(_ name: String, _ users: [Int]) -> [String]? {
        let (had, shown) = (users.map { profiles[$0] }, users.map { lists[$0] })
        guard !users.isEmpty, let before = bias.averagePopularity(had), let after = bias.averagePopularity(shown) else {
            return nil
        }
        func percent(_ value: Double?, sign: String = "") -> String {
            value.map { String(format: "%\(sign).1f %%", 100 * $0) } ?? "–"
        }
        return [
            name, String(users.count), String(format: "%.1f", before), String(format: "%.1f", after),
            percent(bias.lift(profiles: had, lists: shown), sign: "+"), percent(bias.longTailShare(had)),
            percent(bias.longTailShare(shown)),
        ]
    }
}
