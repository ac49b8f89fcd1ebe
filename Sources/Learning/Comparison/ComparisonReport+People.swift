import Evaluation
import Foundation

// What lies behind the means: lists as decisions, groups of people and of items, and those for whom lists are worst.
extension ComparisonReport {
    var decisions: [ReportBlock] {
        let sample = ComparedTask.sampled(of: compared.truths.count)
        let curves = ListCurves(
            models: entries.map { .init(name: $0.name, places: $0.places) },
            wanted: sample.map { compared.truths[$0].count }, itemCount: compared.counts.count)
        return [confusion] + curves.blocks
    }

    private var confusion: ReportBlock {
        .table(
            caption: "Confusion matrices of lists of ten, over people and the whole catalogue",
            columns: ["Model"] + ConfusionMatrix.columns, rows: entries.map { [$0.name] + matrix(of: $0).cells })
    }

    func matrix(of entry: MeasuredModel) -> ConfusionMatrix {
        ConfusionMatrix(lists: entry.shown, truths: compared.truths, itemCount: compared.counts.count)
    }

    var groups: [ReportBlock] {
        let reports = entries.map {
            SegmentReport(
                measure: "\($0.name): \(measure)", values: $0.accuracy.values, known: compared.known,
                what: compared.knownText,
                edges: compared.edges)
        }
        guard let first = reports.first else { return [] }
        let columns = first.groups.map { "\($0.label) (\($0.values.count))" }
        return [
            .table(
                caption: "\(measure) by \(compared.knownText), with how many people each group holds",
                columns: ["Model"] + columns,
                rows: zip(entries, reports).map { entry, report in
                    [entry.name] + report.groups.map { ModelComparison.figure(ModelComparison.mean($0.values)) }
                })
        ] + first.blocks
    }

    var items: [ReportBlock] {
        let reports = entries.map { entry in
            ItemSegmentReport(
                lists: entry.shown, truths: compared.truths, counts: compared.counts,
                path: compared.path)
        }
        return table(
            "Of what was wanted, the part that lists found: items by how well they sell", reports.map(\.bySales))
            + table("The same by category: those of which most was wanted", reports.map(\.byCategory))
    }

    /// Groups of items are the same for every model: they hang on what was bought.
    private func table(_ caption: String, _ segments: [[ItemSegmentReport.Segment]]) -> [ReportBlock] {
        guard let first = segments.first, !first.isEmpty else { return [] }
        return [
            .table(
                caption: caption, columns: ["Model"] + first.map { "\($0.name) (\($0.wanted) wanted)" },
                rows: zip(entries, segments).map { entry, groups in
                    [entry.name] + groups.map { ItemSegmentReport.percent($0.found, of: $0.wanted) }
                })
        ]
    }

    /// For whom the best model's lists are worst, with what another model found.
    func worst() throws -> WorstCases? {
        guard let best = entries.first else { return nil }
        let people = WorstCases.places(of: best.accuracy.values, known: compared.known)
        let rows = people.map { person in
            (
                had: compared.had(person), shown: best.lists[person].map { Int($0) },
                wanted: compared.truths[person].sorted()
            )
        }
        let names = try compared.names(Set(rows.flatMap { $0.had + $0.shown + $0.wanted }))
        return WorstCases(
            measure: "\(measure) of \(best.name)",
            cases: zip(people, rows).map { person, row in
                let other = entries.dropFirst().max { $0.accuracy.values[person] < $1.accuracy.values[person] }
                let found = other.flatMap { other in
                    let value = other.accuracy.values[person]
                    return value > best.accuracy.values[person]
                        ? "; \(other.name) has \(ModelComparison.figure(value))" : nil
                }
                return .init(
                    known: "\(compared.known[person]) \(compared.knownText)" + (found ?? ""),
                    value: best.accuracy.values[person], had: row.had.compactMap { names[$0] },
                    shown: row.shown.compactMap { names[$0] }, wanted: row.wanted.compactMap { names[$0] })
            })
    }
}
