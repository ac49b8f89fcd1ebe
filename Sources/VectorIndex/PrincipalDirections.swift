import Numerics

/// The directions in which vectors differ most, onto which they are projected to be compared at less cost (Pearson, 1901; found by
/// subspace iteration).
public struct PrincipalDirections: Sendable {
    public let width: Int
    /// Orthonormal rows; shape `[count, width]`.
    public let rows: [Float]
    private let layer: PackedWeights

    private static let sample = 20_000
    private static let iterations = 12

    public var count: Int { rows.count / width }

    /// Takes over directions that were written before; `nil` unless they are rows of `width` finite numbers.
    public init?(width: Int, rows: [Float]) {
        guard width > 0, !rows.isEmpty, rows.count % width == 0, rows.count <= width * width,
            rows.allSatisfy(\.isFinite)
        else { return nil }
        (self.width, self.rows) = (width, rows)
        layer = Self.layer(rows, width)
    }

    private static func layer(_ rows: [Float], _ width: Int) -> PackedWeights {
        PackedWeights(rows, bias: Array(repeating: 0, count: rows.count / width), depth: width)
    }

    /// Fits `count` directions to vectors, at most 20,000 of them.
    ///
    /// - Complexity: O(vectors × width² + width² × count).
    public init(of columns: VectorColumns, count: Int, seed: UInt64 = 1) {
        precondition(count > 0 && count <= columns.width, "as many directions as there are dimensions at most")
        width = columns.width
        let moments = Self.moments(columns)
        var random = SeededGenerator(seed: seed)
        var rows = (0..<count * width).map { _ in Float(random.unit() - 0.5) }
        var next = rows
        Self.orthonormalise(&rows, width)
        for _ in 0..<Self.iterations {
            // The matrix of moments is its own transpose.
            MatrixProduct.multiply(rows.span, moments.span, depth: width, into: &next)
            swap(&rows, &next)
            Self.orthonormalise(&rows, width)
        }
        self.rows = rows
        layer = Self.layer(rows, width)
    }

    /// Sums of products of the dimensions over a sample, shape `[width, width]`.
    private static func moments(_ columns: VectorColumns) -> [Float] {
        let (width, step) = (columns.width, max(1, columns.count / sample))
        let places = Array(stride(from: 0, to: columns.count, by: step))
        var dimensions = [Float](repeating: 0, count: places.count * width)
        for (number, place) in places.enumerated() {
            for (dimension, value) in columns.vector(place).enumerated() {
                dimensions[dimension * places.count + number] = value
            }
        }
        var moments = [Float](repeating: 0, count: width * width)
        if !places.isEmpty {
            MatrixProduct.multiply(dimensions.span, dimensions.span, depth: places.count, into: &moments)
        }
        return moments
    }

    /// Gram and Schmidt's method, modified: each row loses its share of those before it and gets length one.
    private static func orthonormalise(_ rows: inout [Float], _ width: Int) {
        var rows = rows.mutableSpan
        for row in 0..<rows.count / width {
            let own = row * width
            for other in 0..<row {
                let theirs = other * width
                var product: Float = 0
                for place in 0..<width { product += rows[own + place] * rows[theirs + place] }
                for place in 0..<width { rows[own + place] -= product * rows[theirs + place] }
            }
            var squares: Float = 0
            for place in 0..<width { squares += rows[own + place] * rows[own + place] }
            // A row without length has no direction: vectors of fewer dimensions need no more rows.
            let factor = squares > 1e-12 ? 1 / squares.squareRoot() : 0
            for place in 0..<width { rows[own + place] *= factor }
        }
    }

    /// Vectors' coordinates along the directions, shape `[vectors, count]`.
    public func projected(_ vectors: [Float]) -> [Float] {
        let number = vectors.count / width
        var target = [Float](repeating: 0, count: number * count)
        var scratch = DenseScratch()
        layer.apply(vectors, rows: number, into: &target, &scratch)
        return target
    }
}
