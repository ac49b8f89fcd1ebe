import Evaluation
import Foundation
import JSON

/// Ways to join words and meaning, measured on the same judged queries.
struct FusionReport {
    /// One way with the NDCG@10 of each query.
    struct Row {
        let name: String
        /// What was chosen or learned from all queries; empty where nothing was.
        let setting: String
        /// Of each query, answered with what the other folds chose.
        let ndcg: [Double]

        var mean: Double { ndcg.reduce(0, +) / Double(ndcg.count) }
    }

    /// The first is words alone, the second the shipped way.
    let rows: [Row]
    let folds: Int
    let repetitions: Int

    /// Two-sided p-values of the difference from a row, corrected for all comparisons with it; `nil` for that row itself.
    private func pValues(against baseline: Int) -> [Double?] {
        let others = rows.indices.filter { $0 != baseline }
        let values = others.map {
            PairedPermutationTest.pValue(candidate: rows[$0].ndcg, baseline: rows[baseline].ndcg) ?? 1
        }
        let known = Dictionary(uniqueKeysWithValues: zip(others, HolmCorrection.adjusted(values)))
        return rows.indices.map { known[$0] }
    }

    private func uncorrected(_ row: Int, against baseline: Int) -> Double? {
        row == baseline ? nil : PairedPermutationTest.pValue(candidate: rows[row].ndcg, baseline: rows[baseline].ndcg)
    }

    /// A table in Markdown.
    var table: String {
        var lines = [
            "| fusion | of all queries | NDCG@10 | to words alone (95 %) | p | p (Holm) | to the shipped way (95 %) | p | p (Holm) |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        let corrected = [pValues(against: 0), pValues(against: 1)]
        for (index, row) in rows.enumerated() {
            var cells = ["`\(row.name)`", row.setting, Self.figure(row.mean)]
            for baseline in 0..<2 {
                let interval = PairedBootstrap.interval(candidate: row.ndcg, baseline: rows[baseline].ndcg)
                cells += [
                    index == baseline
                        ? ""
                        : interval.map {
                            "\(Self.signed($0.mean)) (\(Self.signed($0.lower)) to \(Self.signed($0.upper)))"
                        }
                            ?? "",
                    uncorrected(index, against: baseline).map(Self.figure) ?? "",
                    corrected[baseline][index].map(Self.figure) ?? "",
                ]
            }
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n")
    }

    var json: String {
        let corrected = [pValues(against: 0), pValues(against: 1)]
        let list = rows.indices.map { index in
            var members: [JSONValue.Member] = [
                .init("fusion", .string(rows[index].name)), .init("setting", .string(rows[index].setting)),
                .init("ndcg@10", .number(rows[index].mean)),
            ]
            for (baseline, name) in ["words", "shipped"].enumerated() where index != baseline {
                let interval = PairedBootstrap.interval(candidate: rows[index].ndcg, baseline: rows[baseline].ndcg)
                members.append(
                    .init(
                        name,
                        .object([
                            .init("difference", .number(interval?.mean ?? 0)),
                            .init("lower", .number(interval?.lower ?? 0)),
                            .init("upper", .number(interval?.upper ?? 0)),
                            .init("p_value", .number(uncorrected(index, against: baseline) ?? 1)),
                            .init("p_holm", .number(corrected[baseline][index] ?? 1)),
                        ])))
            }
            return JSONValue.object(members)
        }
        return JSONLine.text(
            .object([
                .init("queries", .integer(Int64(rows.first?.ndcg.count ?? 0))), .init("folds", .integer(Int64(folds))),
                .init("repetitions", .integer(Int64(repetitions))), .init("fusions", .array(list)),
            ]))
    }

    /// A difference of NDCG@10, for people.
    static func words(_ difference: ConfidenceInterval, _ pValue: Double, queries: Int) -> String {
        "NDCG@10 \(signed(difference.mean)) (95 % \(signed(difference.lower)) to \(signed(difference.upper)), p = "
            + "\(figure(pValue))) beside the shipped way on \(queries) queries that others taught it"
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
    private static func signed(_ value: Double) -> String { String(format: "%+.4f", value) }
}
