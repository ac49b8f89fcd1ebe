import Numerics
import Storage

/// Scores every item as the next of a history. A value of such a type may serve many threads.
public protocol SequenceEncoder: Sendable {
    /// The names of the items, in the order of their numbers.
    var names: [String] { get }
    /// The score of every item after `history`, oldest first, as numbers of `names`.
    ///
    /// - Returns: Shape `[names.count]`; all zero for an empty history.
    func scores(after history: [Int]) -> [Float]
}

/// Names and vectors of the items that a sequence network knows; the vectors are the same where it reads and where it scores.
struct ItemTable: Sendable {
    let names: [String]
    let width: Int
    private let temperature: Float
    /// Where items are read, shape `[items, width]`.
    private let inputs: [Float]
    /// Where they are scored: of length one if scores are cosines.
    private let outputs: [Float]

    /// Reads the tensor `items`, one row a name.
    ///
    /// - Parameter temperature: A score is the cosine divided by this; 0 for plain products.
    init(_ source: SequenceSource, width: Int, temperature: Float) throws(StorageError) {
        (names, self.width, self.temperature) = (source.names, width, temperature)
        inputs = try source.file.floats("items", shape: [names.count, width])
        var outputs = inputs
        if temperature > 0 { Self.normalise(&outputs, width: width, to: 1) }
        self.outputs = outputs
    }

    /// The vectors of these items one after the other, shape `[history.count, width]`.
    func inputs(of history: [Int]) -> [Float] {
        var rows = [Float](repeating: 0, count: history.count * width)
        var target = rows.mutableSpan
        let source = inputs.span
        for (row, item) in history.enumerated() {
            for column in 0..<width { target[row * width + column] = source[item * width + column] }
        }
        return rows
    }

    /// The score of every item for a state, shape `[width]`; zeros for none.
    func scores(of state: [Float]?) -> [Float] {
        var scores = [Float](repeating: 0, count: names.count)
        guard var state else { return scores }
        if temperature > 0 { Self.normalise(&state, width: width, to: 1 / temperature) }
        MatrixProduct.multiply(state.span, outputs.span, depth: width, into: &scores)
        return scores
    }

    /// Gives rows of `width` numbers this length.
    static func normalise(_ rows: inout [Float], width: Int, to length: Float) {
        var target = rows.mutableSpan
        for start in stride(from: 0, to: target.count, by: width) {
            var squares: Float = 0
            for place in start..<start + width { squares += target[place] * target[place] }
            let factor = length / max(squares.squareRoot(), 1e-12)
            for place in start..<start + width { target[place] *= factor }
        }
    }
}
