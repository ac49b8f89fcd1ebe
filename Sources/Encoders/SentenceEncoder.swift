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
    /// Position and type together, shape `[positions, width]`.
    let positions: [Float]
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
        var starts = [0]
        for list in tokens { starts.append(starts[starts.count - 1] + list.count) }
        let rows = starts[starts.count - 1]
        guard rows > 0 else { return [] }
        let width = shape.width
        var hidden = embed(tokens, rows: rows)
        var joined = [Float](repeating: 0, count: rows * 3 * width)
        var (context, change) = (hidden, hidden)
        var inner = [Float](repeating: 0, count: rows * shape.inner)
        var scratch = DenseScratch()
        for layer in layers {
            layer.joined.apply(hidden, rows: rows, into: &joined, &scratch)
            TransformerKernels.attend(
                joined, starts: starts, width: width, heads: shape.heads, isCausal: false, into: &context)
            layer.output.apply(context, rows: rows, into: &change, &scratch)
            layer.attentionNorm.apply(&hidden, adding: change, rows: rows)
            layer.inner.apply(hidden, rows: rows, into: &inner, &scratch)
            TransformerKernels.gelu(&inner, count: rows * shape.inner)
            layer.outer.apply(inner, rows: rows, into: &change, &scratch)
            layer.outputNorm.apply(&hidden, adding: change, rows: rows)
        }
        return pool(hidden, starts)
    }

    private func embed(_ tokens: [[Int32]], rows: Int) -> [Float] {
        let width = shape.width
        var hidden = [Float](repeating: 0, count: rows * width)
        var places = [Float](repeating: 0, count: rows * width)
        var row = 0
        for list in tokens {
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
