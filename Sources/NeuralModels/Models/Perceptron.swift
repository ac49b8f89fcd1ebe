public import Torch

/// The multilayer perceptron (Rumelhart, Hinton and Williams, 1986): sigmoid layers, then softmax over the classes.
public enum Perceptron {
    public static let name = "perceptron"
    /// The hidden layers of the reference that Souk is compared with.
    public static let referenceLayers = [64, 64]

    /// A classifier of pictures by their pixels.
    public static func pictures(
        pixelCount: Int, classCount: Int, hidden: [Int] = referenceLayers, seed: UInt64, device: Device = .cpu
    ) throws -> PictureClassifier {
        let parameters = try Parameters(seed: seed, device: device)
        let layers = try layers(parameters, inputs: pixelCount, hidden: hidden, last: "classes", outputs: classCount)
        return PictureClassifier(
            name: name, parameters: parameters, network: Network(layers), input: .rows)
    }

    /// Sigmoid layers, and a last layer without one.
    static func layers(
        _ parameters: Parameters, inputs: Int, hidden: [Int], last: String, outputs: Int
    ) throws -> [(name: String, layer: any Layer)] {
        var layers: [(name: String, layer: any Layer)] = []
        var width = inputs
        for (index, units) in hidden.enumerated() {
            let name = "hidden\(index + 1)"
            layers.append((name, try Linear(parameters, name, inputs: width, outputs: units)))
            layers.append((name + ".sigmoid", Activation.sigmoid))
            width = units
        }
        layers.append((last, try Linear(parameters, last, inputs: width, outputs: outputs)))
        return layers
    }
}
