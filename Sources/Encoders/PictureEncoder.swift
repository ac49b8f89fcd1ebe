import Foundation
import Numerics

/// Tells the class of a grey picture, and what it looks like as a vector, by the weights that `souk-train cnn` writes: a small
/// residual convolutional network (He et al., 2016) with batch normalisation folded into its convolutions (Jacob et al., 2018).
///
/// Its numbers are those of libtorch within 1e-4. A value of this type may serve many threads.
public struct PictureEncoder: Sendable {
    /// A convolution of 3 × 3 with its normalisation: `relu(conv(x) + bias)`.
    struct Convolution: Sendable {
        var inputs: Int
        var outputs: Int
        /// Shape `[outputs, 3, 3, inputs]`.
        var weights: [Float]
        /// Shape `[outputs]`.
        var bias: [Float]
    }

    /// What happens at one size of the pictures: a convolution to more channels, and convolutions beside what comes out of it:
    /// `relu(x + conv(… relu(conv(x))))`, one or two; none at full size.
    struct Stage: Sendable {
        var widening: Convolution
        var residual: [Convolution]
    }

    /// What the network makes of pictures.
    public struct Output: Sendable {
        /// The chance of each class; shape `[pictures, classes]`.
        public var chances: [Float]
        /// Of length one; shape `[pictures, width]`.
        public var embeddings: [Float]
        /// Before the softmax; shape `[pictures, classes]`.
        var scores: [Float]
    }

    /// Pixels of a side of the pictures that the network was trained on.
    public static let side = 28
    /// Pictures that are computed together: more do not fit the processor's caches.
    static let batch = 8
    /// Mean and deviation of the training pictures' pixels in 0…1.
    static let (mean, deviation): (Float, Float) = (0.2860, 0.3530)

    /// At full size, half of it and a quarter of it, with a maximum of 2 × 2 in between.
    let stages: [Stage]
    /// Shape `[classes, width]`.
    let classes: [Float]
    /// Shape `[classes]`.
    let classBias: [Float]

    /// Numbers of an embedding.
    public var width: Int { stages[stages.count - 1].widening.outputs }
    public var classCount: Int { classBias.count }

    /// Encodes pictures one after the other, light on black.
    ///
    /// - Parameters:
    ///   - pixels: Shape `[pictures, height, width]`, 0 for black.
    ///   - height: At least 4 pixels, as the width.
    /// - Complexity: About 33 million multiplications a picture of 28 × 28 with 32 channels at full size.
    public func encode(_ pixels: [UInt8], height: Int = side, width: Int = side) -> Output {
        precondition(height >= 4 && width >= 4, "a picture is halved twice")
        precondition(pixels.count % (height * width) == 0, "all pictures have one size")
        let count = pixels.count / (height * width)
        var output = Output(chances: [], embeddings: [], scores: [])
        for start in stride(from: 0, to: count, by: Self.batch) {
            let end = min(count, start + Self.batch)
            let part = pixels[start * height * width..<end * height * width]
            append(Planes(part, count: end - start, height: height, width: width), to: &output)
        }
        return output
    }

    private func append(_ input: Planes, to output: inout Output) {
        var (planes, columns) = (input, [Float]())
        for (number, stage) in stages.enumerated() {
            if number > 0 { planes = planes.halved() }
            planes = planes.convolved(with: stage.widening, &columns)
            let start = planes
            for (place, convolution) in stage.residual.enumerated() {
                let isLast = place == stage.residual.count - 1
                planes = planes.convolved(with: convolution, adding: isLast ? start : nil, &columns)
            }
        }
        var means = planes.means()
        var scores = [Float](repeating: 0, count: planes.count * classCount)
        MatrixProduct.multiply(means.span, classes.span, depth: width, into: &scores)
        for place in scores.indices { scores[place] += classBias[place % classCount] }
        ItemTable.normalise(&means, width: width, to: 1)
        output.embeddings += means
        output.scores += scores
        for row in 0..<planes.count {
            output.chances += Self.softmax(scores[row * classCount..<(row + 1) * classCount])
        }
    }

    private static func softmax(_ scores: ArraySlice<Float>) -> [Float] {
        let highest = scores.max() ?? 0
        let powers = scores.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}

/// Some pictures between two layers: shape `[count, height, width, channels]`.
struct Planes {
    let count: Int
    let height: Int
    let width: Int
    let channels: Int
    var values: [Float]

    init(count: Int, height: Int, width: Int, channels: Int, values: [Float]) {
        (self.count, self.height, self.width, self.channels) = (count, height, width, channels)
        self.values = values
    }

    /// Bytes of pixels, centred and scaled as in training.
    init(_ pixels: ArraySlice<UInt8>, count: Int, height: Int, width: Int) {
        let table = (0..<256).map { (Float($0) / 255 - PictureEncoder.mean) / PictureEncoder.deviation }
        self.init(count: count, height: height, width: width, channels: 1, values: pixels.map { table[Int($0)] })
    }

    /// - Parameters:
    ///   - start: Planes of the result's shape that are added before what is negative becomes zero.
    ///   - columns: Room for the neighbourhoods of all pixels, kept between calls.
    func convolved(
        with convolution: PictureEncoder.Convolution, adding start: Planes? = nil, _ columns: inout [Float]
    ) -> Planes {
        let (rows, depth) = (count * height * width, 9 * channels)
        if columns.count < rows * depth {
            columns = [Float](repeating: 0, count: rows * depth)
        }
        gather(into: &columns)
        var result = [Float](repeating: 0, count: rows * convolution.outputs)
        MatrixProduct.multiply(
            columns.span.extracting(0..<rows * depth), convolution.weights.span, depth: depth, into: &result)
        let (outputs, bias) = (convolution.outputs, convolution.bias.span)
        var target = result.mutableSpan
        if let start {
            let source = start.values.span
            for place in 0..<rows * outputs { target[place] += source[place] }
        }
        for row in 0..<rows {
            let first = row * outputs
            for column in 0..<outputs { target[first + column] = max(0, target[first + column] + bias[column]) }
        }
        return Planes(count: count, height: height, width: width, channels: outputs, values: result)
    }

    /// Writes each pixel's neighbourhood as a row, zero beyond the edge; shape `[count × height × width, 3, 3, channels]`.
    private func gather(into columns: inout [Float]) {
        let source = values.span
        var target = columns.mutableSpan
        var place = 0
        for picture in 0..<count {
            for y in 0..<height {
                for x in 0..<width {
                    for down in -1...1 {
                        for right in -1...1 {
                            let (row, column) = (y + down, x + right)
                            if row >= 0, row < height, column >= 0, column < width {
                                let start = ((picture * height + row) * width + column) * channels
                                for channel in 0..<channels { target[place + channel] = source[start + channel] }
                            } else {
                                for channel in 0..<channels { target[place + channel] = 0 }
                            }
                            place += channels
                        }
                    }
                }
            }
        }
    }

    /// The maximum of each 2 × 2 values; an odd last row or column is dropped.
    func halved() -> Planes {
        let (rows, columns) = (height / 2, width / 2)
        var result = [Float](repeating: 0, count: count * rows * columns * channels)
        let source = values.span
        var target = result.mutableSpan
        var place = 0
        for picture in 0..<count {
            for y in 0..<rows {
                for x in 0..<columns {
                    let above = ((picture * height + 2 * y) * width + 2 * x) * channels
                    let below = above + width * channels
                    for channel in 0..<channels {
                        target[place + channel] = max(
                            max(source[above + channel], source[above + channels + channel]),
                            max(source[below + channel], source[below + channels + channel]))
                    }
                    place += channels
                }
            }
        }
        return Planes(count: count, height: rows, width: columns, channels: channels, values: result)
    }

    /// The mean of each channel; shape `[count, channels]`.
    func means() -> [Float] {
        let pixels = height * width
        var result = [Float](repeating: 0, count: count * channels)
        for picture in 0..<count {
            for pixel in 0..<pixels {
                let start = (picture * pixels + pixel) * channels
                for channel in 0..<channels { result[picture * channels + channel] += values[start + channel] }
            }
        }
        for place in result.indices { result[place] /= Float(pixels) }
        return result
    }
}
