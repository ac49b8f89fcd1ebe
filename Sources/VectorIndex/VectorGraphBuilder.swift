import Foundation
import Numerics

/// Builds a `VectorGraph` on all processors; the same vectors and seed give the same graph, however many there are.
///
/// Vectors join in parts of doubling size: all of a part search the graph as it was before the part, side by side, and then all
/// links back are made, side by side by their targets (Dobson et al., "Scaling graph-based ANNS algorithms to billion-size datasets",
/// 2023). Links are chosen by the paper's heuristic (algorithm 4), and filled up with what it passed over.
struct VectorGraphBuilder {
    /// A part has at most one of so many vectors of all.
    private static let partsOfAll = 50
    private static let piece = 64

    private let columns: VectorColumns
    private let degree: Int
    private let breadth: Int
    /// By place: the highest layer.
    private let levels: [Int]
    /// In which order vectors join.
    private let order: [UInt32]
    private var graph: VectorGraph

    static let usualBreadth = 160

    /// - Parameters:
    ///   - columns: At least one vector.
    ///   - breadth: How many candidates for links are looked for.
    init(_ columns: VectorColumns, degree: Int, breadth: Int = usualBreadth, seed: UInt64) {
        (self.columns, self.degree, self.breadth) = (columns, degree, breadth)
        var random = SeededGenerator(seed: seed)
        let scale = 1 / log(Double(max(2, degree)))
        levels = (0..<columns.count).map { _ in min(12, Int(-log(1 - random.unit()) * scale)) }
        // Shuffled: catalogues have what is alike side by side.
        order = (0..<UInt32(columns.count)).shuffled(using: &random)
        graph = VectorGraph(
            degree: degree, entry: order[0],
            links: [UInt32](repeating: VectorGraph.noLink, count: columns.count * 2 * degree), layers: [])
    }

    /// - Complexity: O(count × breadth × degree × width), roughly.
    mutating func build() -> VectorGraph {
        // Layers that the first vector does not reach begin with the first that does; all members are known beforehand.
        let top = levels.max() ?? 0
        let layers = (0..<top).map { number in
            let members = levels.indices.filter { levels[$0] > number }.map { UInt32($0) }
            return VectorGraph.Layer(
                members: members, links: [UInt32](repeating: VectorGraph.noLink, count: members.count * degree))
        }
        let entry = order.first { levels[Int($0)] == top } ?? order[0]
        graph = VectorGraph(degree: degree, entry: entry, links: graph.links, layers: layers)
        // Whoever stands highest joins first, so that every layer hangs together from its entry on.
        let joining = [entry] + order.filter { $0 != entry }
        var done = 1
        while done < joining.count {
            let size = min(done, max(1, columns.count / Self.partsOfAll))
            let part = Array(joining[done..<min(joining.count, done + size)])
            join(part)
            done += part.count
        }
        return graph
    }

    /// What one vector is linked to in one layer.
    private struct Links: Sendable {
        let place: UInt32
        let layer: Int
        var targets: [UInt32]
    }

    private mutating func join(_ part: [UInt32]) {
        let pieces = stride(from: 0, to: part.count, by: Self.piece).map { part[$0..<min(part.count, $0 + Self.piece)] }
        let chosen = concurrentMap(pieces) { [self] piece in piece.flatMap { links(for: $0) } }.flatMap(\.self)
        for links in chosen { write(links) }
        // Links back, by target.
        var back: [UInt64: [UInt32]] = [:]
        for links in chosen {
            for target in links.targets {
                back[UInt64(links.layer) << 32 | UInt64(target), default: []].append(links.place)
            }
        }
        let targets = back.keys.sorted()
        let groups = stride(from: 0, to: targets.count, by: Self.piece).map {
            targets[$0..<min(targets.count, $0 + Self.piece)].map { ($0, back[$0] ?? []) }
        }
        let changed = concurrentMap(groups) { [self] group in
            group.map { key, sources in widened(UInt32(truncatingIfNeeded: key), layer: Int(key >> 32), by: sources) }
        }
        for links in changed.flatMap(\.self) { write(links) }
    }

    /// The links of a vector that joins, in each of its layers.
    private func links(for place: UInt32) -> [Links] {
        let row = row(place)
        var walk = GraphWalk(row, columns, width: 2 * degree)
        var start = graph.entry
        let own = levels[Int(place)]
        for layer in stride(from: graph.layers.count, to: own, by: -1) {
            start = walk.descend(from: start, graph, layer: layer)
        }
        var result: [Links] = []
        var starts = [start]
        for layer in stride(from: min(own, graph.layers.count), through: 0, by: -1) {
            let found = walk.nearest(from: starts, graph, layer: layer, breadth: breadth).sorted(by: >).map(\.place)
                .filter { $0 != place }
            result.append(Links(place: place, layer: layer, targets: select(found, for: place, atMost: degree)))
            if let nearest = found.first { starts = [nearest] }
        }
        return result
    }

    /// A vector's links with those of some new ones.
    private func widened(_ place: UInt32, layer: Int, by sources: [UInt32]) -> Links {
        let known = graph.links(of: place, layer: layer).filter { $0 != VectorGraph.noLink }
        let most = layer == 0 ? 2 * degree : degree
        let all = known + sources.filter { !known.contains($0) }
        guard all.count > most else { return Links(place: place, layer: layer, targets: all) }
        let sorted = zip(all, likeness(of: place, to: all)).map { GraphWalk.Step($0, $1) }.sorted(by: >).map(\.place)
        return Links(place: place, layer: layer, targets: select(sorted, for: place, atMost: most))
    }

    /// Chooses among candidates, the nearest first: one that is nearer to a chosen one than to the vector leads nowhere new. The
    /// nearest of those that were passed over fill what is left.
    private func select(_ candidates: [UInt32], for place: UInt32, atMost most: Int) -> [UInt32] {
        guard candidates.count > most else { return candidates }
        let own = likeness(of: place, to: candidates)
        let factors = columns.factors
        var (kept, passed): ([UInt32], [UInt32]) = ([], [])
        for (number, candidate) in candidates.enumerated() {
            guard kept.count < most else { break }
            let nearest = likeness(of: candidate, to: kept).max() ?? -.infinity
            if nearest * factors[Int(candidate)] < own[number] * factors[Int(place)] {
                kept.append(candidate)
            } else {
                passed.append(candidate)
            }
        }
        return kept + passed.prefix(most - kept.count)
    }

    private func row(_ place: UInt32) -> [Int8] {
        Array(columns.numbers[Int(place) * columns.width..<(Int(place) + 1) * columns.width])
    }

    /// The cosines of a vector with others but for its own factor.
    private func likeness(of place: UInt32, to others: [UInt32]) -> [Float] {
        var products = [Int32](repeating: 0, count: others.count)
        let start = Int(place) * columns.width
        Int8Products.multiply(
            columns.numbers.span.extracting(start..<start + columns.width), columns.numbers.span, at: others.span,
            into: &products)
        return zip(others, products).map { Float($1) * columns.factors[Int($0)] }
    }

    /// Writes links to their row.
    private mutating func write(_ links: Links) {
        let width = links.layer == 0 ? 2 * degree : degree
        let filled = links.targets + repeatElement(VectorGraph.noLink, count: width - links.targets.count)
        if links.layer == 0 {
            let start = Int(links.place) * width
            graph.links.replaceSubrange(start..<start + width, with: filled)
        } else if let row = graph.layers[links.layer - 1].row(of: links.place) {
            graph.layers[links.layer - 1].links.replaceSubrange(row * width..<(row + 1) * width, with: filled)
        }
    }
}
