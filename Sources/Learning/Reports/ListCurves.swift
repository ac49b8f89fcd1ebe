import Evaluation
import Foundation

/// How much of what was wanted lists of any length find, model beside model: receiver operating characteristic and precision against
/// recall.
///
/// A list of length k takes its first k items for wanted and all else for unwanted, so that no score need be comparable between
/// people or models; rates are means over people. What a model does not list at all comes last, in any order.
struct ListCurves {
    /// So long are the longest lists.
    static let depth = 500
    /// So many people are asked for long lists at most.
    static let sampleSize = 500
    /// How many models are drawn: as many as colours are told apart.
    private static let drawn = 4
    private static let lengths = [1, 5, 10, 20, 50, 100, 200, depth]

    /// The long list of one person.
    struct Places: Hashable, Sendable {
        /// How many items it holds.
        let length: Int
        /// Where what the person wanted stands in it, from 0, ascending.
        let found: [Int]

        init(length: Int, found: [Int]) { (self.length, self.found) = (length, found) }

        init(of list: some Collection<Int32>, wanted: Set<Int>) {
            self.init(
                length: list.count, found: list.enumerated().filter { wanted.contains(Int($0.element)) }.map(\.offset))
        }
    }

    struct Model {
        let name: String
        /// By person.
        let places: [Places]
    }

    /// Rates at one length of list.
    struct Rate: Equatable {
        /// Of what was wanted, how much is listed: the true positive rate.
        var recall = 0.0
        /// Of what is listed, how much was wanted.
        var precision = 0.0
        /// Of what was not wanted, how much is listed: the false positive rate.
        var fallout = 0.0
    }

    /// Of a list of the whole catalogue.
    private static let whole = Rate(recall: 1, fallout: 1)

    /// The best first.
    let models: [Model]
    /// How many items each person wanted, at least one.
    let wanted: [Int]
    let itemCount: Int

    var blocks: [ReportBlock] {
        let curves = models.filter { !$0.places.isEmpty }.map { (name: $0.name, rates: rates(of: $0)) }
        guard !curves.isEmpty, !wanted.isEmpty else { return [] }
        let leaders = curves.prefix(Self.drawn)
        return [
            .square(
                caption:
                    "ROC curve of lists up to \(Self.depth): of what was wanted, how much is listed; of all else, how much is too",
                xLabel: "false positive rate", yLabel: "true positive rate",
                series: leaders.map { curve in
                    let rates = curve.rates + [Self.whole]
                    return .init(
                        label: "\(curve.name), area \(ModelComparison.figure(Self.area(curve.rates)))",
                        x: rates.map(\.fallout), y: rates.map(\.recall))
                }, hasDiagonal: true),
            .square(
                caption: "Precision against recall, for lists of 1 to \(Self.depth)", xLabel: "recall",
                yLabel: "precision",
                series: leaders.map { curve in
                    let rates = curve.rates.dropFirst()
                    return .init(label: curve.name, x: rates.map(\.recall), y: rates.map(\.precision))
                }, hasDiagonal: false),
            .table(
                caption: "Recall by length of list, mean of \(wanted.count) people",
                columns: ["Model"] + Self.lengths.map { "at \($0)" } + ["Area under ROC"],
                rows: curves.map { curve in
                    [curve.name] + Self.lengths.map { ModelComparison.figure(curve.rates[$0].recall) }
                        + [ModelComparison.figure(Self.area(curve.rates))]
                }),
        ]
    }

    /// By length of list, from 0 to `depth`.
    func rates(of model: Model) -> [Rate] {
        var rates = [Rate](repeating: .init(), count: Self.depth + 1)
        let people = Double(max(1, wanted.count))
        for (places, wanted) in zip(model.places, wanted) {
            var found = 0
            for length in 1...Self.depth {
                if found < places.found.count, places.found[found] < length { found += 1 }
                let listed = min(length, places.length)
                rates[length].recall += Double(found) / Double(wanted) / people
                rates[length].precision += Double(found) / Double(length) / people
                rates[length].fallout += Double(listed - found) / Double(max(1, itemCount - wanted)) / people
            }
        }
        return rates
    }

    /// The area below the ROC curve, by trapezoids: the chance that something wanted stands before something unwanted, ties half.
    static func area(_ rates: [Rate]) -> Double {
        let all = rates + [whole]
        return zip(all, all.dropFirst()).reduce(0) { sum, step in
            sum + (step.1.fallout - step.0.fallout) * (step.0.recall + step.1.recall) / 2
        }
    }
}
