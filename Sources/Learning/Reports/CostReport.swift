import Evaluation
import Foundation

/// What quality costs: time to learn, time to answer, memory.
struct CostReport {
    struct Entry {
        let name: String
        let quality: Double
        let trainSeconds: Double
        /// For one list.
        let answerSeconds: Double
        /// How far the process's peak rose; `nil` where it was not measured.
        var memoryMegabytes: Double?
        /// The most that the whole process took; `nil` where it did more than measure this model.
        var processMegabytes: Double?
    }

    /// Such as `NDCG@10`.
    let measure: String
    /// What was learned from, and for whom lists were made.
    let caption: String
    let entries: [Entry]

    var blocks: [ReportBlock] {
        guard !entries.isEmpty else { return [] }
        let hasMemory = entries.contains { $0.memoryMegabytes != nil }
        var blocks = [table]
        blocks.append(plot("seconds of training, by powers of ten", isLogarithmic: true) { $0.trainSeconds })
        blocks.append(
            plot("milliseconds of one list, by powers of ten", isLogarithmic: true) { 1000 * $0.answerSeconds })
        if hasMemory {
            blocks.append(plot("megabytes that the peak of memory rose", isLogarithmic: false) { $0.memoryMegabytes })
        }
        return blocks
    }

    private var table: ReportBlock {
        let memories: [(name: String, value: KeyPath<Entry, Double?>)] = [
            ("Peak memory, MB more", \.memoryMegabytes), ("Whole process, MB", \.processMegabytes),
        ].filter { column in entries.contains { $0[keyPath: column.1] != nil } }
        return .table(
            caption: caption, columns: ["Model", "Training, s", "One list, ms"] + memories.map(\.name) + [measure],
            rows: entries.map { entry in
                let taken = memories.map { column in
                    entry[keyPath: column.value].map { String(format: "%.0f", $0) } ?? "–"
                }
                return [
                    entry.name, String(format: "%.2f", entry.trainSeconds),
                    String(format: "%.3f", 1000 * entry.answerSeconds),
                ] + taken + [String(format: "%.4f", entry.quality)]
            })
    }

    private func plot(_ label: String, isLogarithmic: Bool, _ cost: (Entry) -> Double?) -> ReportBlock {
        .scatter(
            caption: "\(measure) against \(label): up and to the left is better", xLabel: label, yLabel: measure,
            points: entries.compactMap { entry in
                cost(entry).map { .init(label: entry.name, x: $0, y: entry.quality) }
            }, isLogarithmic: isLogarithmic)
    }
}
