public import Domain
import Evaluation
import Features
import Foundation
import JSON
import Recommenders
import Storage

/// The moments in a shop's past from which on baskets are foretold, and what of them is counted.
public struct BasketWindows: Sendable {
    /// What trials are compared by.
    public enum Measure: String, Sendable, CaseIterable {
        case ndcg, recall
        /// Recall of items that the household never had.
        case recallNew = "recall_new"

        var text: String {
            switch self {
            case .ndcg: "NDCG@10"
            case .recall: "Recall@10"
            case .recallNew: "Recall@10, new"
            }
        }

        var key: String {
            switch self {
            case .ndcg: "ndcg@10"
            case .recall: "recall@10"
            case .recallNew: "recall_new@10"
            }
        }
    }

    /// Rolling windows, if no cuts are given.
    private static let (usualCount, usualDays) = (3, 7.0)

    /// In any order; `nil` for three a week apart, the last a week before the end of the log.
    public var cuts: [Timestamp]?
    /// Nothing at or after it is read; `nil` for no end.
    public var end: Timestamp?
    public var measure = Measure.ndcg
    public init() {}

    /// The cuts in rising order.
    ///
    /// - Parameter last: When the log's last purchase was made.
    func cuts(last: Timestamp) throws(LearningError) -> [Timestamp] {
        let day = Timestamp(milliseconds: last.milliseconds - last.milliseconds % 86_400_000)
        let chosen = (cuts ?? (1...Self.usualCount).map { day.adding(days: -Self.usualDays * Double($0)) }).sorted()
        guard !chosen.isEmpty, Set(chosen).count == chosen.count else {
            throw LearningError(.unusable, "Cuts differ from each other, and there is at least one.")
        }
        if let end, let late = chosen.last, late >= end {
            throw LearningError(
                .unusable,
                "The cut \(late.dateDescription) does not lie before \(end.dateDescription), from where on nothing is read."
            )
        }
        return chosen
    }
}

extension TuningTask {
    /// The first basket of each household at or after each cut, by models trained on what lies before it alone.
    init(baskets windows: BasketWindows, of shop: Workbench, model: TunableBasketModel) throws {
        let parts = try shop.basketWindows(windows, model: model.name)
        let dates = parts.map(\.cut.dateDescription)
        func numbers(_ value: (BasketWindow) -> Int) -> JSONValue {
            .array(parts.map { .integer(Int64(value($0))) })
        }
        let measure = windows.measure
        self.init(
            model: model.name, space: model.space,
            source: "next baskets of \(shop.config.title) from \(dates.joined(separator: ", ")) on",
            measure: measure.text, measureKey: measure.key, windows: dates,
            protocolText:
                "Measured on each household's first basket at or after each cut, by models trained on what lies before it"
                + (windows.end.map { "; nothing at or after \($0.dateDescription) was read." } ?? "."),
            identity: [
                .init("shop", .string(shop.config.shop.rawValue)), .init("cuts", .array(dates.map { .string($0) })),
                .init("measure", .string(measure.rawValue)), .init("households", numbers(\.households.count)),
                .init("lines", numbers(\.set.log.count)),
            ],
            prepare: {
                let trainers = parts.map { model.prepare($0.set) }
                return { values, window, share in
                    try parts[window].score(trainers[window](values), by: measure, share: share)
                }
            })
    }
}

/// What lies before a cut, and the baskets behind it.
struct BasketWindow: Sendable {
    let cut: Timestamp
    let set: TrainingSet
    /// Households with purchases on both sides of the cut, in rising order.
    let households: [Int32]
    let truths: [Int32: BasketEvaluation.Truth]

    var users: [UserNumber] { households.map { UserNumber(UInt32(bitPattern: $0)) } }

    /// What each household's basket holds, in their order.
    var wanted: [Set<Int>] { households.map { Set((truths[$0]?.items ?? []).map { Int($0) }) } }

    /// The mean over every *n*-th household, with 1/n the share.
    func score(_ model: BasketPredictor, by measure: BasketWindows.Measure, share: Double) throws -> Double {
        let step = max(1, Int((1 / share).rounded()))
        let asked = stride(from: 0, to: households.count, by: step).map { households[$0] }
        let users = asked.map { UserNumber(UInt32(bitPattern: $0)) }
        let lists = model.lists(for: users, in: set, areNew: measure == .recallNew)
        let none = [[Int32]](repeating: [], count: asked.count)
        let result = try BasketEvaluation.score(
            households: asked, lists: measure == .recallNew ? none : lists,
            newLists: measure == .recallNew ? lists : none, truths: truths)
        return switch measure {
        case .ndcg: result.ndcg
        case .recall: result.recall
        case .recallNew: result.recallNew
        }
    }
}

extension Workbench {
    /// Reads what a model learns from before a cut, and what it is to foretell.
    func basketWindow(cut: Timestamp, model: String) throws -> BasketWindow {
        var windows = BasketWindows()
        windows.cuts = [cut]
        return try basketWindows(windows, model: model)[0]
    }

    /// The same for several cuts, in rising order.
    func basketWindows(_ windows: BasketWindows, model: String) throws -> [BasketWindow] {
        let lines = try basketLines(facts: try ItemFacts(reading: store)).filter { line in
            windows.end.map { line.time < $0.milliseconds } ?? true
        }
        guard let first = lines.map(\.time).min(), let last = lines.map(\.time).max() else {
            throw LearningError(.missing, "The log holds no purchases to learn from: import events first.")
        }
        return try windows.cuts(last: Timestamp(milliseconds: last)).map { cut in
            let truths = BasketEvaluation.truths(lines: lines, cut: cut.milliseconds)
            guard !truths.isEmpty else {
                throw LearningError(
                    .unusable,
                    "No household has purchases on both sides of the cut \(cut.dateDescription): purchases run from "
                        + "\(Timestamp(milliseconds: first).dateDescription) to "
                        + "\(Timestamp(milliseconds: last).dateDescription).")
            }
            return BasketWindow(
                cut: cut, set: try trainingSet(before: cut, for: [model]), households: truths.keys.sorted(),
                truths: truths)
        }
    }
}
