import Encoders
import JSON
import Meaning
import Numerics
import SearchIndex
import Storage
import VectorIndex

/// Finds the nearest of texts' vectors in every way, with and without a filter, beside a scan in single precision.
struct VectorBench {
    static let depth = 10
    private static let sampled = 200

    private let width: Int
    private let vectors: [Float]
    private let queries: [Float]
    /// What the choice among the ways is made on.
    private let sample: [Float]
    private let rounds: Int

    /// - Parameters:
    ///   - kept: A file that holds the vectors of these texts, or is made to.
    ///   - copies: How often each vector is taken; all but the first time with noise.
    init(folder: String, texts: [String], queries: [String], kept: String, rounds: Int, copies: Int) throws {
        let encoder = try SentenceEncoder(folder: folder, isRounded: true)
        (width, self.rounds) = (encoder.shape.width, rounds)
        vectors = Self.repeated(try Self.vectors(of: texts, encoder, kept), width: encoder.shape.width, copies: copies)
        self.queries = encoder.encodeAll(queries)
        sample = encoder.encodeAll(QuerySample.queries(of: texts, count: Self.sampled, seed: 1))
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

    /// Copies lie about as far from their first as items of one shelf from each other.
    private static func repeated(_ vectors: [Float], width: Int, copies: Int) -> [Float] {
        var random = SeededGenerator(seed: 1)
        var all = vectors
        let reach = Float(0.5 * 3.46 / Double(width).squareRoot())
        for _ in 1..<max(1, copies) {
            for start in stride(from: 0, to: vectors.count, by: width) {
                let moved = vectors[start..<start + width].map { $0 + reach * Float(random.unit() - 0.5) }
                let length = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
                all += moved.map { $0 / length }
            }
        }
        return all
    }

    func write(_ writer: inout JSONWriter) {
        var columns = VectorColumns(width: width)
        columns.append(vectors)
        let (count, depth) = (columns.count, Self.depth)
        writer.member("vectors", count)
        let choice = VectorMethodChoice(columns, vectors: vectors, queries: sample, limit: PreparedSearch.nearTexts)
        let tried = VectorMethod.allCases.map(choice.prepared)
        let best = VectorMethodChoice.best(of: tried.map(\.measure))
        writer.member("chosen", best.rawValue)
        writer.object("methods") { writer in
            for (index, measure) in tried {
                writer.name(dynamic: measure.method.rawValue)
                writer.object { writer in
                    writer.member("breadth", measure.breadth)
                    writer.member("sample_recall", measure.recall)
                    writer.member("sample_median_microseconds", measure.medianMicroseconds)
                    writer.member("build_seconds", measure.buildSeconds)
                    writer.member("bytes", measure.byteCount)
                    write(&writer, index, "ten", among: nil, depth)
                    write(&writer, index, "two_hundred", among: nil, PreparedSearch.nearTexts)
                }
            }
        }
        guard let (index, measure) = tried.first(where: { $0.measure.method == best }) else { return }
        // One place of a hundred, which are looked at by themselves, and of two.
        let few = Array(stride(from: 0, to: count, by: 100))
        let half = Array(stride(from: 0, to: count, by: 2))
        writer.member("build_seconds", measure.buildSeconds)
        write(&writer, tried[0].vectors, "scan", among: nil, depth)
        write(&writer, index, "nearest", among: nil, depth)
        write(&writer, index, "nearest_filtered", among: few, depth)
        write(&writer, index, "nearest_half", among: half, depth)
    }

    private func write(
        _ writer: inout JSONWriter, _ index: NearestVectors, _ name: StaticString, among allowed: [Int]?, _ depth: Int
    ) {
        writer.object(name) { measure(&$0, among: allowed) { index.nearest($0, count: depth, allowed: allowed) } }
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
            found += exact(query, allowed).intersection(hits.prefix(Self.depth).map(\.place)).count
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
