import Storage

/// Scores how well a text answers a query, both read together: BERT's encoder over `[CLS]` query `[SEP]` text `[SEP]` with a type for
/// each text, and a linear head on the state of `[CLS]` (Nogueira and Cho, 2019).
///
/// Scores of one query compare with each other; their differences are differences of log-likelihoods. A value of this type may
/// serve many threads.
public struct CrossEncoder: Sendable {
    /// What `souk-train cross-encoder` writes: the files of a sentence encoder, with a head, under a manifest of this kind.
    public static let kind = "cross-encoder"
    public static let format = 1
    /// The head's tensors: `.weight`, shape `[1, width]`, and `.bias`, shape `[1]`.
    public static let head = "classifier"
    /// The most tokens of a query and of a pair, marks included: longer ones are cut off, in training too.
    public static let queryTokens = 24
    public static let pairTokens = 64
    /// Pairs that go through the network together.
    static let batch = 16

    private let encoder: SentenceEncoder
    private let weights: [Float]
    private let bias: Float

    public var shape: SentenceEncoder.Shape { encoder.shape }

    /// - Parameter folder: As `SentenceEncoder` reads it, with the head's tensors.
    /// - Parameter isRounded: Whether matrices in single precision are rounded to 8 bits.
    /// - Throws: `StorageError` for a file that is missing, damaged or does not fit, `EncoderError` for another model.
    public init(folder: String, isRounded: Bool = false) throws {
        let file = try SafetensorsFile(path: folder + "/" + SentenceEncoder.weightsFile)
        encoder = try SentenceEncoder(folder: folder, weights: file, isRounded: isRounded)
        weights = try file.floats(Self.head + ".weight", shape: [1, encoder.shape.width])
        bias = try file.floats(Self.head + ".bias", shape: [1])[0]
    }

    /// One score for each text, higher for a likelier answer.
    ///
    /// - Complexity: O(tokens × (12 width² + tokens of a pair × width)) a layer.
    public func scores(_ query: String, _ texts: [String]) -> [Float] {
        let pairs = texts.map { pair(query, $0) }
        var scores: [Float] = []
        for start in stride(from: 0, to: pairs.count, by: Self.batch) {
            let part = pairs[start..<min(pairs.count, start + Self.batch)]
            let states = encoder.states(
                part.map(\.tokens), firstCounts: part.map(\.firstCount), ofFirstAlone: true)
            for row in 0..<part.count {
                var sum = bias
                for (column, weight) in weights.enumerated() { sum += states[row * weights.count + column] * weight }
                scores.append(sum)
            }
        }
        return scores
    }

    func pair(_ query: String, _ text: String) -> TokenPair { encoder.tokenizer.crossPair(query, text, encoder.shape) }
}

extension WordPieceTokenizer {
    /// The pair that a cross-encoder of this shape reads.
    public func crossPair(_ query: String, _ text: String, _ shape: SentenceEncoder.Shape) -> TokenPair {
        let limit = min(CrossEncoder.pairTokens, shape.positions)
        return pair(query, text, firstLimit: min(CrossEncoder.queryTokens, limit / 2), limit: limit)
    }
}
