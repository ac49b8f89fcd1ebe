import Storage

extension PictureEncoder {
    /// What the manifest of a trained model names it.
    public static let kind = "cnn"
    static let formatVersion = 1
    public static let weightsFile = "weights.safetensors"
    /// Of the normalisation, as in training.
    static let epsilon: Float = 1e-5
    private static let maximumChannels = 4096

    /// Reads the folder of a model that `souk-train cnn` wrote, and checks all of it.
    ///
    /// - Throws: `StorageError` for a folder that is missing, changed or of another kind; what `init(weights:)` throws.
    public init(folder: String) throws {
        let artefact = try Artefact.open(
            folder: folder, kind: Self.kind, formatVersion: Self.formatVersion, verify: .checksums)
        try self.init(weights: artefact.path(of: Self.weightsFile))
    }

    /// Reads a file of weights.
    ///
    /// - Throws: `EncoderError` for tensors that are missing, unknown, of another shape or type, or not finite; `StorageError` for
    ///   a file that is missing or cut short.
    public init(weights path: String) throws {
        let file = try SafetensorsFile(path: path)
        func channels(_ name: String) throws(EncoderError) -> Int {
            guard let shape = file.shape(of: name), let count = shape.first, (1...Self.maximumChannels).contains(count)
            else { throw Self.wrong(path, "it has no usable tensor \(name)") }
            return count
        }
        let widths = [try channels("full.weight"), try channels("half.weight"), try channels("quarter.weight")]
        let reader = PictureWeightReader(file: file, path: path)
        stages = [
            Stage(widening: try reader.convolution("full", 1, widths[0]), residual: []),
            try reader.stage("half", widths[0], widths[1]), try reader.stage("quarter", widths[1], widths[2]),
        ]
        let classCount = try channels("classes.weight")
        classes = try reader.floats("classes.weight", [classCount, widths[2]])
        classBias = try reader.floats("classes.bias", [classCount])
        let sizes = ["half", "quarter"].flatMap { [$0, $0 + ".residual", $0 + ".residual.second"] }
        let known = (["full"] + sizes).flatMap { name in
            [name + ".weight"] + ["weight", "bias", "running_mean", "running_var"].map { name + ".norm." + $0 }
        }
        let unknown = Set(file.names).subtracting(known + ["classes.weight", "classes.bias"])
        if let name = unknown.sorted().first {
            throw Self.wrong(path, "it has a tensor \(name.prefix(128)) that this network does not know")
        }
    }

    fileprivate static func wrong(_ path: String, _ what: String) -> EncoderError {
        EncoderError(.wrongModel, "\(path) holds no weights of `souk-train cnn`: \(what).")
    }
}

/// Reads tensors out of a file of weights.
private struct PictureWeightReader {
    let file: SafetensorsFile
    let path: String

    func floats(_ name: String, _ shape: [Int]) throws(EncoderError) -> [Float] {
        do {
            let numbers = try file.floats(name, shape: shape)
            guard numbers.allSatisfy(\.isFinite) else {
                throw PictureEncoder.wrong(path, "tensor \(name) holds numbers that are not finite")
            }
            return numbers
        } catch let error as EncoderError {
            throw error
        } catch {
            throw PictureEncoder.wrong(path, "\(error)")
        }
    }

    /// A convolution and its residual block, which has one convolution in networks of before and two in those of today.
    func stage(_ name: String, _ inputs: Int, _ outputs: Int) throws(EncoderError) -> PictureEncoder.Stage {
        let widening = try convolution(name, inputs, outputs)
        var residual = [try convolution(name + ".residual", outputs, outputs)]
        let second = name + ".residual.second"
        if file.shape(of: second + ".weight") != nil {
            residual.append(try convolution(second, outputs, outputs))
        }
        return PictureEncoder.Stage(widening: widening, residual: residual)
    }

    /// Folds the normalisation `(x - mean) / √(variance + ε) × weight + bias` into the convolution before it.
    func convolution(
        _ name: String, _ inputs: Int, _ outputs: Int
    ) throws(EncoderError) -> PictureEncoder.Convolution {
        let kernel = try floats(name + ".weight", [outputs, inputs, 3, 3])
        let weight = try floats(name + ".norm.weight", [outputs])
        let bias = try floats(name + ".norm.bias", [outputs])
        let mean = try floats(name + ".norm.running_mean", [outputs])
        let variance = try floats(name + ".norm.running_var", [outputs])
        guard variance.allSatisfy({ $0 >= 0 }) else {
            throw PictureEncoder.wrong(path, "\(name).norm.running_var holds a negative variance")
        }
        let factors = (0..<outputs).map { weight[$0] / (variance[$0] + PictureEncoder.epsilon).squareRoot() }
        var weights = [Float](repeating: 0, count: kernel.count)
        for output in 0..<outputs {
            for input in 0..<inputs {
                for cell in 0..<9 {
                    weights[(output * 9 + cell) * inputs + input] =
                        kernel[(output * inputs + input) * 9 + cell] * factors[output]
                }
            }
        }
        return PictureEncoder.Convolution(
            inputs: inputs, outputs: outputs, weights: weights,
            bias: (0..<outputs).map { bias[$0] - mean[$0] * factors[$0] })
    }
}
