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
        var layers: [(name: String, layer: any Layer)] = []
        var inputs = pixelCount
        for (index, outputs) in hidden.enumerated() {
            let name = "hidden\(index + 1)"
            layers.append((name, try Linear(parameters, name, inputs: inputs, outputs: outputs)))
            layers.append((name + ".sigmoid", Activation.sigmoid))
            inputs = outputs
        }
        layers.append(("classes", try Linear(parameters, "classes", inputs: inputs, outputs: classCount)))
        return PictureClassifier(
            name: name, parameters: parameters, network: Network(layers), input: .rows)
    }
}
