import Numerics

/// Vectors of length one as 8-bit numbers, each with a factor of its own.
public struct VectorColumns: Sendable {
    public let width: Int
    /// Shape `[count, width]`.
    public private(set) var numbers: [Int8] = []
    /// `value = number × factor`; shape `[count]`.
    public private(set) var factors: [Float] = []

    public init(width: Int) {
        precondition(width > 0 && width <= Int8Products.maximumDepth, "a vector has 1 to 65,536 values")
        self.width = width
    }

    /// Takes over columns that were written before; `nil` if they do not fit each other.
    public init?(width: Int, numbers: [Int8], factors: [Float]) {
        guard width > 0, width <= Int8Products.maximumDepth, numbers.count == factors.count * width,
            factors.allSatisfy(\.isFinite), !numbers.contains(Int8.min)
        else { return nil }
        (self.width, self.numbers, self.factors) = (width, numbers, factors)
    }

    public var count: Int { factors.count }

    /// Adds vectors, shape `[any, width]`.
    public mutating func append(_ vectors: [Float]) {
        precondition(vectors.count % width == 0, "vectors have \(width) values each")
        let start = numbers.count
        numbers.append(contentsOf: repeatElement(0, count: vectors.count))
        for row in 0..<vectors.count / width {
            let range = row * width..<(row + 1) * width
            factors.append(
                Int8Products.quantise(
                    vectors.span.extracting(range), into: &numbers, at: start + range.lowerBound))
        }
    }
}

/// A vector that was found: its place among the columns and the cosine.
public struct VectorHit: Hashable, Sendable {
    public var place: Int
    public var similarity: Float

    public init(place: Int, similarity: Float) { (self.place, self.similarity) = (place, similarity) }
}

extension VectorColumns {
    private static let chunk = 2048
    /// How many more are found by numbers of 8 bits than are asked for: they are ordered anew by the query in single precision.
    private static let spare = 16

    /// The nearest vectors to a query by cosine, nearest first, ties by place; a scan of all of them.
    ///
    /// - Parameters:
    ///   - query: Length one; shape `[width]`.
    ///   - allowed: If given, only these places are looked at.
    /// - Complexity: O(count × width); O(allowed × width) with a filter.
    public func nearest(_ query: [Float], count limit: Int, allowed: [Int]? = nil) -> [VectorHit] {
        precondition(query.count == width, "the query has another width than the vectors")
        guard limit > 0, count > 0 else { return [] }
        var quantised = [Int8](repeating: 0, count: width)
        _ = Int8Products.quantise(query.span, into: &quantised, at: 0)
        var best = NearestList(capacity: min(limit + Self.spare, allowed?.count ?? count))
        if let allowed {
            var products = [Int32](repeating: 0, count: min(Self.chunk, allowed.count))
            let (numbers, factors) = (numbers.span, factors.span)
            let places = allowed.filter { $0 >= 0 && $0 < count }.map { UInt32($0) }
            for start in stride(from: 0, to: places.count, by: Self.chunk) {
                let part = places.span.extracting(start..<min(places.count, start + Self.chunk))
                Int8Products.multiply(quantised.span, numbers, at: part, into: &products)
                for number in part.indices {
                    let place = Int(part[number])
                    best.offer(place, Float(products[number]) * factors[place])
                }
            }
        } else {
            scan(quantised, into: &best)
        }
        return ordered(best.places(), by: query, count: limit)
    }

    /// Offers every place by its product with a query of 8-bit numbers.
    ///
    /// - Parameter allowed: If given, one bit a place: others are passed over.
    func scan(_ query: [Int8], allowed: [UInt64]? = nil, into best: inout NearestList) {
        var products = [Int32](repeating: 0, count: min(Self.chunk, count))
        let (numbers, factors) = (numbers.span, factors.span)
        for start in stride(from: 0, to: count, by: Self.chunk) {
            let end = min(count, start + Self.chunk)
            Int8Products.multiply(
                query.span, numbers.extracting(start * width..<end * width), depth: width, into: &products)
            best.offer(products.span.extracting(first: end - start), factors, from: start, allowed: allowed)
        }
    }

    /// Places in the order of their vectors' cosines with a query in single precision, ties by place; the first `limit` of them.
    func ordered(_ places: [Int], by query: [Float], count limit: Int) -> [VectorHit] {
        var best = NearestList(capacity: min(limit, places.count))
        for (place, similarity) in zip(places, similarities(query, at: places)) { best.offer(place, similarity) }
        return best.sorted()
    }

    /// The cosines of some vectors with a query in single precision, in the order of `places`.
    public func similarities(_ query: [Float], at places: [Int]) -> [Float] {
        precondition(query.count == width, "the query has another width than the vectors")
        let (numbers, factors, query) = (numbers.span, factors.span, query.span)
        return places.map { place in
            let start = place * width
            var sums: (Float, Float) = (0, 0)
            var column = 0
            while column + 2 <= width {
                sums.0 += query[column] * Float(numbers[start + column])
                sums.1 += query[column + 1] * Float(numbers[start + column + 1])
                column += 2
            }
            if column < width { sums.0 += query[column] * Float(numbers[start + column]) }
            return (sums.0 + sums.1) * factors[place]
        }
    }

    /// The same for places of which some are unknown.
    public func cosines(_ query: [Float], at places: [Int?]) -> [Float?] {
        var known = similarities(query, at: places.compactMap(\.self)).makeIterator()
        return places.map { $0.flatMap { _ in known.next() } }
    }

    /// One vector in single precision.
    public func vector(_ place: Int) -> [Float] {
        (0..<width).map { Float(numbers[place * width + $0]) * factors[place] }
    }
}
