import Encoders
import JSON
import Numerics
import Storage
import VectorIndex

/// Finds the nearest of texts' vectors, with and without a filter, beside a scan in single precision.
struct VectorBench {
    static let depth = 10

    private let width: Int
    private let vectors: [Float]
    private let queries: [Float]
    private let rounds: Int

    /// - Parameter kept: A file that holds the vectors of these texts, or is made to.
    init(folder: String, texts: [String], queries: [String], kept: String, rounds: Int) throws {
        let encoder = try SentenceEncoder(folder: folder, isRounded: true)
        (width, self.rounds) = (encoder.shape.width, rounds)
        vectors = try Self.vectors(of: texts, encoder, kept)
        self.queries = encoder.encodeAll(queries)
    }

    private static func vectors(of texts: [String], _ encoder: SentenceEncoder, _ path: String) throws -> [Float] {
        let shape = [texts.count, encoder.shape.width]
        // FNV-1a: tells other texts from these.
        let print = texts.joined(separator: "\n").utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        if FileSystem.exists(path) {
            let file = try SafetensorsFile(path: path)
            if file.metadata["texts"] == "\(print)" { return try file.floats("vectors", shape: shape) }
        }
        var writer = SafetensorsWriter()
        writer.metadata["texts"] = "\(print)"
        let vectors = encoder.encodeAll(texts)
        writer.add("vectors", vectors, shape: shape)
        try AtomicFile.write(writer.encoded(), to: path)
        return vectors
    }

    func write(_ writer: inout JSONWriter) {
        var columns = VectorColumns(width: width)
        columns.append(vectors)
        let count = columns.count
        writer.member("vectors", count)
        let watch = Stopwatch()
        let index = NearestVectors(columns)
        writer.member("build_seconds", watch.spent.wall)
        // One place of a hundred, which are looked at by themselves, and of two.
        let few = Array(stride(from: 0, to: count, by: 100))
        let half = Array(stride(from: 0, to: count, by: 2))
        let depth = Self.depth
        writer.object("scan") { measure(&$0, among: nil) { columns.nearest($0, count: depth) } }
        writer.object("nearest") { measure(&$0, among: nil) { index.nearest($0, count: depth) } }
        writer.object("nearest_filtered") { measure(&$0, among: few) { index.nearest($0, count: depth, allowed: few) } }
        writer.object("nearest_half") { measure(&$0, among: half) { index.nearest($0, count: depth, allowed: half) } }
    }

    /// The least time of each query over the rounds, and how many of the truly nearest are found.
    private func measure(
        _ writer: inout JSONWriter, among allowed: [Int]?, _ search: ([Float]) -> [VectorHit]
    ) {
        var (times, found): ([Double], Int) = ([], 0)
        let count = queries.count / width
        for number in 0..<count {
            let query = Array(queries[number * width..<(number + 1) * width])
            var best = Double.infinity
            var hits: [VectorHit] = []
            for _ in 0..<rounds {
                let watch = Stopwatch()
                hits = search(query)
                best = min(best, watch.spent.wall * 1e6)
            }
            times.append(best)
            found += exact(query, allowed).intersection(hits.map(\.place)).count
        }
        times.sort()
        writer.member("recall", Double(found) / Double(max(1, count * Self.depth)))
        writer.member("median_microseconds", times[count / 2])
        writer.member("p99_microseconds", times[min(count - 1, count * 99 / 100)])
    }

    /// The nearest in single precision.
    private func exact(_ query: [Float], _ allowed: [Int]?) -> Set<Int> {
        var products = [Float](repeating: 0, count: vectors.count / width)
        MatrixProduct.multiply(query.span, vectors.span, depth: width, into: &products)
        let places = allowed ?? Array(products.indices)
        return Set(places.sorted { products[$0] > products[$1] }.prefix(Self.depth))
    }
}
