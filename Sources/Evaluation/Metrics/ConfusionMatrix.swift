/// How often a decision was right and wrong, each way.
public struct ConfusionMatrix: Hashable, Sendable {
    public var truePositives = 0
    public var falsePositives = 0
    public var falseNegatives = 0
    public var trueNegatives = 0

    public init(truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int) {
        (self.truePositives, self.falsePositives) = (truePositives, falsePositives)
        (self.falseNegatives, self.trueNegatives) = (falseNegatives, trueNegatives)
    }

    /// Decides for everything that scores at least `threshold`.
    public init(scores: [Double], labels: [Bool], threshold: Double) {
        precondition(scores.count == labels.count, "one label for each score")
        for (score, label) in zip(scores, labels) {
            switch (score >= threshold, label) {
            case (true, true): truePositives += 1
            case (true, false): falsePositives += 1
            case (false, true): falseNegatives += 1
            case (false, false): trueNegatives += 1
            }
        }
    }

    /// Takes what stands in a list for wanted and all other items for unwanted, over users.
    ///
    /// - Parameter truths: What each user wanted, in the order of lists.
    /// - Parameter itemCount: Of the whole catalogue.
    public init(lists: [[Int]], truths: [Set<Int>], itemCount: Int) {
        precondition(lists.count == truths.count, "one list for each user")
        for (list, truth) in zip(lists, truths) {
            let hits = list.count(where: truth.contains)
            truePositives += hits
            falsePositives += list.count - hits
            falseNegatives += truth.count - hits
            trueNegatives += max(0, itemCount - list.count - truth.count + hits)
        }
    }

    public var total: Int { truePositives + falsePositives + falseNegatives + trueNegatives }
    /// TP / (TP + FP); `nil` if nothing was decided for.
    public var precision: Double? { Self.share(truePositives, of: truePositives + falsePositives) }
    /// TP / (TP + FN), the true positive rate; `nil` without positives.
    public var recall: Double? { Self.share(truePositives, of: truePositives + falseNegatives) }
    /// TN / (TN + FP), the true negative rate; `nil` without negatives.
    public var specificity: Double? { Self.share(trueNegatives, of: trueNegatives + falsePositives) }
    public var accuracy: Double? { Self.share(truePositives + trueNegatives, of: total) }
    /// 2·TP / (2·TP + FP + FN); `nil` if there is neither a positive nor a decision for one.
    public var f1: Double? { Self.share(2 * truePositives, of: 2 * truePositives + falsePositives + falseNegatives) }

    /// Matthews' correlation, −1 to 1, which an imbalance of the classes does not flatter; `nil` if a row or column is empty.
    public var matthewsCorrelation: Double? {
        let (tp, fp) = (Double(truePositives), Double(falsePositives))
        let (fn, tn) = (Double(falseNegatives), Double(trueNegatives))
        let product = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        return product > 0 ? (tp * tn - fp * fn) / product.squareRoot() : nil
    }

    private static func share(_ part: Int, of whole: Int) -> Double? {
        whole > 0 ? Double(part) / Double(whole) : nil
    }
}
