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

    /// The nearest vectors to a query by cosine, nearest first, ties by place; an exact scan of the 8-bit numbers.
    ///
    /// - Parameters:
    ///   - query: Length one; shape `[width]`.
    ///   - allowed: If given, only these places are looked at.
    /// - Complexity: O(count × width), about 60 million values a millisecond with AVX2; O(allowed × width) with a filter.
    public func nearest(_ query: [Float], count limit: Int, allowed: [Int]? = nil) -> [VectorHit] {
        precondition(query.count == width, "the query has another width than the vectors")
        guard limit > 0, count > 0 else { return [] }
        var quantised = [Int8](repeating: 0, count: width)
        let scale = Int8Products.quantise(query.span, into: &quantised, at: 0)
        var best = NearestList(capacity: min(limit, allowed?.count ?? count))
        var products = [Int32](repeating: 0, count: min(Self.chunk, count))
        let (numbers, factors) = (numbers.span, factors.span)
        if let allowed {
            for place in allowed where place >= 0 && place < count {
                let range = place * width..<(place + 1) * width
                Int8Products.multiply(quantised.span, numbers.extracting(range), depth: width, into: &products)
                best.offer(place, Float(products[0]) * factors[place] * scale)
            }
            return best.sorted()
        }
        var start = 0
        while start < count {
            let end = min(count, start + Self.chunk)
            Int8Products.multiply(
                quantised.span, numbers.extracting(start * width..<end * width), depth: width, into: &products)
            for place in start..<end { best.offer(place, Float(products[place - start]) * factors[place] * scale) }
            start = end
        }
        return best.sorted()
    }

    /// The cosines of some vectors with a query, in the order of `places`.
    public func similarities(_ query: [Float], at places: [Int]) -> [Float] {
        precondition(query.count == width, "the query has another width than the vectors")
        var quantised = [Int8](repeating: 0, count: width)
        let scale = Int8Products.quantise(query.span, into: &quantised, at: 0)
        var product: [Int32] = [0]
        let (numbers, factors) = (numbers.span, factors.span)
        return places.map { place in
            Int8Products.multiply(
                quantised.span, numbers.extracting(place * width..<(place + 1) * width), depth: width, into: &product)
            return Float(product[0]) * factors[place] * scale
        }
    }

    /// One vector in single precision.
    public func vector(_ place: Int) -> [Float] {
        (0..<width).map { Float(numbers[place * width + $0]) * factors[place] }
    }
}

/// The best of what is offered: a heap whose root is the worst of them.
struct NearestList {
    private let capacity: Int
    private var heap: [VectorHit] = []

    init(capacity: Int) {
        self.capacity = capacity
        heap.reserveCapacity(capacity)
    }

    private static func isWorse(_ left: VectorHit, _ right: VectorHit) -> Bool {
        left.similarity < right.similarity || left.similarity == right.similarity && left.place > right.place
    }

    @inline(__always) mutating func offer(_ place: Int, _ similarity: Float) {
        if heap.count == capacity {
            guard let worst = heap.first, similarity >= worst.similarity else { return }
        }
        insert(VectorHit(place: place, similarity: similarity))
    }

    private mutating func insert(_ hit: VectorHit) {
        if heap.count < capacity {
            heap.append(hit)
            var child = heap.count - 1
            while child > 0, Self.isWorse(heap[child], heap[(child - 1) / 2]) {
                heap.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
            return
        }
        guard let worst = heap.first, Self.isWorse(worst, hit) else { return }
        heap[0] = hit
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if Self.isWorse(heap[child], heap[least]) { least = child }
            }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    func sorted() -> [VectorHit] { heap.sorted { Self.isWorse($1, $0) } }
}
