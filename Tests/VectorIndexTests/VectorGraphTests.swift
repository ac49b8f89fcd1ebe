import Numerics
import Testing

@testable import VectorIndex

@Suite struct VectorGraphTests {
    private static let width = 48

    /// Vectors of length one around `centres` points.
    private static func vectors(_ count: Int, centres: Int, seed: UInt64) -> (columns: VectorColumns, all: [Float]) {
        var random = SeededGenerator(seed: seed)
        func point() -> [Float] { (0..<width).map { _ in Float(random.unit() - 0.5) } }
        let places = (0..<centres).map { _ in point() }
        var all: [Float] = []
        for number in 0..<count {
            let vector = zip(places[number % centres], point()).map { $0 + 0.6 * $1 }
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            all += vector.map { $0 / length }
        }
        var columns = VectorColumns(width: width)
        columns.append(all)
        return (columns, all)
    }

    private func queries(_ all: [Float], _ count: Int) -> [[Float]] {
        let vectors = all.count / Self.width
        return (0..<count).map { number in
            let (left, right) = (number * 37 % vectors, number * 91 % vectors)
            let sum = (0..<Self.width).map { all[left * Self.width + $0] + 0.5 * all[right * Self.width + $0] }
            let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return sum.map { $0 / length }
        }
    }

    /// The share of the ten nearest of a scan that is found.
    private func recall(_ vectors: NearestVectors, _ queries: [[Float]], allowed: [Int]? = nil) -> Double {
        var (found, all) = (0, 0)
        for query in queries {
            let exact = Set(vectors.columns.nearest(query, count: 10, allowed: allowed).map(\.place))
            let hits = vectors.nearest(query, count: 10, allowed: allowed)
            #expect(zip(hits, hits.dropFirst()).allSatisfy { ($0.similarity, -$0.place) > ($1.similarity, -$1.place) })
            found += exact.intersection(hits.map(\.place)).count
            all += exact.count
        }
        return Double(found) / Double(all)
    }

    @Test func `a walk finds nearly all that a scan finds, under any filter`() {
        let (columns, all) = Self.vectors(3000, centres: 60, seed: 1)
        var vectors = NearestVectors(columns, method: .graph)
        #expect(vectors.method == .graph)
        let queries = queries(all, 40)
        vectors.breadth = 150
        #expect(recall(vectors, queries) >= 0.97)
        for step in [2, 3, 100] {
            let places = Array(stride(from: 0, to: 3000, by: step))
            let share = recall(vectors, queries, allowed: places)
            #expect(share >= (step == 100 ? 1 : 0.96), "a filter of one in \(step): \(share)")
            let hits = vectors.nearest(queries[0], count: 10, allowed: places)
            #expect(hits.count == 10 && hits.allSatisfy { $0.place % step == 0 })
        }
        let wide = recall(vectors, queries)
        vectors.breadth = 10
        #expect(recall(vectors, queries) <= wide)
    }

    @Test func `every vector is reached, and the links are few, near and of their own layer`() {
        let (columns, all) = Self.vectors(1200, centres: 25, seed: 2)
        var builder = VectorGraphBuilder(columns, degree: 8, breadth: 60, seed: 3)
        let graph = builder.build()
        #expect(graph.count == 1200 && graph.links.count == 1200 * 16 && !graph.layers.isEmpty)
        #expect(
            VectorGraph(count: 1200, degree: 8, entry: graph.entry, links: graph.links, layers: graph.layers) == graph)
        for place in 0..<1200 {
            let links = graph.links(of: UInt32(place), layer: 0).filter { $0 != VectorGraph.noLink }
            #expect(!links.isEmpty && Set(links).count == links.count && !links.contains(UInt32(place)))
        }
        // Each vector, asked for, is found.
        var lost = 0
        for place in 0..<1200 {
            let query = Array(all[place * Self.width..<(place + 1) * Self.width])
            var quantised = [Int8](repeating: 0, count: Self.width)
            _ = Int8Products.quantise(query.span, into: &quantised, at: 0)
            if !graph.search(quantised, in: columns, breadth: 32).contains(place) { lost += 1 }
        }
        #expect(lost <= 3, "\(lost) of 1200 were not found")
    }

    @Test func `the same vectors and seed give the same graph, another seed another`() {
        let (columns, _) = Self.vectors(600, centres: 12, seed: 4)
        func graph(_ seed: UInt64) -> VectorGraph {
            var builder = VectorGraphBuilder(columns, degree: 8, breadth: 40, seed: seed)
            return builder.build()
        }
        #expect(graph(1) == graph(1))
        #expect(graph(1) != graph(2))
    }

    @Test(arguments: [1, 2, 3, 5, 17])
    func `a few vectors are all found`(count: Int) {
        let (columns, all) = Self.vectors(count, centres: 2, seed: 5)
        let vectors = NearestVectors(columns, method: .graph)
        for limit in [1, count, count + 5] {
            let query = Array(all[..<Self.width])
            #expect(vectors.nearest(query, count: limit) == columns.nearest(query, count: limit))
        }
        #expect(
            NearestVectors(VectorColumns(width: Self.width), method: .graph).nearest(
                Array(all[..<Self.width]), count: 3
            ).isEmpty)
    }

    @Test func `links that lead nowhere are refused`() throws {
        let (columns, _) = Self.vectors(80, centres: 4, seed: 6)
        var builder = VectorGraphBuilder(columns, degree: 4, breadth: 20, seed: 1)
        let graph = builder.build()
        let layer = try #require(graph.layers.first)
        func made(
            count: Int = 80, degree: Int = 4, entry: UInt32? = nil, links: [UInt32]? = nil,
            layers: [VectorGraph.Layer]? = nil
        ) -> VectorGraph? {
            VectorGraph(
                count: count, degree: degree, entry: entry ?? graph.entry, links: links ?? graph.links,
                layers: layers ?? graph.layers)
        }
        #expect(made() == graph)
        #expect(made(count: 79) == nil && made(degree: 0) == nil && made(degree: 5) == nil && made(entry: 80) == nil)
        var links = graph.links
        links[3] = 80
        #expect(made(links: links) == nil && made(links: Array(links.dropLast())) == nil)
        let outside = (0..<UInt32(80)).first { !layer.members.contains($0) }!
        var wrong = layer
        wrong.links[0] = outside
        #expect(made(layers: [wrong] + graph.layers.dropFirst()) == nil)
        #expect(made(layers: [.init(members: layer.members.reversed(), links: layer.links)]) == nil)
        #expect(made(layers: [.init(members: [], links: [])]) == nil)
        #expect(made(entry: outside) == nil)
        #expect(NearestVectors(columns: columns, graph: graph, breadth: 0) == nil)
        #expect(NearestVectors(columns: VectorColumns(width: Self.width), graph: graph, breadth: 10) == nil)
    }

    @Test func `the fastest way that finds enough is taken, unless one is forced`() {
        func measure(_ method: VectorMethod, _ recall: Double, _ time: Double) -> VectorMeasure {
            VectorMeasure(
                method: method, breadth: 0, recall: recall, medianMicroseconds: time, buildSeconds: 0, byteCount: 0)
        }
        #expect(
            VectorMethodChoice.best(of: [measure(.scan, 1, 9), measure(.reduced, 0.98, 4), measure(.graph, 0.97, 1)])
                == .reduced)
        #expect(VectorMethodChoice.best(of: [measure(.scan, 0.9, 9), measure(.graph, 0.97, 1)]) == .scan)
        let (columns, all) = Self.vectors(2100, centres: 40, seed: 7)
        let choice = VectorMethodChoice(
            columns, vectors: all, queries: queries(all, 12).flatMap(\.self), limit: 20)
        let chosen = choice.choose()
        #expect(chosen.measured.map(\.method) == VectorMethod.allCases)
        #expect(chosen.measured.allSatisfy { $0.recall > 0.5 && $0.recall <= 1 && $0.medianMicroseconds > 0 })
        #expect(chosen.vectors.method == VectorMethodChoice.best(of: chosen.measured) || Self.width <= 160)
        let forced = choice.choose(forced: .scan)
        #expect(forced.vectors.method == .scan && forced.measured.map(\.method) == [.scan])
        let (few, _) = Self.vectors(100, centres: 4, seed: 8)
        let small = VectorMethodChoice(few, vectors: Array(all[..<(100 * Self.width)]), queries: [], limit: 10).choose()
        #expect(small.vectors.method == .scan && small.measured.isEmpty)
    }
}
