import Numerics

/// Finds the nearest of many vectors: a scan of few dimensions chooses candidates, which are then ordered by all of them.
///
/// Below `reductionThreshold` vectors, and under filters that let few through, all dimensions are scanned.
public struct NearestVectors: Sendable {
    /// From so many vectors on, few dimensions are scanned first; chosen by time, see docs/models.md.
    public static let reductionThreshold = 20_000
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

    /// Prepares vectors for search.
    ///
    /// - Complexity: O(count × width × reducedWidth) where there are many vectors.
    public init(_ columns: VectorColumns, threshold: Int = reductionThreshold) {
        self.columns = columns
        let isReduced = columns.count >= threshold && columns.width > Self.reducedWidth
        reduction = isReduced ? Reduction(of: columns, width: Self.reducedWidth) : nil
    }

    /// Takes over what was prepared before; `nil` if the reduction is of other vectors.
    public init?(columns: VectorColumns, reduction: Reduction?) {
        if let reduction {
            guard reduction.columns.count == columns.count, reduction.directions.width == columns.width else {
                return nil
            }
        }
        (self.columns, self.reduction) = (columns, reduction)
    }

    /// The nearest vectors to a query by cosine, nearest first, ties by place.
    ///
    /// - Parameters:
    ///   - query: Length one; shape `[width]`.
    ///   - allowed: If given, only these places are found.
    /// - Complexity: O(count × reduced width + candidates × width); O(allowed × width) under a narrow filter.
    public func nearest(_ query: [Float], count limit: Int, allowed: [Int]? = nil) -> [VectorHit] {
        guard limit > 0, let reduction, allowed.map({ $0.count > columns.count / Self.narrow }) ?? true else {
            return columns.nearest(query, count: limit, allowed: allowed)
        }
        precondition(query.count == columns.width, "the query has another width than the vectors")
        let candidates = reduction.candidates(query, count: Self.candidates + 2 * limit, allowed.map(bits))
        return columns.nearest(query, count: limit, allowed: candidates)
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
