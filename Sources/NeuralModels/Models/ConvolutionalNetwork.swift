public import Torch

/// A small residual convolutional network for grey pictures (He et al., 2016), the first convolution at full size and the
/// rest at a half and a quarter of it, so that it trains on a processor within minutes.
public enum ConvolutionalNetwork {
    public static let name = "cnn"

    /// - Parameter widths: Channels at full, half and quarter size.
    public static func pictures(
        classCount: Int, widths: [Int] = [32, 64, 128], precision: Precision = .single, seed: UInt64,
        device: Device = .cpu
    ) throws -> PictureClassifier {
        precondition(widths.count == 3, "three sizes of pictures")
        let parameters = try Parameters(seed: seed, device: device)
        var layers: [(name: String, layer: any Layer)] = []
        func convolution(_ name: String, _ inputs: Int, _ outputs: Int) throws {
            layers.append(
                (
                    name,
                    try Convolution(
                        parameters, name, inputs: inputs, outputs: outputs, precision: precision)
                ))
            layers.append((name + ".norm", try BatchNormalisation(parameters, name + ".norm", channels: outputs)))
            layers.append((name + ".relu", Activation.relu))
        }
        try convolution("full", 1, widths[0])
        layers.append(("full.pool", Pooling.maximum(size: 2)))
        try convolution("half", widths[0], widths[1])
        layers.append(("half.residual", try ResidualBlock(parameters, "half.residual", channels: widths[1], precision)))
        layers.append(("half.pool", Pooling.maximum(size: 2)))
        try convolution("quarter", widths[1], widths[2])
        layers.append(
            ("quarter.residual", try ResidualBlock(parameters, "quarter.residual", channels: widths[2], precision)))
        if precision == .mixed { layers.append(("single", Conversion(type: .float))) }
        layers.append(("mean", Pooling.mean))
        layers.append(("dropout", Dropout(parameters, rate: 0.2)))
        layers.append(("classes", try Linear(parameters, "classes", inputs: widths[2], outputs: classCount)))
        let classifier = PictureClassifier(
            name: name, parameters: parameters, network: Network(layers), input: .planes)
        classifier.precision = precision
        return classifier
    }
}

/// `relu(x + norm₂(conv₂(relu(norm₁(conv₁(x))))))`: two convolutions beside their input (He et al., 2016).
struct ResidualBlock: Layer {
    private let first: Convolution
    private let firstNorm: BatchNormalisation
    private let second: Convolution
    private let secondNorm: BatchNormalisation

    init(_ parameters: Parameters, _ name: String, channels: Int, _ precision: Precision) throws {
        first = try Convolution(parameters, name, inputs: channels, outputs: channels, precision: precision)
        firstNorm = try BatchNormalisation(parameters, name + ".norm", channels: channels)
        let other = name + ".second"
        second = try Convolution(parameters, other, inputs: channels, outputs: channels, precision: precision)
        secondNorm = try BatchNormalisation(parameters, other + ".norm", channels: channels)
    }

    func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        let inner = try firstNorm(try first(input, isTraining: isTraining), isTraining: isTraining).relu()
        let change = try secondNorm(try second(inner, isTraining: isTraining), isTraining: isTraining)
        return try (try input + change).relu()
    }
}

/// Numbers of another kind between two layers.
struct Conversion: Layer {
    let type: NumberType

    func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try input.converted(to: type)
    }
}
