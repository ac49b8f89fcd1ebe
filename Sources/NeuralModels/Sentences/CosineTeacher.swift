internal import Encoders
internal import VectorIndex

/// What an untuned sentence encoder, with 8-bit weights as a shop's index has them, says of questions and texts.
struct CosineTeacher {
    struct View {
        let vector: [Float]
        /// The nearest texts, best first, with their cosines.
        let nearest: [VectorHit]
    }

    private let encoder: SentenceEncoder
    private let texts: VectorColumns

    init(folder: String, texts: [String]) throws {
        encoder = try SentenceEncoder(folder: folder, isRounded: true)
        var columns = VectorColumns(width: encoder.shape.width)
        columns.append(encoder.encodeAll(texts))
        self.texts = columns
    }

    /// - Complexity: O(texts × width).
    func view(_ query: String, count: Int) -> View {
        let vector = encoder.encode([query])
        return View(vector: vector, nearest: texts.nearest(vector, count: count))
    }

    func cosines(_ view: View, at places: [Int]) -> [Float] { texts.similarities(view.vector, at: places) }
}
