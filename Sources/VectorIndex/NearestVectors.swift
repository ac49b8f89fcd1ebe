import Numerics

/// Finds the nearest of many vectors: by a scan of all dimensions, or by a scan of few dimensions or a walk through a graph that choose
/// candidates, which are then ordered by all dimensions.
///
/// Under filters that let few through, all dimensions of what they let through are scanned.
public struct NearestVectors: Sendable {
    /// How many dimensions; chosen by recall and time.
    static let reducedWidth = 160
    /// How many candidates there are beside twice as many as asked for.
    static let candidates = 480
    /// A filter that lets through one of so many, or fewer, is looked at by itself.
    private static let narrow = 8
    private static let chunk = 2048

    /// What is scanned first.
    public struct Reduction: Sendable {
        public let directions: PrincipalDirections
        /// Coordinates of every vector along them.
        public let columns: VectorColumns

        /// `nil` if the parts do not fit each other.
        public init?(directions: PrincipalDirections, columns: VectorColumns) {
            guard directions.count == columns.width else { return nil }
            (self.directions, self.columns) = (directions, columns)
        }

        /// Projects vectors.
        init(of all: VectorColumns, width: Int) {
            directions = PrincipalDirections(of: all, count: width)
            var columns = VectorColumns(width: width)
            for start in stride(from: 0, to: all.count, by: chunk) {
                let vectors = (start..<min(start + chunk, all.count)).flatMap(all.vector)
                columns.append(directions.projected(vectors))
            }
            self.columns = columns
        }
    }

    public let columns: VectorColumns
    public let reduction: Reduction?
    public let graph: VectorGraph?
    /// How many vectors a graph keeps while it searches, at least.
    public var breadth = 0

    /// How the nearest are found.
    public var method: VectorMethod { graph != nil ? .graph : reduction != nil ? .reduced : .scan }

    /// Prepares vectors for search.
    ///
    /// Few dimensions are not scanned first where there are not many more.
    /// - Complexity: O(count × width × reducedWidth) with few dimensions first; that of `VectorGraphBuilder` with a graph.
    public init(_ columns: VectorColumns, method: VectorMethod, seed: UInt64 = 1) {
        self.columns = columns
        let isReduced = method == .reduced && columns.width > Self.reducedWidth && columns.count > 0
        reduction = isReduced ? Reduction(of: columns, width: Self.reducedWidth) : nil
        if method == .graph, columns.count > 0 {
            var builder = VectorGraphBuilder(columns, degree: VectorGraph.usualDegree, seed: seed)
            graph = builder.build()
            breadth = VectorGraph.usualBreadth
        } else {
            graph = nil
        }
    }

    /// Takes over what was prepared before; `nil` if it is of other vectors, or of two ways at once.
    public init?(columns: VectorColumns, reduction: Reduction? = nil, graph: VectorGraph? = nil, breadth: Int = 0) {
        if let reduction {
            guard reduction.columns.count == columns.count, reduction.directions.width == columns.width, graph == nil
            else { return nil }
        }
        if let graph { guard graph.count == columns.count, (1...1 << 20).contains(breadth) else { return nil } }
        (self.columns, self.reduction, self.graph, self.breadth) = (columns, reduction, graph, breadth)
    }

    /// What is held beside the vectors.
    public var byteCount: Int {
        (graph?.byteCount ?? 0)
            + (reduction.map { $0.columns.numbers.count + 4 * ($0.columns.count + $0.directions.rows.count) } ?? 0)
    }

    /// The nearest vectors to a query by cosine, nearest first, ties by place.
    ///
    /// - Parameters:
    ///   - query: Length one; shape `[width]`.
    ///   - allowed: If given, only these places are found.
    /// - Complexity: O(count × width) for a scan, O(count × reduced width + candidates × width) with few dimensions first, that of
    ///   `VectorGraph.search` with a graph; O(allowed × width) under a narrow filter.
    public func nearest(_ query: [Float], count limit: Int, allowed: [Int]? = nil) -> [VectorHit] {
        guard limit > 0, method != .scan, allowed.map({ $0.count > columns.count / Self.narrow }) ?? true else {
            return columns.nearest(query, count: limit, allowed: allowed)
        }
        precondition(query.count == columns.width, "the query has another width than the vectors")
        if let reduction {
            let candidates = reduction.candidates(query, count: Self.candidates + 2 * limit, allowed.map(bits))
            return columns.nearest(query, count: limit, allowed: candidates)
        }
        guard let graph else { return [] }
        var quantised = [Int8](repeating: 0, count: columns.width)
        _ = Int8Products.quantise(query.span, into: &quantised, at: 0)
        let found = graph.search(quantised, in: columns, breadth: max(breadth, limit), allowed: allowed.map(bits))
        // A filter may leave places that no link leads to.
        guard found.count >= min(limit, allowed?.count ?? columns.count) else {
            return columns.nearest(query, count: limit, allowed: allowed)
        }
        return columns.ordered(found, by: query, count: limit)
    }

    /// One bit a vector.
    private func bits(_ places: [Int]) -> [UInt64] {
        var bits = [UInt64](repeating: 0, count: (columns.count + 63) / 64)
        for place in places where place >= 0 && place < columns.count { bits[place >> 6] |= 1 << UInt64(place & 63) }
        return bits
    }
}

extension NearestVectors.Reduction {
    /// The places that are nearest by the reduced dimensions, in no order.
    fileprivate func candidates(_ query: [Float], count limit: Int, _ allowed: [UInt64]?) -> [Int] {
        var quantised = [Int8](repeating: 0, count: columns.width)
        _ = Int8Products.quantise(directions.projected(query).span, into: &quantised, at: 0)
        var best = NearestList(capacity: min(limit, columns.count))
        columns.scan(quantised, allowed: allowed, into: &best)
        return best.places()
    }
}
