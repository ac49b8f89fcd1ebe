internal import Encoders
public import Torch

/// A transformer that writes phrases letter by letter (Vaswani et al., 2017), with normalisation first and learned positions: with an encoder
/// of what was typed, or the decoder alone.
///
/// Letters have one vector each for both sides; the scores of the next letter have weights of their own. Padding stands at the end: causal
/// places do not see it, the encoder's and the cross-attention's are masked.
public final class PhraseTransformer {
    public let parameters: Parameters
    let kind: PhraseModel.Kind
    let shape: PhraseModel.Shape
    private let letters: Tensor
    private let positions: Tensor
    private let input: Dropout
    private let encoder: (positions: Tensor, blocks: [TransformerBlock], norm: LayerNormalisation)?
    private let readers: [DecoderBlock]
    private let writers: [TransformerBlock]
    private let norm: LayerNormalisation
    private let output: Linear

    /// - Parameter letterCount: With those of `LetterTable` that are no letters.
    init(
        _ kind: PhraseModel.Kind, letterCount: Int, shape: PhraseModel.Shape, dropout: Double, seed: UInt64,
        device: Device = .cpu
    ) throws(TorchError) {
        (self.kind, self.shape) = (kind, shape)
        let (parameters, width) = (try Parameters(seed: seed, device: device), shape.width)
        let (heads, inner, names) = (shape.heads, shape.inner, Array(0..<shape.blocks))
        self.parameters = parameters
        letters = try parameters.weight("letters", shape: [letterCount, width], .normal(deviation: 0.1))
        positions = try parameters.weight("positions", shape: [shape.length, width], .normal(deviation: 0.1))
        input = Dropout(parameters, rate: dropout)
        func plain(_ name: String) throws(TorchError) -> [TransformerBlock] {
            var blocks: [TransformerBlock] = []
            for number in names {
                blocks.append(
                    try TransformerBlock(
                        parameters, "\(name).\(number)", width: width, heads: heads, inner: inner, dropout: dropout))
            }
            return blocks
        }
        switch kind {
        case .rewriter:
            encoder = (
                try parameters.weight("source.positions", shape: [shape.length, width], .normal(deviation: 0.1)),
                try plain("encoder"), try LayerNormalisation(parameters, "source.norm", width: width)
            )
            var blocks: [DecoderBlock] = []
            for number in names {
                blocks.append(
                    try DecoderBlock(
                        parameters, "decoder.\(number)", width: width, heads: heads, inner: inner, dropout: dropout))
            }
            (readers, writers) = (blocks, [])
        case .suggester: (encoder, readers, writers) = (nil, [], try plain("decoder"))
        }
        norm = try LayerNormalisation(parameters, "norm", width: width)
        output = try Linear(parameters, "output", inputs: width, outputs: letterCount)
    }

    /// Scores of every letter behind each of `target`.
    ///
    /// - Parameters:
    ///   - source: What was typed, shape `[batch, places]`; taken by a rewriter alone.
    ///   - target: What was written so far, from the start on, shape `[batch, length]`.
    /// - Returns: Shape `[batch, length, letters]`.
    func scores(source: Tensor?, target: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        var found: String?
        return try scores(source, target, isTraining, firstNotFinite: &found, looks: false)
    }

    /// The part in which numbers stop being finite; `nil` if none does.
    func firstNotFinite(source: Tensor?, target: Tensor) throws(TorchError) -> String? {
        var found: String?
        _ = try scores(source, target, true, firstNotFinite: &found, looks: true)
        return found
    }

    private func scores(
        _ source: Tensor?, _ target: Tensor, _ isTraining: Bool, firstNotFinite found: inout String?, looks: Bool
    ) throws(TorchError) -> Tensor {
        func look(_ tensor: Tensor, _ name: String) throws(TorchError) {
            if looks, found == nil, try !tensor.isFinite() { found = name }
        }
        var memory: (states: Tensor, mask: Tensor)?
        if let encoder, let source {
            let mask = try paddingMask(source)
            var states = try embedded(source, encoder.positions, isTraining)
            for (number, block) in encoder.blocks.enumerated() {
                states = try block(states, mask: .added(mask), isTraining: isTraining)
                try look(states, "encoder.\(number)")
            }
            memory = (try encoder.norm(states, isTraining: isTraining), mask)
        }
        var hidden = try embedded(target, positions, isTraining)
        try look(hidden, "letters")
        let causal = AttentionMask.causal(parameters.device)
        for (number, block) in writers.enumerated() {
            hidden = try block(hidden, mask: causal, isTraining: isTraining)
            try look(hidden, "decoder.\(number)")
        }
        for (number, block) in readers.enumerated() {
            guard let memory else { throw Self.refusal([target.shape], "a rewriter needs what was typed") }
            hidden = try block(
                hidden, mask: causal, memory: memory.states, memoryMask: memory.mask, isTraining: isTraining)
            try look(hidden, "decoder.\(number)")
        }
        let scores = try output(try norm(hidden, isTraining: isTraining), isTraining: isTraining)
        try look(scores, "output")
        return scores
    }

    private func embedded(_ numbers: Tensor, _ positions: Tensor, _ isTraining: Bool) throws(TorchError) -> Tensor {
        let places = numbers.shape
        guard places.count == 2, places[1] <= shape.length else {
            throw Self.refusal([places], "letters are not [batch, length] with a length of at most \(shape.length)")
        }
        let sum = try (try letters.embedding(of: numbers)) + (try positions.slice(axis: 0, 0..<places[1]))
        return try input(sum, isTraining: isTraining)
    }

    private func paddingMask(_ numbers: Tensor) throws(TorchError) -> Tensor {
        let (shape, device) = (numbers.shape, parameters.device)
        let isPadding = try numbers.isEqual(
            to: try Tensor([Int64(LetterTable.padding)], shape: [1], device: device))
        let zeros = [Float](repeating: 0, count: shape[0] * shape[1])
        return try Tensor(zeros, shape: [shape[0], 1, 1, shape[1]], device: device)
            .masked(by: try isPadding.reshaped([shape[0], 1, 1, shape[1]]), with: -.infinity)
    }

    private static func refusal(_ shapes: [[Int]], _ reason: String) -> TorchError {
        TorchError(operation: "reading letters", shapes: shapes, reason: reason)
    }
}
