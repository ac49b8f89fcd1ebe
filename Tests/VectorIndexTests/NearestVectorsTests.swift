import Numerics
import Testing

@testable import VectorIndex

/// Against the exact order in single precision.
@Suite struct NearestVectorsTests {
    private static let width = 200

    /// Vectors of length one around `centres` points, as texts of like meaning lie.
    private static func columns(_ count: Int, centres: Int, seed: UInt64) -> (columns: VectorColumns, all: [Float]) {
        var random = SeededGenerator(seed: seed)
        func point() -> [Float] { (0..<width).map { Float(random.unit() - 0.5) / Float(1 + $0 / 20) } }
        let places = (0..<centres).map { _ in point() }
        var all: [Float] = []
        for number in 0..<count {
            let vector = zip(places[number % centres], point()).map { $0 + 0.7 * $1 }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            all += vector.map { $0 / length }
        }
        var columns = VectorColumns(width: width)
        columns.append(all)
        return (columns, all)
    }

    private func exact(_ all: [Float], _ query: ArraySlice<Float>, among places: [Int]) -> Set<Int> {
        let query = Array(query)
        let cosines = places.map { place in
            (place, query.indices.reduce(Float(0)) { $0 + all[place * Self.width + $1] * query[$1] })
        }
        return Set(cosines.sorted { $0.1 > $1.1 }.prefix(10).map(\.0))
    }

    @Test(arguments: [1, 2, 3, 100])
    func `few dimensions first find nearly all that is nearest, with any filter`(step: Int) {
        let (columns, all) = Self.columns(3000, centres: 40, seed: 1)
        let vectors = NearestVectors(columns, method: .reduced)
        #expect(vectors.reduction?.columns.width == NearestVectors.reducedWidth)
        let places = Array(stride(from: 0, to: 3000, by: step))
        var found = 0
        for number in 0..<20 {
            let query = all[(number * 149) * Self.width..<(number * 149 + 1) * Self.width]
            let hits = vectors.nearest(Array(query), count: 10, allowed: step == 1 ? nil : places)
            #expect(hits.count == 10)
            #expect(zip(hits, hits.dropFirst()).allSatisfy { ($0.similarity, -$0.place) > ($1.similarity, -$1.place) })
            #expect(hits.allSatisfy { $0.place % step == 0 })
            found += exact(all, query, among: places).intersection(hits.map(\.place)).count
        }
        #expect(found >= 194, "recall at 10: \(found) of 200")
    }

    @Test func `candidates that are all there are give what a scan of all dimensions gives`() {
        let (columns, all) = Self.columns(400, centres: 7, seed: 2)
        let vectors = NearestVectors(columns, method: .reduced)
        #expect(vectors.reduction != nil)
        for number in 0..<30 {
            let query = Array(all[number * Self.width..<(number + 1) * Self.width])
            for limit in [1, 10, 399, 1000] {
                #expect(vectors.nearest(query, count: limit) == columns.nearest(query, count: limit))
            }
        }
        #expect(vectors.nearest(Array(all[..<Self.width]), count: 0).isEmpty)
    }

    @Test func `few vectors, and none, are scanned`() {
        let (columns, all) = Self.columns(50, centres: 3, seed: 3)
        let vectors = NearestVectors(columns, method: .scan)
        #expect(vectors.method == .scan)
        #expect(vectors.nearest(Array(all[..<Self.width]), count: 3).first?.place == 0)
        let none = NearestVectors(VectorColumns(width: Self.width), method: .reduced)
        #expect(none.nearest(Array(all[..<Self.width]), count: 3).isEmpty)
    }

    @Test func `vectors of fewer dimensions than are kept are found as well`() {
        // All values lie in three dimensions: the directions beyond have no length.
        var random = SeededGenerator(seed: 4)
        var all: [Float] = []
        for _ in 0..<300 {
            let three = (0..<3).map { _ in Float(random.unit() - 0.5) }
            let length = three.reduce(0) { $0 + $1 * $1 }.squareRoot()
            all += three.map { $0 / length } + [Float](repeating: 0, count: Self.width - 3)
        }
        var columns = VectorColumns(width: Self.width)
        columns.append(all)
        let vectors = NearestVectors(columns, method: .reduced)
        #expect(vectors.reduction?.directions.rows.allSatisfy(\.isFinite) == true)
        #expect(vectors.nearest(Array(all[..<Self.width]), count: 1).first?.place == 0)
    }

    @Test func `directions are orthonormal, and parts that do not fit are refused`() throws {
        let (columns, _) = Self.columns(500, centres: 9, seed: 5)
        let directions = PrincipalDirections(of: columns, count: 12)
        #expect(directions.count == 12)
        for row in 0..<12 {
            for other in 0...row {
                let product = (0..<Self.width).reduce(Float(0)) {
                    $0 + directions.rows[row * Self.width + $1] * directions.rows[other * Self.width + $1]
                }
                #expect(abs(product - (row == other ? 1 : 0)) < 1e-4)
            }
        }
        #expect(PrincipalDirections(width: 4, rows: [1, 0, 0]) == nil)
        #expect(PrincipalDirections(width: 1, rows: [.nan]) == nil)
        #expect(PrincipalDirections(width: 2, rows: []) == nil)
        let reduction = NearestVectors.Reduction(directions: directions, columns: VectorColumns(width: 12))
        #expect(reduction != nil)
        #expect(NearestVectors.Reduction(directions: directions, columns: VectorColumns(width: 11)) == nil)
        #expect(NearestVectors(columns: columns, reduction: reduction) == nil)
    }

    @Test(arguments: [0, 1, 5, 40])
    func `the best of many offers, with ties, are those of a sort`(capacity: Int) {
        var random = SeededGenerator(seed: UInt64(capacity))
        let products = (0..<1003).map { _ in Int32.random(in: 0..<60, using: &random) }
        let factors = [Float](repeating: 0.5, count: 1003)
        var list = NearestList(capacity: capacity)
        list.offer(products.span, factors.span, from: 0)
        let expected = products.indices.sorted { (products[$0], -$0) > (products[$1], -$1) }.prefix(capacity)
        #expect(list.sorted().map(\.place) == Array(expected))
        var odd = NearestList(capacity: capacity)
        let bits = [UInt64](repeating: 0xAAAA_AAAA_AAAA_AAAA, count: 16)
        odd.offer(products.span, factors.span, from: 0, allowed: bits)
        let sorted = products.indices.filter { $0 % 2 == 1 }.sorted { (products[$0], -$0) > (products[$1], -$1) }
        #expect(odd.sorted().map(\.place) == Array(sorted.prefix(capacity)))
    }
}
