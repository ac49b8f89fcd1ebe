import Numerics

/// Turns a text into a vector whose direction is its meaning: BERT's encoder with mean pooling (Devlin et al., 2019;
/// Reimers and Gurevych, 2019), as all-MiniLM-L6-v2 has it (Wang et al., 2020).
///
/// Vectors have length one, so that their inner product is the cosine. A value of this type may serve many threads.
public struct SentenceEncoder: Sendable {
    /// What the weights say of themselves.
    public struct Shape: Sendable, Hashable {
        public var width = 384
        public var inner = 1536
        public var layers = 6
        public var heads = 12
        public var vocabulary = 30_522
        public var positions = 512
        public var epsilon: Float = 1e-12
        /// Longer texts are cut off.
        public var maximumTokens = 256
    }

    struct Layer: Sendable {
        /// Query, key and value of every row side by side.
        var joined: DenseLayer
        var output: DenseLayer
        var attentionNorm: LayerNorm
        var inner: DenseLayer
        var outer: DenseLayer
        var outputNorm: LayerNorm
    }

    public let shape: Shape
    let tokenizer: WordPieceTokenizer
    /// Shape `[vocabulary, width]`.
    let words: WeightMatrix
    /// Position and the first type together, shape `[positions, width]`.
    let positions: [Float]
    /// The second type less the first, shape `[width]`: for the second text of a pair.
    let typeStep: [Float]
    let embeddingNorm: LayerNorm
    let layers: [Layer]

    /// Texts as vectors, shape `[texts.count, width]`.
    ///
    /// - Complexity: O(tokens × (12 width² + tokens of a text × width)) a layer.
    public func encode(_ texts: [String]) -> [Float] {
        encode(tokens: texts.map { tokenizer.tokens(of: $0, limit: shape.maximumTokens) })
    }

    /// The tokens of texts as vectors; every list begins and ends with the model's marks.
    func encode(tokens: [[Int32]]) -> [Float] {
        let starts = Self.starts(tokens)
        return starts[starts.count - 1] > 0 ? pool(states(tokens, starts: starts), starts) : []
    }

    /// What the last layer makes of sequences of tokens.
    ///
    /// - Parameter tokens: Each with at least one token and at most `shape.positions`.
    /// - Parameter firstCounts: How many tokens of each sequence are of the first type, as for two texts in one; all for `nil`.
    /// - Parameter ofFirstAlone: Whether the first token's state is all that is asked for: the last layer computes no other.
    /// - Returns: Shape `[tokens, width]`, or `[sequences, width]` with `ofFirstAlone`.
    func states(_ tokens: [[Int32]], firstCounts: [Int]? = nil, ofFirstAlone: Bool = false) -> [Float] {
        states(tokens, starts: Self.starts(tokens), firstCounts: firstCounts, ofFirstAlone: ofFirstAlone)
    }

    private static func starts(_ tokens: [[Int32]]) -> [Int] {
        tokens.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    }

    private func states(
        _ tokens: [[Int32]], starts: [Int], firstCounts: [Int]? = nil, ofFirstAlone: Bool = false
    ) -> [Float] {
        var rows = starts[starts.count - 1]
        guard rows > 0 else { return [] }
        let width = shape.width
        var hidden = embed(tokens, rows: rows, firstCounts: firstCounts)
        var joined = [Float](repeating: 0, count: rows * 3 * width)
        var (context, change) = (hidden, hidden)
        var inner = [Float](repeating: 0, count: rows * shape.inner)
        var scratch = DenseScratch()
        for (number, layer) in layers.enumerated() {
            layer.joined.apply(hidden, rows: rows, into: &joined, &scratch)
            TransformerKernels.attend(
                joined, starts: starts, width: width, heads: shape.heads, isCausal: false, into: &context)
            if ofFirstAlone, number == layers.count - 1 {
                for (row, start) in starts.dropLast().enumerated() {
                    for column in 0..<width {
                        context[row * width + column] = context[start * width + column]
                        hidden[row * width + column] = hidden[start * width + column]
                    }
                }
                rows = tokens.count
            }
            layer.output.apply(context, rows: rows, into: &change, &scratch)
            layer.attentionNorm.apply(&hidden, adding: change, rows: rows)
            layer.inner.apply(hidden, rows: rows, into: &inner, &scratch)
            TransformerKernels.gelu(&inner, count: rows * shape.inner)
            layer.outer.apply(inner, rows: rows, into: &change, &scratch)
            layer.outputNorm.apply(&hidden, adding: change, rows: rows)
        }
        return hidden.count == rows * width ? hidden : Array(hidden.prefix(rows * width))
    }

    private func embed(_ tokens: [[Int32]], rows: Int, firstCounts: [Int]?) -> [Float] {
        let width = shape.width
        var hidden = [Float](repeating: 0, count: rows * width)
        var places = [Float](repeating: 0, count: rows * width)
        var row = 0
        for (number, list) in tokens.enumerated() {
            let firstCount = firstCounts?[number] ?? list.count
            for (position, token) in list.enumerated() {
                let (source, target) = (Int(token) * width, row * width)
                switch words {
                case .float(let values):
                    for column in 0..<width { hidden[target + column] = values[source + column] }
                case .int8(let numbers, let factors):
                    let factor = factors[Int(token)]
                    for column in 0..<width { hidden[target + column] = Float(numbers[source + column]) * factor }
                }
                for column in 0..<width { places[target + column] = positions[position * width + column] }
                if position >= firstCount {
                    for column in 0..<width { places[target + column] += typeStep[column] }
                }
                row += 1
            }
        }
        embeddingNorm.apply(&hidden, adding: places, rows: rows)
        return hidden
    }

    /// The mean of each text's rows, scaled to length one.
    private func pool(_ hidden: [Float], _ starts: [Int]) -> [Float] {
        let width = shape.width
        var vectors = [Float](repeating: 0, count: (starts.count - 1) * width)
        for text in 0..<starts.count - 1 {
            let target = text * width
            for row in starts[text]..<starts[text + 1] {
                for column in 0..<width { vectors[target + column] += hidden[row * width + column] }
            }
            var squares: Float = 0
            for column in 0..<width { squares += vectors[target + column] * vectors[target + column] }
            let factor = squares > 0 ? 1 / squares.squareRoot() : 0
            for column in 0..<width { vectors[target + column] *= factor }
        }
        return vectors
    }
}
