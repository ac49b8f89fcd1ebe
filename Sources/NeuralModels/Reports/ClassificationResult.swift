internal import Evaluation
public import JSON

/// How well a classifier of several classes did, from its probabilities.
public struct ClassificationResult: Sendable {
    public let classes: [String]
    /// Pictures by true class (row) and decided class (column).
    public let confusion: [[Int]]
    /// The area under the ROC curve of each class against the rest; `nil` where a class does not occur or is all there is.
    public let areas: [Double?]
    /// ROC curves of each class against the rest, thinned to at most 101 points.
    public let curves: [[(x: Double, y: Double)]]

    /// - Parameter probabilities: Shape `[examples, classes]`; the highest decides, ties go to the lower class.
    public init(classes: [String], probabilities: [Float], labels: [UInt8]) {
        precondition(probabilities.count == labels.count * classes.count, "one row of probabilities for each label")
        var confusion = Array(repeating: Array(repeating: 0, count: classes.count), count: classes.count)
        for (label, decided) in zip(labels, Self.decisions(probabilities, classes: classes.count)) {
            confusion[Int(label)][decided] += 1
        }
        var (areas, curves): ([Double?], [[(x: Double, y: Double)]]) = ([], [])
        for number in classes.indices {
            let scores = labels.indices.map { Double(probabilities[$0 * classes.count + number]) }
            let isPositive = labels.map { $0 == number }
            areas.append(ClassificationMetrics.rocAUC(scores: scores, labels: isPositive))
            let curve = ClassificationMetrics.rocCurve(scores: scores, labels: isPositive) ?? []
            curves.append(Self.thinned(curve.map { (x: $0.x, y: $0.y) }))
        }
        (self.classes, self.confusion, self.areas, self.curves) = (classes, confusion, areas, curves)
    }

    /// The class with the highest of each row of `classes` probabilities; ties go to the lower class.
    static func decisions(_ probabilities: [Float], classes: Int) -> [Int] {
        stride(from: 0, to: probabilities.count, by: classes).map { start in
            let row = probabilities[start..<start + classes]
            return (row.firstIndex(of: row.max() ?? 0) ?? start) - start
        }
    }

    public var count: Int { confusion.joined().reduce(0, +) }
    public var accuracy: Double {
        count > 0 ? Double(classes.indices.reduce(0) { $0 + confusion[$1][$1] }) / Double(count) : 0
    }
    /// Means over the classes; a class without a decision counts 0.
    public var precision: Double { mean { $0.precision } }
    public var recall: Double { mean { $0.recall } }
    public var f1: Double { mean { $0.f1 } }
    /// Mean over the classes that have one.
    public var area: Double {
        let known = areas.compactMap(\.self)
        return known.isEmpty ? .nan : known.reduce(0, +) / Double(known.count)
    }

    /// A class against the rest.
    func matrix(of number: Int) -> ConfusionMatrix {
        let hits = confusion[number][number]
        let row = confusion[number].reduce(0, +)
        let column = confusion.reduce(0) { $0 + $1[number] }
        return ConfusionMatrix(
            truePositives: hits, falsePositives: column - hits, falseNegatives: row - hits,
            trueNegatives: count - row - column + hits)
    }

    /// Names as they stand in the manifest and in the result line.
    var metrics: [String: Double] {
        ["accuracy": accuracy, "macro_precision": precision, "macro_recall": recall, "macro_f1": f1, "macro_auc": area]
    }

    /// The figures with the confusion matrix.
    public var json: JSONValue {
        .object(
            metrics.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) } + [
                .init("classes", .array(classes.map { .string($0) })),
                .init("confusion", .array(confusion.map { .array($0.map { .integer(Int64($0)) }) })),
            ])
    }

    private func mean(_ value: (ConfusionMatrix) -> Double?) -> Double {
        classes.indices.reduce(0) { $0 + (value(matrix(of: $1)) ?? 0) } / Double(max(1, classes.count))
    }

    private static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard points.count > 101 else { return points }
        return (0...100).map { points[$0 * (points.count - 1) / 100] }
    }
}
