import Encoders
import Features
import Numerics
import Torch

@testable import NeuralModels

/// Tasks of a moment, without dropout unless told.
enum SmallTasks {
    /// 90 pictures, 16 a step, the last step of 10; shifted, mirrored and blackened in part.
    static func perceptron(dropout: Double = 0) throws -> PictureTask {
        let parameters = try Parameters(seed: 1)
        let network = Network([
            ("first", try Linear(parameters, "first", inputs: 64, outputs: 6)), ("sigmoid", Activation.sigmoid),
            ("dropout", Dropout(parameters, rate: dropout)),
            ("classes", try Linear(parameters, "classes", inputs: 6, outputs: 2)),
        ])
        return PictureTask(
            PictureClassifier(name: "tiny", parameters: parameters, network: network, input: .rows),
            training: TinyPictures.make(90, seed: 1), heldOut: TinyPictures.make(40, seed: 2), rule: Adam(), batch: 16,
            augmentation: Augmentation(shift: 1, mirrors: true, cutout: 2), smoothing: 0.05, seed: 1)
    }

    /// Batch normalisation, which sees the examples of its own process alone.
    static func normalised() throws -> PictureTask {
        let parameters = try Parameters(seed: 1)
        let network = Network([
            ("first", try Convolution(parameters, "first", inputs: 1, outputs: 3)),
            ("norm", try BatchNormalisation(parameters, "norm", channels: 3)), ("relu", Activation.relu),
            ("mean", Pooling.mean),
            ("classes", try Linear(parameters, "classes", inputs: 3, outputs: 2)),
        ])
        return PictureTask(
            PictureClassifier(name: "tiny", parameters: parameters, network: network, input: .planes),
            training: TinyPictures.make(64, seed: 1), heldOut: TinyPictures.make(40, seed: 2), rule: Adam(), batch: 16,
            augmentation: nil, smoothing: 0, seed: 1)
    }

    /// Histories of 2 to 12 of 20 items; the last batch may hold one person alone.
    static func sasrec(_ contrast: NextItemTask.Contrast, count: Int = 41) throws -> NextItemTask {
        var random = SeededGenerator(seed: 7)
        let histories = (0..<count).map { _ in
            let first = Int32.random(in: 0..<20, using: &random)
            return (0..<Int32.random(in: 2...12, using: &random)).map { (first + $0) % 20 }
        }
        let shape = SequenceShape(width: 16, layers: 1, heads: 2, inner: 16, length: 8)
        let network = try AttentionNetwork(
            .sasrec, itemCount: 20, shape: shape, inputDropout: 0, dropout: 0, seed: 1)
        return NextItemTask(
            network, on: try SequenceSet(histories: histories, targets: nil, itemCount: 20),
            recipe: SequenceRecipe(length: 8, vocabulary: network.vocabulary), rule: Adam(), positions: 60,
            contrast: contrast, seed: 1)
    }

    /// An MMoE of three questions on made-up purchases and clicks, the clicks behind the purchases; each knows answers of its own.
    static func purchases(
        _ purchases: Int, clicks: Int, batch: Int
    ) throws -> (task: PurchaseTask, inputs: PurchaseInputs) {
        var random = SeededGenerator(seed: 3)
        func part(_ count: Int, _ answers: ([Bool], [Bool]) -> [[Bool]?]) -> PurchaseInputs {
            let items = (0..<count).map { _ in UInt32.random(in: 0..<6, using: &random) }
            let numbers = (0..<count * 2).map { _ in Float(random.unit() * 4 - 2) }
            return PurchaseInputs(
                numbers, PurchaseFields(items: items, facts: ItemFacts()),
                answers: answers(items.map { $0 % 2 == 0 }, (0..<count).map { numbers[$0 * 2] > 0 }), scaling: scaling,
                vocabulary: vocabulary, hasHistories: false)
        }
        let scaling = FeatureScaling(learning: [-2, 1, 2, 0, 0.5, -1], names: ["a", "b"])
        let vocabulary = FieldVocabulary(
            learning: PurchaseFields(items: Array(0..<6), facts: ItemFacts()), least: 1)
        let inputs = PurchaseInputs(
            part(purchases) { [$0, $1] }, and: part(clicks) { [nil, nil, zip($0, $1).map { $0 != $1 }] })
        var shape = NetworkShape()
        (shape.width, shape.dropout, shape.experts, shape.expertUnits, shape.towerUnits) = (2, 0, 3, 8, 5)
        let network = try ExpertMixture(
            inputs: inputs.width, rows: vocabulary.count, shape: shape, questions: 3, seed: 1)
        return (
            PurchaseTask(
                network, name: "test", training: inputs, heldOut: nil, rule: Adam(), batch: batch, seed: 1), inputs
        )
    }

    /// All gradients of one batch, one after the other.
    static func gradients(_ task: any TrainingTask, batch: Int) throws -> [Float] {
        try task.parameters.clearGradients()
        try task.loss(ofBatch: batch).backward()
        return try task.parameters.learned.flatMap { try $0.tensor.gradient()?.floats() ?? [] }
    }
}
