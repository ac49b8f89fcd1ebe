internal import Foundation
internal import Ranking
internal import Recommenders

/// Plainer models of the same examples, for comparison.
enum PurchaseRivals {
    /// The learner of the shop's own ranker with its settings, on the same features: gradient-boosted trees.
    static func trees(_ training: PurchaseExamples, _ test: PurchaseExamples, seed: UInt64) throws -> PurchaseScores {
        var examples = RankingExamples(featureCount: PurchaseExamples.features.count)
        examples.append(training.rows, labels: training.labels.map { $0 ? 1 : 0 })
        var boosting = GradientBoosting()
        boosting.objective = .logistic
        (boosting.rounds, boosting.depth) = (120, 4)
        (boosting.featureShare, boosting.minimumLeafWeight) = (0.6, 10)
        let chances = try boosting.train(examples, seed: seed).scores(test.rows).map { 1 / (1 + exp(-Double($0))) }
        return PurchaseScores("boosted trees", chances, test.labels)
    }

    /// Two chances, learned from the examples: for items that the person bought before, and for others.
    static func habit(_ training: PurchaseExamples, _ test: PurchaseExamples) -> PurchaseScores {
        var (bought, counts) = ([1.0, 1.0], [2.0, 2.0])
        for (isKnown, label) in zip(isKnown(training), training.labels) {
            counts[isKnown ? 1 : 0] += 1
            if label { bought[isKnown ? 1 : 0] += 1 }
        }
        let chances = isKnown(test).map { bought[$0 ? 1 : 0] / counts[$0 ? 1 : 0] }
        return PurchaseScores("bought before", chances, test.labels)
    }

    /// Whether the person had bought the item before, for each example.
    static func isKnown(_ examples: PurchaseExamples) -> [Bool] {
        guard let column = PurchaseExamples.features.firstIndex(of: "times") else { return [] }
        let width = PurchaseExamples.features.count
        return (0..<examples.count).map { examples.rows[$0 * width + column] > 0 }
    }
}
