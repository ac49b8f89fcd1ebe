import Foundation
import JSON
import Numerics
public import Storage

/// Tells from the ranker's features how likely a person is to buy an item, by the weights that `souk-train purchase` writes of its
/// perceptron: sigmoid layers over scaled features, then one unit.
///
/// Its logits are those of libtorch within 1e-4. Networks over fields are measured there and not computed here.
public struct PurchaseEncoder: Sendable {
    /// Kind and format of the folder that `souk-train purchase` writes.
    public static let kind = "purchase"
    public static let formatVersion = 1
    /// What the manifest's input `network` says of a network that is computed here.
    public static let network = "perceptron"
    public static let scalingFile = "scaling.json"
    public static let weightsFile = "weights.safetensors"
    private static let mostLayers = 8
    private static let mostUnits = 4096

    public let scaling: FeatureScaling
    private let hidden: [(layer: DenseLayer, units: Int)]
    private let last: DenseLayer

    /// The columns of the rows that it reads.
    public var features: [String] { scaling.names }

    /// Reads a folder with `weights.safetensors` and `scaling.json` under a manifest.
    ///
    /// - Throws: `EncoderError` for another network or a scaling that is not computed, `StorageError` for tensors that are missing or of
    ///   other shapes.
    public init(_ artefact: Artefact) throws {
        let network = artefact.manifest.inputs["network"] ?? ""
        guard network == Self.network else {
            throw EncoderError(
                .wrongModel,
                "\(artefact.folder): a network of the kind '\(network)' is measured by souk-train and not served; the "
                    + "\(Self.network) is.")
        }
        try self.init(
            scaling: try artefact.read(Self.scalingFile),
            weights: try SafetensorsFile(path: artefact.path(of: Self.weightsFile)))
    }

    init(scaling bytes: [UInt8], weights: SafetensorsFile) throws {
        scaling = try FeatureScaling(try JSONValue(parsing: bytes))
        var hidden: [(layer: DenseLayer, units: Int)] = []
        var width = scaling.width
        while let shape = weights.shape(of: "hidden\(hidden.count + 1).weight") {
            guard hidden.count < Self.mostLayers, let units = shape.first, (1...Self.mostUnits).contains(units) else {
                throw EncoderError(
                    .wrongModel,
                    "A network of purchases has up to \(Self.mostLayers) layers of \(Self.mostUnits) units.")
            }
            hidden.append((try weights.dense("hidden\(hidden.count + 1)", units, width), units))
            width = units
        }
        (self.hidden, last) = (hidden, try weights.dense("purchase", 1, width))
    }

    /// Logarithms of the odds of a purchase, shape `[count]`, for rows of shape `[count, features.count]`.
    ///
    /// Odds among pairs as the network learned them, half of them bought: they order items, and are not the shop's.
    /// - Complexity: O(count × weights).
    public func logits(of rows: [Float]) -> [Float] {
        let count = rows.count / features.count
        guard count > 0 else { return [] }
        var (values, scratch) = (scaling.apply(rows), DenseScratch())
        for (layer, units) in hidden {
            var output = [Float](repeating: 0, count: count * units)
            layer.apply(values, rows: count, into: &output, &scratch)
            for place in output.indices { output[place] = Sigmoid.of(output[place]) }
            values = output
        }
        var logits = [Float](repeating: 0, count: count)
        last.apply(values, rows: count, into: &logits, &scratch)
        return logits
    }
}
