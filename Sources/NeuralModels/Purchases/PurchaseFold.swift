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

    /// - Parameter least: How often training must see a value for it to have a vector of its own.
    init(
        _ training: ArraySlice<PurchaseWindow>, test: PurchaseWindow, network: PurchaseNetworkKind, least: Int
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
    }
}
