import Encoders
import JSON
import Numerics

/// Encodes texts on all processors, with weights as they are and with 8-bit ones, and says how far those lead elsewhere.
struct EmbedBench {
    /// How many texts ask for their nearest ones.
    static let queries = 200
    static let depth = 10

    let folder: String
    let texts: [String]

    func write(_ writer: inout JSONWriter) throws {
        let (full, light) = (try SentenceEncoder(folder: folder), try SentenceEncoder(folder: folder, isRounded: true))
        let exact = encode(full, "float", &writer)
        let rounded = encode(light, "int8", &writer)
        let width = full.shape.width
        var cosines = texts.indices.map { text in
            (text * width..<(text + 1) * width).reduce(Float(0)) { $0 + exact[$1] * rounded[$1] }
        }
        cosines.sort()
        writer.member("texts", texts.count)
        guard let least = cosines.first else { return }
        writer.member("least_cosine", Double(least))
        writer.member("mean_cosine", Double(cosines.reduce(0, +)) / Double(texts.count))
        let step = max(1, texts.count / Self.queries)
        let asked = stride(from: 0, to: texts.count, by: step)
        let shared = asked.reduce(0) { sum, text in
            sum + nearest(to: text, exact, width).intersection(nearest(to: text, rounded, width)).count
        }
        writer.member("nearest_kept", Double(shared) / Double(Array(asked).count * min(Self.depth, texts.count)))
    }

    private func encode(_ encoder: SentenceEncoder, _ name: StaticString, _ writer: inout JSONWriter) -> [Float] {
        let watch = Stopwatch()
        let vectors = encoder.encodeAll(texts)
        writer.member(name, watch.spent.wall)
        return vectors
    }

    private func nearest(to text: Int, _ vectors: [Float], _ width: Int) -> Set<Int> {
        var products = [Float](repeating: 0, count: texts.count)
        MatrixProduct.multiply(
            vectors.span.extracting(text * width..<(text + 1) * width), vectors.span, depth: width, into: &products)
        return Set(texts.indices.sorted { products[$0] > products[$1] }.prefix(Self.depth))
    }
}
