import Domain
import Evaluation
import Foundation

/// How a model does at several cuts: whether one figure is a matter of the day.
struct WindowReport {
    struct Window {
        let cut: Timestamp
        let result: BasketEvaluation.Result
    }

    /// Oldest first.
    let windows: [Window]

    var blocks: [ReportBlock] {
        let bars = windows.compactMap { window in
            PairedBootstrap.interval(of: window.result.ndcgByHousehold, resamples: 500).map {
                ReportBlock.Bar(label: window.cut.dateDescription, interval: $0)
            }
        }
        let rows = windows.map { window in
            [
                window.cut.dateDescription, String(window.result.households), Self.figure(window.result.ndcg),
                Self.figure(window.result.recall), Self.figure(window.result.recallNew),
            ]
        }
        return [
            .bars(caption: "NDCG@10 by cut, 95 % intervals over households", bars: bars),
            .table(
                caption: "Each cut with a model of its own, trained on what lies before it",
                columns: ["Cut", "Households", "NDCG@10", "Recall@10", "Recall@10, new products"], rows: rows),
        ]
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
