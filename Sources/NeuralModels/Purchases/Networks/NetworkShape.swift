internal import Torch

/// Sizes of the networks over fields.
public struct NetworkShape: Sendable, Hashable {
    /// Numbers of a value's vector.
    public var width = 4
    /// Units of the hidden layers.
    public var hidden = [64, 64]
    /// Share of vectors' numbers and of hidden units that training drops.
    public var dropout = 0.5
    /// Values that training saw fewer times share a row.
    public var least = 20
    /// `dcn`: cross layers, and their rank; 0 for full rank.
    public var crosses = 2
    public var rank = 0
    /// `din`: units of attention, and the longest history.
    public var attentionUnits = 36
    public var length = 30
    /// `mmoe`: experts, their units, and those of a question's tower.
    public var experts = 4
    public var expertUnits = 64
    public var towerUnits = 32

    public init() {}
}

/// The networks that tell purchases, by the name that the command line gives them.
public enum PurchaseNetworkKind: String, Sendable, CaseIterable {
    case perceptron, deepfm, dcn, din, mmoe

    /// Whether it reads fields beside the numbers.
    var hasFields: Bool { self != .perceptron }
    var hasHistories: Bool { self == .din }
    /// Whether it answers several questions, of clicks as well.
    public var hasQuestions: Bool { self == .mmoe }

    /// How many epochs there are at most, and the highest rate; for networks over fields chosen on earlier windows of the grocer's year,
    /// with `dcn` alone.
    public var settings: TrainingSettings {
        var settings = TrainingSettings(
            epochs: 20, patience: 20, rate: 0.004, schedule: .oneCycle(peak: 0.25), averaging: 0.998)
        if hasFields { (settings.epochs, settings.patience, settings.rate) = (8, 8, 0.001) }
        return settings
    }

    /// AdamW's decay: vectors of values learn single examples by heart without a strong one.
    public var decay: Double { hasFields ? 1 : 0.01 }

    /// - Parameter inputs: Numbers of an example.
    /// - Parameter rows: Of the fields' table.
    /// - Parameter questions: Of a network that answers several.
    func make(
        inputs: Int, rows: Int, shape: NetworkShape, questions: Int = 2, seed: UInt64, device: Device
    ) throws -> any PurchaseNetwork {
        switch self {
        case .perceptron:
            try PerceptronNetwork(inputs: inputs, hidden: shape.hidden, seed: seed, device: device)
        case .deepfm: try DeepFM(inputs: inputs, rows: rows, shape: shape, seed: seed, device: device)
        case .dcn: try CrossNetwork(inputs: inputs, rows: rows, shape: shape, seed: seed, device: device)
        case .din: try InterestNetwork(inputs: inputs, rows: rows, shape: shape, seed: seed, device: device)
        case .mmoe:
            try ExpertMixture(
                inputs: inputs, rows: rows, shape: shape, questions: questions, seed: seed, device: device)
        }
    }

    /// What it is, for reports.
    func words(inputs: Int, _ shape: NetworkShape) -> String {
        let hidden = shape.hidden.map(String.init).joined(separator: "-")
        return switch self {
        case .perceptron: "\(inputs)-\(hidden)-1, sigmoid units"
        case .deepfm: "DeepFM, vectors of \(shape.width), \(hidden)"
        case .dcn:
            "DCN-v2, vectors of \(shape.width), \(shape.crosses) crosses of \(shape.rank > 0 ? "rank \(shape.rank)" : "full rank"), "
                + hidden
        case .din: "DIN, vectors of \(shape.width), histories of \(shape.length), \(hidden)"
        case .mmoe: "MMoE, vectors of \(shape.width), \(shape.experts) experts of \(shape.expertUnits)"
        }
    }
}
