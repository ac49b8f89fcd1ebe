internal import Foundation
public import Pictures
public import Torch

/// A network from grey pictures to classes.
public final class PictureClassifier {
    /// What the network takes: rows of numbers, or planes.
    public enum Input: String, Sendable { case rows, planes }

    public let name: String
    public let parameters: Parameters
    public let network: Network
    public let input: Input
    /// Probabilities are the mean over a picture and its mirror image.
    public var averagesMirrors = false
    /// Of the convolutions in training.
    public internal(set) var precision = Precision.single
    private let batch = 500

    init(name: String, parameters: Parameters, network: Network, input: Input) {
        (self.name, self.parameters, self.network) = (name, parameters, network)
        self.input = input
    }

    /// Bytes of pictures as the network takes them: in 0…1 for rows, and for planes centred and scaled by the mean and
    /// deviation of the training pictures, 0.2860 and 0.3530.
    func numbers(_ pixels: [UInt8], count: Int, height: Int, width: Int) throws(TorchError) -> Tensor {
        let bytes = try Tensor(pixels, shape: [count, pixels.count / max(1, count)], device: parameters.device)
        let numbers = try (try bytes.converted(to: .float)) * (1.0 / 255)
        switch input {
        case .rows: return numbers
        case .planes:
            return try (try (try numbers + -0.2860) * (1 / 0.3530)).reshaped([count, 1, height, width])
        }
    }

    /// Probabilities of the classes, shape `[pictures, classes]`.
    public func probabilities(of pictures: PictureSet) throws -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(pictures.count * pictures.classes.count)
        try Runtime.withoutGradients {
            for start in stride(from: 0, to: pictures.count, by: batch) {
                let count = min(batch, pictures.count - start)
                let pixels = Array(pictures.pixels[start * pictures.pixelCount..<(start + count) * pictures.pixelCount])
                let numbers = try numbers(pixels, count: count, height: pictures.height, width: pictures.width)
                var shares = try network(numbers, isTraining: false).softmax(axis: 1)
                if averagesMirrors {
                    let planes = try numbers.reshaped([count, pictures.height, pictures.width])
                    let mirrored = try Tensor.one("aten::flip", "", [.tensor(planes), .integers([2])])
                    let other = try network(try mirrored.reshaped(numbers.shape), isTraining: false).softmax(axis: 1)
                    shares = try (try shares + other) * 0.5
                }
                result += try shares.floats()
            }
        }
        return result
    }
}
