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

    /// How one way differs from another.
    private struct Difference {
        let interval: ConfidenceInterval?
        /// Two-sided.
        let pValue: Double
        /// After Holm, over all comparisons with the other way.
        let adjusted: Double
    }

    /// The first is words alone, the second the shipped way.
    let rows: [Row]
    let folds: Int
    let repetitions: Int
    /// By each of the first two rows, then by row: what that differs by; `nil` for the row itself.
    private let differences: [[Difference?]]

    init(rows: [Row], folds: Int, repetitions: Int) {
        (self.rows, self.folds, self.repetitions) = (rows, folds, repetitions)
        differences = rows.indices.prefix(2).map { baseline in
            let others = rows.indices.filter { $0 != baseline }
            let pValues = others.map {
                PairedPermutationTest.pValue(candidate: rows[$0].ndcg, baseline: rows[baseline].ndcg) ?? 1
            }
            let found = zip(others, zip(pValues, HolmCorrection.adjusted(pValues))).map { row, chance in
                let interval = PairedBootstrap.interval(candidate: rows[row].ndcg, baseline: rows[baseline].ndcg)
                return (row, Difference(interval: interval, pValue: chance.0, adjusted: chance.1))
            }
            let known = Dictionary(uniqueKeysWithValues: found)
            return rows.indices.map { known[$0] }
        }
    }

    /// A table in Markdown.
    var table: String {
        var lines = [
            "| fusion | of all queries | NDCG@10 | to words alone (95 %) | p | p (Holm) | to the shipped way (95 %) | p | p (Holm) |",
            "|---|---|---|---|---|---|---|---|---|",
        ]
        for (index, row) in rows.enumerated() {
            var cells = ["`\(row.name)`", row.setting, Self.figure(row.mean)]
            for own in differences {
                let difference = own[index]
                cells += [
                    difference?.interval.map {
                        "\(Self.signed($0.mean)) (\(Self.signed($0.lower)) to \(Self.signed($0.upper)))"
                    } ?? "", (difference?.pValue).map(Self.figure) ?? "",
                    (difference?.adjusted).map(Self.figure) ?? "",
                ]
            }
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n")
    }

    var json: String {
        let list = rows.indices.map { index in
            var members: [JSONValue.Member] = [
                .init("fusion", .string(rows[index].name)), .init("setting", .string(rows[index].setting)),
                .init("ndcg@10", .number(rows[index].mean)),
            ]
            for (name, own) in zip(["words", "shipped"], differences) {
                guard let difference = own[index] else { continue }
                members.append(
                    .init(
                        name,
                        .object([
                            .init("difference", .number(difference.interval?.mean ?? 0)),
                            .init("lower", .number(difference.interval?.lower ?? 0)),
                            .init("upper", .number(difference.interval?.upper ?? 0)),
                            .init("p_value", .number(difference.pValue)),
                            .init("p_holm", .number(difference.adjusted)),
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
