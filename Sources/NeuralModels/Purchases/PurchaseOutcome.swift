internal import Domain
internal import Evaluation
internal import JSON
internal import Recommenders

/// The network and its rivals, fitted to some windows and scored on another.
struct PurchaseFit {
    struct Trained {
        let scores: PurchaseScores
        let model: PurchaseNetwork
        let task: PurchaseTask
        let outcome: Trainer.Outcome
        var bestEpoch: Int { outcome.bestEpoch }
    }

    let network: Trained
    let logistic: Trained
    let others: [PurchaseScores]
    let scaling: FeatureScaling
    let trainingCount: Int
    let test: PurchaseExamples

    /// The network first.
    var scores: [PurchaseScores] { [network.scores, logistic.scores] + others }

    /// The network against each rival.
    var differences: [PurchaseDifference] {
        scores.dropFirst().compactMap { PurchaseDifference(network.scores, $0, people: test.users) }
    }
}

/// All that a run of purchase prediction came to.
struct PurchaseOutcome {
    let windows: PurchaseWindows
    /// By window, the newest first.
    let folds: [PurchaseFit]
    let final: PurchaseFit

    var json: JSONValue {
        .object([
            .init("cut", .string(windows.cuts[0].description)),
            .init("training_examples", .integer(Int64(final.trainingCount))),
            .init("test_examples", .integer(Int64(final.test.count))),
            .init("test", .array(final.scores.map(\.json))),
            .init(
                "differences",
                .array(
                    final.differences.map {
                        .object([
                            .init("rival", .string($0.rival)), .init("accuracy", .number($0.accuracy.mean)),
                            .init("accuracy_lower", .number($0.accuracy.lower)),
                            .init("accuracy_upper", .number($0.accuracy.upper)),
                            .init("log_loss", .number($0.logLoss.mean)),
                            .init("log_loss_lower", .number($0.logLoss.lower)),
                            .init("log_loss_upper", .number($0.logLoss.upper)),
                        ])
                    })),
            .init("folds", .array(folds.map { .array($0.scores.map(\.json)) })),
        ])
    }
}
