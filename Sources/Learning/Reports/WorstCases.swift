import Evaluation
import Foundation

/// Lists that missed most, to be read one by one.
struct WorstCases {
    /// One user's list. Nobody is named: a report may be passed on.
    struct Case {
        /// What is known of the user, such as how many baskets.
        let known: String
        let value: Double
        /// Names of items, best or newest first.
        let had: [String]
        let shown: [String]
        let wanted: [String]
    }

    static let limit = 12
    /// How many names of each kind are shown.
    static let names = 4

    /// Such as `NDCG@10`.
    let measure: String
    let cases: [Case]

    /// Users with the lowest values; of equals those of whom most is known, for they should have been easiest, then the first.
    static func places(of values: [Double], known: [Int]) -> [Int] {
        Array(values.indices.sorted { (values[$0], known[$1], $0) < (values[$1], known[$0], $1) }.prefix(limit))
    }

    /// The section of a report.
    func add(to report: inout HTMLReport) {
        guard !cases.isEmpty else { return }
        report.add(
            section: "Worst cases",
            conclusion:
                "Those of whom much was known and who still got nothing right stand first. They show what kind of thing goes "
                + "wrong, not how often: that is what the figures are for.",
            blocks: [
                .table(
                    caption: "Lowest \(measure)", columns: ["Known", measure, "Had last", "Shown first", "Wanted"],
                    rows: cases.map {
                        [$0.known, ModelComparison.figure($0.value)] + [$0.had, $0.shown, $0.wanted].map(Self.text)
                    })
            ])
    }

    private static func text(_ names: [String]) -> String {
        names.prefix(Self.names).joined(separator: "; ") + (names.count > Self.names ? "; …" : "")
    }
}
