import Numerics

/// How the nearest of many vectors are found.
public enum VectorMethod: String, Sendable, CaseIterable {
    /// All dimensions of all vectors; exact but for the rounding to 8 bits.
    case scan
    /// Few dimensions of all vectors first: `NearestVectors.Reduction`.
    case reduced
    /// A walk along links: `VectorGraph`.
    case graph
}

/// What one way to find the nearest costs and misses, measured on a sample.
public struct VectorMeasure: Hashable, Sendable {
    public var method: VectorMethod
    /// How many vectors a graph keeps while it searches; 0 for the others.
    public var breadth: Int
    /// How many of the ten nearest in single precision are found, as a share.
    public var recall: Double
    /// Of one query on one thread, the least of several rounds; the median over the queries.
    public var medianMicroseconds: Double
    public var buildSeconds: Double
    /// What it needs beside the vectors.
    public var byteCount: Int
}

/// Chooses how the nearest of vectors are found, by recall and time on a sample of queries.
///
/// The fastest whose recall@10 is at least `bar` is taken; the scan where none reaches it, and where there are few vectors.
public struct VectorMethodChoice {
    public static let bar = 0.98
    /// Fewer vectors are scanned without measuring.
    public static let fewest = 2000
    /// Breadths of a graph that are tried, rising, until one reaches the bar.
    static let breadths = [48, 64, 96, 128, 192, 256, 384, 512, 768]
    private static let depth = 10
    private static let rounds = 3

    private let columns: VectorColumns
    private let queries: [[Float]]
    private let exact: [Set<Int>]
    private let limit: Int

    /// - Parameters:
    ///   - vectors: The columns in single precision; shape `[count, width]`.
    ///   - queries: Like those that will be asked; shape `[any, width]`, each of length one.
    ///   - limit: How many are asked for at a time; at least ten.
    public init(_ columns: VectorColumns, vectors: [Float], queries: [Float], limit: Int) {
        precondition(vectors.count == columns.count * columns.width, "the same vectors twice")
        (self.columns, self.limit) = (columns, limit)
        let width = columns.width
        let own = stride(from: 0, to: queries.count, by: width).map { Array(queries[$0..<$0 + width]) }
        self.queries = own
        exact = own.map { Self.exact($0, vectors, count: columns.count) }
    }

    /// The nearest in single precision.
    private static func exact(_ query: [Float], _ vectors: [Float], count: Int) -> Set<Int> {
        var products = [Float](repeating: 0, count: count)
        MatrixProduct.multiply(query.span, vectors.span, depth: query.count, into: &products)
        var best = NearestList(capacity: min(depth, count))
        for (place, product) in products.enumerated() { best.offer(place, product) }
        return Set(best.places())
    }

    /// Prepares vectors in the way that is best for them, or in a given one.
    ///
    /// - Parameter forced: Taken whatever is measured; only this one and the scan are measured then.
    /// - Returns: What searches them, and what was measured, in the order of `VectorMethod.allCases`; nothing for few vectors.
    /// - Complexity: That of building each way.
    public func choose(forced: VectorMethod? = nil) -> (vectors: NearestVectors, measured: [VectorMeasure]) {
        guard columns.count >= Self.fewest || forced != nil, !queries.isEmpty, columns.count > 0 else {
            return (NearestVectors(columns, method: forced ?? .scan), [])
        }
        let methods = VectorMethod.allCases.filter { forced == nil || $0 == .scan || $0 == forced }
        let tried = methods.map(prepared)
        let measured = tried.map(\.measure)
        let best = forced ?? Self.best(of: measured)
        return (tried.first { $0.measure.method == best }?.vectors ?? tried[0].vectors, measured)
    }

    /// The fastest that reaches the bar; the scan where none does.
    public static func best(of measured: [VectorMeasure]) -> VectorMethod {
        measured.filter { $0.recall >= bar }.min { $0.medianMicroseconds < $1.medianMicroseconds }?.method ?? .scan
    }

    /// Prepares vectors in one way and measures it.
    ///
    /// A graph is searched with the least breadth that reaches the bar, or the greatest that is tried.
    public func prepared(_ method: VectorMethod) -> (vectors: NearestVectors, measure: VectorMeasure) {
        let start = ContinuousClock.now
        var vectors = NearestVectors(columns, method: method)
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if method == .graph {
            for breadth in [limit] + Self.breadths.filter({ $0 > limit }) {
                vectors.breadth = breadth
                if recall(vectors) >= Self.bar { break }
            }
        }
        return (vectors, measure(vectors, method, seconds))
    }

    private func recall(_ vectors: NearestVectors) -> Double {
        let found = zip(queries, exact).reduce(0) { sum, query in
            sum + query.1.intersection(vectors.nearest(query.0, count: limit).prefix(Self.depth).map(\.place)).count
        }
        return Double(found) / Double(exact.reduce(0) { $0 + $1.count })
    }

    private func measure(_ vectors: NearestVectors, _ method: VectorMethod, _ seconds: Double) -> VectorMeasure {
        var times = [Double](repeating: .infinity, count: queries.count)
        for _ in 0..<Self.rounds {
            for (number, query) in queries.enumerated() {
                let start = ContinuousClock.now
                _ = vectors.nearest(query, count: limit)
                times[number] = min(times[number], (ContinuousClock.now - start) / .microseconds(1))
            }
        }
        times.sort()
        return VectorMeasure(
            method: method, breadth: vectors.breadth, recall: recall(vectors),
            medianMicroseconds: times[times.count / 2], buildSeconds: seconds, byteCount: vectors.byteCount)
    }
}
