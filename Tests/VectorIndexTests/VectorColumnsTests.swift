import Numerics
import Testing
import VectorIndex

@Suite struct VectorColumnsTests {
    private func vectors(_ count: Int, _ width: Int, seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        var values: [Float] = []
        for _ in 0..<count {
            let vector = (0..<width).map { _ in Float(random.unit() - 0.5) }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            values += vector.map { $0 / length }
        }
        return values
    }

    private func exact(_ all: [Float], _ query: [Float], _ width: Int) -> [Float] {
        (0..<all.count / width).map { row in (0..<width).reduce(0) { $0 + all[row * width + $1] * query[$1] } }
    }

    @Test func `the nearest are those of an exhaustive scan in single precision, but for near ties`() {
        let (count, width) = (3000, 64)
        let all = vectors(count, width, seed: 1)
        var columns = VectorColumns(width: width)
        columns.append(all)
        var found = 0
        for round in 0..<20 {
            let query = vectors(1, width, seed: UInt64(100 + round))
            let cosines = exact(all, query, width)
            let best = Set((0..<count).sorted { cosines[$0] > cosines[$1] }.prefix(10))
            let hits = columns.nearest(query, count: 10)
            #expect(hits.count == 10)
            #expect(zip(hits, hits.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
            for hit in hits { #expect(abs(hit.similarity - cosines[hit.place]) < 0.02) }
            found += hits.count { best.contains($0.place) }
        }
        #expect(found >= 190, "recall at 10 of 8-bit vectors: \(found) of 200")
    }

    @Test func `a filter looks at nothing else, and asking for more than there is gives all`() {
        var columns = VectorColumns(width: 8)
        columns.append(vectors(50, 8, seed: 3))
        let query = vectors(1, 8, seed: 4)
        let all = columns.nearest(query, count: 1000)
        #expect(all.count == 50)
        let allowed = [4, 17, 33, 99, -1]
        let hits = columns.nearest(query, count: 10, allowed: allowed)
        #expect(hits == all.filter { allowed.contains($0.place) })
        #expect(columns.nearest(query, count: 10, allowed: []).isEmpty)
        #expect(columns.nearest(query, count: 0).isEmpty)
        #expect(columns.similarities(query, at: hits.map(\.place)) == hits.map(\.similarity))
    }

    @Test func `equal vectors come in the order of their places`() {
        var columns = VectorColumns(width: 4)
        for _ in 0..<30 { columns.append([0.5, 0.5, 0.5, 0.5]) }
        #expect(columns.nearest([0.5, 0.5, 0.5, 0.5], count: 5).map(\.place) == [0, 1, 2, 3, 4])
    }

    @Test func `columns that do not fit each other are refused`() {
        #expect(VectorColumns(width: 4, numbers: [1, 2, 3], factors: [1]) == nil)
        #expect(VectorColumns(width: 2, numbers: [1, -128], factors: [1]) == nil)
        #expect(VectorColumns(width: 2, numbers: [1, 2], factors: [.nan]) == nil)
        #expect(VectorColumns(width: 2, numbers: [1, 2], factors: [1])?.vector(0) == [1, 2])
    }
}
