internal import Encoders
internal import Evaluation
internal import JSON
internal import Numerics
internal import Recommenders

/// Click examples of one fold as networks read them.
struct ClickFold {
    let learned: ClickExamples
    let test: ClickExamples
    let known: PurchaseInputs
    let asked: PurchaseInputs

    /// - Parameters:
    ///   - scaling: Of the purchases, as is `vocabulary`: clicks add no value and change no scale.
    init(_ learned: ClickExamples, _ test: ClickExamples, scaling: FeatureScaling, vocabulary: FieldVocabulary?) {
        func inputs(_ examples: ClickExamples) -> PurchaseInputs {
            PurchaseInputs(
                examples.rows, examples.fields, answers: [nil, nil, examples.labels], scaling: scaling,
                vocabulary: vocabulary, hasHistories: false)
        }
        (self.learned, self.test) = (learned, test)
        (known, asked) = (inputs(learned), inputs(test))
    }
}

extension PurchaseJob {
    /// The lists of a network that is asked for clicks; `nil` where it is not, or too few were chosen from: then it has two questions.
    func clickLists(_ log: ClickLog, _ windows: PurchaseWindows) -> ClickLists? {
        guard network.hasQuestions else { return nil }
        return ClickLists(
            log, windows: windows, trainingCount: trainingCount, testCount: testCount, seed: settings.seed)
    }

    /// What a report says of clicks.
    func clickFacts(_ clicks: ClickFit?) -> [[String]] {
        guard network.hasQuestions else { return [] }
        guard let clicks else {
            let others = countsSynthetic ? "" : "; simulated ones were not asked for"
            return [["Clicks", "not asked for: the log has too few lists from which somebody chose\(others)"]]
        }
        return [
            [
                "Clicks",
                "\(clicks.words); \(clicks.learned.count) places of \(clicks.learned.listCount) lists to train, "
                    + "\(clicks.test.count) of \(clicks.test.listCount) newer ones to test",
            ]
        ]
    }
}

/// How well clicks were told: the network of several questions beside models of clicks alone.
struct ClickFit {
    /// The network, a perceptron that was taught clicks alone, and the rate of the item.
    let scores: [PurchaseScores]
    /// That perceptron.
    let perceptron: PurchaseFit.Trained
    let learned: ClickExamples
    let test: ClickExamples
    /// Whether simulated lists are among them.
    let isSynthetic: Bool

    /// What stands beside figures that simulated shoppers made.
    static let syntheticWords = "synthetic: simulated shoppers"

    var words: String { isSynthetic ? Self.syntheticWords : "shoppers of the shop" }

    /// The network less each rival.
    var differences: [ClickDifference] {
        scores.dropFirst().compactMap { ClickDifference(scores[0], $0, lists: test.lists) }
    }

    var json: JSONValue {
        .object([
            .init("question", .string(PurchaseInputs.questions[2])), .init("synthetic", .bool(isSynthetic)),
            .init("shoppers", .string(words)),
            .init("training_lists", .integer(Int64(learned.listCount))),
            .init("training_examples", .integer(Int64(learned.count))),
            .init("test_lists", .integer(Int64(test.listCount))),
            .init("test_examples", .integer(Int64(test.count))), .init("test", .array(scores.map(\.json))),
            .init("differences", .array(differences.map(\.json))),
        ])
    }

    /// - Parameter alone: The perceptron that was taught clicks alone.
    /// - Returns: `nil` where clicks are not asked for.
    init?(_ fold: ClickFold?, _ network: PurchaseFit.Trained, alone: PurchaseFit.Trained?) {
        guard let fold, let alone, let own = network.clicks else { return nil }
        (perceptron, learned, test) = (alone, fold.learned, fold.test)
        isSynthetic = fold.learned.isSynthetic || fold.test.isSynthetic
        scores = [own, alone.scores, Self.rates(fold.learned, fold.test)]
    }

    /// The smoothed rate of each item: its clicks among the places at which it was looked at in training, drawn to the mean of all items by as
    /// many places as the spread of their rates says (`ClickPriors`: a beta prior, by the method of moments).
    static func rates(_ training: ClickExamples, _ test: ClickExamples) -> PurchaseScores {
        var seen: [UInt32: Exposure] = [:]
        for (item, isClicked) in zip(training.items, training.labels) {
            seen[item] = (seen[item] ?? Exposure()) + Exposure(impressions: 1, clicks: isClicked ? 1 : 0)
        }
        let kind = ClickPriors.Kind(category: nil, level: .middle)
        let priors = ClickPriors(seen.sorted { $0.key < $1.key }.map { (kind: kind, seen: $0.value) })
        let chances = test.items.map { priors.posterior(kind, seen[$0] ?? Exposure()).mean }
        return PurchaseScores("rate of the item", chances, test.labels)
    }
}

/// A difference of two models on the same clicks, lists drawn with all of their places.
struct ClickDifference {
    let rival: String
    let logLoss: ConfidenceInterval
    /// `nil` where draws lack clicks, or places without.
    let area: ConfidenceInterval?

    init?(_ model: PurchaseScores, _ rival: PurchaseScores, lists: [UInt32]) {
        let groups = lists.map { Int($0) }
        guard
            let logLoss = ClusterBootstrap.interval(
                of: model.losses, less: rival.losses, groups: groups, measure: .mean)
        else { return nil }
        (self.rival, self.logLoss) = (rival.name, logLoss)
        area = ClusterBootstrap.areaInterval(
            of: model.chances, less: rival.chances, labels: model.labels, groups: groups)
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("rival", .string(rival)), .init("log_loss", .number(logLoss.mean)),
            .init("log_loss_lower", .number(logLoss.lower)), .init("log_loss_upper", .number(logLoss.upper)),
        ]
        if let area {
            members += [
                .init("auc", .number(area.mean)), .init("auc_lower", .number(area.lower)),
                .init("auc_upper", .number(area.upper)),
            ]
        }
        return .object(members)
    }
}
