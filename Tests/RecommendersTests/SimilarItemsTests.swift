import Domain
import Testing

@testable import Recommenders

@Suite struct SimilarItemsTests {
    /// Vectors on a line: the cosine falls with the distance of two numbers; some items have none.
    private struct Line: ItemLikeness {
        let part: String
        let places: [Double?]
        func cosine(_ left: Int, _ right: Int) -> Float? {
            guard let left = places[left], let right = places[right] else { return nil }
            return Float(1 - abs(left - right) / 10)
        }
        func nearest(to item: ItemNumber, limit: Int, allows: (ItemNumber) -> Bool) -> [ItemNumber] {
            let found = places.indices.filter { $0 != item.index && cosine(item.index, $0) != nil }
                .map { ItemNumber(UInt32($0)) }.filter(allows)
            return Array(found.sorted { cosine(item.index, $0.index)! > cosine(item.index, $1.index)! }.prefix(limit))
        }
        func cosines(of item: ItemNumber, with others: [ItemNumber]) -> [Float?] {
            others.map { cosine(item.index, $0.index) }
        }
    }

    /// Items 0 and 1 have common buyers, as have 0 and 2, less; nobody bought 4 and 5 yet.
    private var behaviour: NeighbourTable {
        var table = NeighbourTable()
        for row in [[(1, 0.4), (2, 0.1)], [(0, 0.4)], [(0, 0.1)], [(2, 0.1)], [], []] {
            table.append(row.map { (UInt32($0.0), $0.1) })
        }
        return table
    }

    private func order(_ parts: [any ItemLikeness], allows: (ItemNumber) -> Bool = { _ in true }) -> [Int] {
        SimilarItems(behaviour: behaviour, parts: parts, itemLimit: 6)
            .candidates(for: ItemNumber(0), limit: 10, allows: allows).map(\.item.index)
    }

    private let texts = Line(part: "text", places: [0, 9, 1, 2, 0.5, nil])

    @Test func `without vectors what people buy decides`() { #expect(order([]) == [1, 2]) }

    @Test func `texts find what nobody bought, and move what is bought`() {
        // Scores by hand: text (c - b) / (h - b) with c = .1, .9, .8, .95, b the mean of the spread 0…4; item 5 has no text.
        let base = (1 + 0.1 + 0.9 + 0.8 + 0.95) / 5
        let scaled = [0.1, 0.9, 0.8, 0.95].map { max(0, ($0 - base) / (0.95 - base)) }
        let bought: [Double] = [1, 0.25, 0, 1.25 / 3]
        let expected = zip(scaled, bought).map { ($0 + $1) / 2 }
        let found = SimilarItems(behaviour: behaviour, parts: [texts], itemLimit: 6)
            .candidates(for: ItemNumber(0), limit: 10) { _ in true }
        #expect(Set(found.map(\.item.index)) == [1, 2, 3, 4])
        for candidate in found {
            #expect(abs(candidate.score - expected[candidate.item.index - 1]) < 1e-5)
            #expect(abs(candidate.shares.reduce(0) { $0 + $1.value } - candidate.score) < 1e-12)
        }
        #expect(found.first?.item.index == 4)
        #expect(found.first?.shares.map(\.part).sorted() == ["average", "text"])
    }

    @Test func `items without a part are neither preferred nor put back, and what is not allowed is missing`() {
        let pictures = Line(part: "picture", places: [0, nil, nil, nil, nil, 0])
        let all = order([texts, pictures])
        #expect(Set(all) == [1, 2, 3, 4, 5])
        #expect(all.filter { $0 != 5 } == order([texts]))
        #expect(order([texts, pictures]) { $0.index != 4 }.contains(4) == false)
    }

    @Test func `an item without anything has nothing like it`() {
        let empty = Line(part: "text", places: [nil, 1, 2, 3, 4, 5])
        let found = SimilarItems(behaviour: NeighbourTable(), parts: [empty], itemLimit: 6)
            .candidates(for: ItemNumber(0), limit: 10) { _ in true }
        #expect(found.isEmpty)
    }
}
