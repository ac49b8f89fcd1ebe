internal import Domain
internal import Encoders
internal import Evaluation
internal import JSON
internal import Recommenders

/// The network and its rivals, fitted to some windows and scored on another.
struct PurchaseFit {
    struct Trained {
        /// Of the purchase.
        let scores: PurchaseScores
        let model: any PurchaseNetwork
        let task: PurchaseTask
        let outcome: Trainer.Outcome
        /// Of the second question, where the network answers it.
        var second: PurchaseScores?
        /// Of clicks, where it answers that too.
        var clicks: PurchaseScores?
        var bestEpoch: Int { outcome.bestEpoch }
    }

    let network: Trained
    /// Plainer networks, by name: a logistic regression on the numbers, and beside networks over fields the perceptron.
    let plainer: [Trained]
    let others: [PurchaseScores]
    /// A perceptron that was taught the second question alone, beside a network that answers it too.
    var second: Trained?
    let scaling: FeatureScaling
    let vocabulary: FieldVocabulary?
    let trainingCount: Int
    let test: PurchaseExamples
    /// Where clicks are asked for.
    var clicks: ClickFit?

    /// Every network that was trained, by name.
    var trained: [(name: String, trained: Trained)] {
        ([network] + plainer + [second, clicks?.perceptron].compactMap(\.self)).map { ($0.scores.name, $0) }
    }

    /// The network first.
    var scores: [PurchaseScores] { [network.scores] + plainer.map(\.scores) + others }

    /// The network against each rival.
    var differences: [PurchaseDifference] {
        scores.dropFirst().compactMap { PurchaseDifference(network.scores, $0, people: test.users) }
    }

    /// The second question: the network and the perceptron that was taught it alone; empty for a network of one question.
    var secondScores: [PurchaseScores] { [network.second, second?.scores].compactMap(\.self) }

    var secondDifferences: [PurchaseDifference] {
        guard let first = secondScores.first else { return [] }
        return secondScores.dropFirst().compactMap { PurchaseDifference(first, $0, people: test.users) }
    }
}

/// All that a run of purchase prediction came to.
struct PurchaseOutcome {
    let windows: PurchaseWindows
    /// By window, the newest first.
    let folds: [PurchaseFit]
    let final: PurchaseFit

    /// The log likelihood of each test example, higher being better, by a hash of the moment, the item's number and its features: nothing
    /// in it names a person.
    var cases: MeasuredCases {
        let test = final.test
        let width = PurchaseExamples.features.count
        let losses = final.network.scores.losses
        return MeasuredCases(
            figure: "log likelihood",
            (0..<test.count).map { place in
                let words =
                    [UInt64(bitPattern: windows.cuts[0].milliseconds), UInt64(test.items[place])]
                    + test.rows[place * width..<(place + 1) * width].map { UInt64($0.bitPattern) }
                let bytes = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
                return (key: MeasuredCases.key(bytes), value: -losses[place])
            })
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("network", .string(final.network.scores.name)),
            .init("cut", .string(windows.cuts[0].description)),
            .init("training_examples", .integer(Int64(final.trainingCount))),
            .init("test_examples", .integer(Int64(final.test.count))),
            .init("test", .array(final.scores.map(\.json))),
            .init("differences", .array(final.differences.map(\.json))),
            .init("folds", .array(folds.map { .array($0.scores.map(\.json)) })),
        ]
        if !final.secondScores.isEmpty {
            members += [
                .init("second_question", .string(PurchaseInputs.questions[1])),
                .init("second_test", .array(final.secondScores.map(\.json))),
                .init("second_differences", .array(final.secondDifferences.map(\.json))),
            ]
        }
        if let clicks = final.clicks { members.append(.init("clicks", clicks.json)) }
        return .object(members)
    }
}
