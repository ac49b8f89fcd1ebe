internal import Encoders
internal import Recommenders

/// Examples of one moment.
struct PurchaseWindow {
    let examples: PurchaseExamples
    let fields: PurchaseFields
}

/// What networks learn from, and the window that they are then asked about.
struct PurchaseFold {
    let learned: PurchaseExamples
    let test: PurchaseExamples
    let scaling: FeatureScaling
    /// `nil` for a network without fields.
    let vocabulary: FieldVocabulary?
    /// As networks read them.
    let known: PurchaseInputs
    let asked: PurchaseInputs
    /// Where clicks are asked for.
    let clicks: ClickFold?

    /// What a network of all questions learns from: purchases, with clicks behind them.
    var shared: PurchaseInputs { clicks.map { PurchaseInputs(known, and: $0.known) } ?? known }
    /// How many questions it has.
    var questionCount: Int { clicks == nil ? known.labels.count : PurchaseInputs.questions.count }

    /// - Parameter least: How often the purchases of training must hold a value for it to have a vector of its own.
    init(
        _ training: ArraySlice<PurchaseWindow>, test: PurchaseWindow, network: PurchaseNetworkKind, least: Int,
        clicks: (learned: ClickExamples, asked: ClickExamples)? = nil
    ) {
        let learned = training.reduce(into: PurchaseExamples()) { $0.append($1.examples) }
        let fields = training.reduce(into: PurchaseFields(length: test.fields.length)) { $0.append($1.fields) }
        let scaling = FeatureScaling(learning: learned.rows, names: PurchaseExamples.features)
        let vocabulary = network.hasFields ? FieldVocabulary(learning: fields, least: least) : nil
        func inputs(_ examples: PurchaseExamples, _ fields: PurchaseFields) -> PurchaseInputs {
            PurchaseInputs(
                examples.rows, fields, labels: examples.labels, scaling: scaling, vocabulary: vocabulary,
                hasHistories: network.hasHistories)
        }
        (self.learned, self.test, self.scaling, self.vocabulary) = (learned, test.examples, scaling, vocabulary)
        (known, asked) = (inputs(learned, fields), inputs(test.examples, test.fields))
        self.clicks = clicks.map { ClickFold($0.learned, $0.asked, scaling: scaling, vocabulary: vocabulary) }
    }
}
