import Numerics

/// A hierarchical navigable small world over vectors of 8-bit numbers (Malkov and Yashunin, TPAMI 2018).
///
/// Every vector has links to near ones in the lowest layer, and one of `degree` of each layer also stands in the layer above. A search
/// walks greedily down from the top, and keeps the best `breadth` in the lowest layer. Links are places, fixed in number, so that a
/// graph is a few plain columns.
public struct VectorGraph: Hashable, Sendable {
    /// In place of a link where a vector has fewer.
    public static let noLink = UInt32.max
    public static let usualDegree = 24
    static let usualBreadth = 160

    /// The vectors of one layer above the lowest.
    public struct Layer: Hashable, Sendable {
        /// Places, ascending.
        public let members: [UInt32]
        /// Places; shape `[members, degree]`, the nearest first.
        public var links: [UInt32]

        public init(members: [UInt32], links: [UInt32]) { (self.members, self.links) = (members, links) }

        /// The row of a member; `nil` for others. Complexity: O(log members).
        func row(of place: UInt32) -> Int? {
            var (low, high) = (0, members.count)
            while low < high {
                let middle = (low + high) / 2
                if members[middle] < place { low = middle + 1 } else { high = middle }
            }
            return low < members.count && members[low] == place ? low : nil
        }
    }

    /// Links of a vector in the layers above the lowest, which has twice as many.
    public let degree: Int
    /// Where searches begin.
    public let entry: UInt32
    /// Of the lowest layer: shape `[count, 2 * degree]`, the nearest first.
    public var links: [UInt32]
    /// Above the lowest, from below.
    public var layers: [Layer]

    /// Takes over a graph that was written before; `nil` unless all links lie among `count` vectors, and members of a layer link to
    /// members alone.
    public init?(count: Int, degree: Int, entry: UInt32, links: [UInt32], layers: [Layer]) {
        guard (1...1024).contains(degree), count > 0, links.count == count * 2 * degree, Int(entry) < count,
            links.allSatisfy({ $0 == Self.noLink || Int($0) < count })
        else { return nil }
        for (number, layer) in layers.enumerated() {
            let below = number > 0 ? layers[number - 1] : nil
            guard layer.links.count == layer.members.count * degree, !layer.members.isEmpty,
                zip(layer.members, layer.members.dropFirst()).allSatisfy({ $0 < $1 }),
                layer.members.allSatisfy({
                    Int($0) < count && below?.row(of: $0) != nil || below == nil && Int($0) < count
                }),
                layer.links.allSatisfy({ $0 == Self.noLink || layer.row(of: $0) != nil })
            else { return nil }
        }
        guard layers.last?.row(of: entry) != nil || layers.isEmpty else { return nil }
        (self.degree, self.entry, self.links, self.layers) = (degree, entry, links, layers)
    }

    init(degree: Int, entry: UInt32, links: [UInt32], layers: [Layer]) {
        (self.degree, self.entry, self.links, self.layers) = (degree, entry, links, layers)
    }

    public var count: Int { links.count / (2 * degree) }
    /// What the links take in memory.
    public var byteCount: Int { 4 * (links.count + layers.reduce(0) { $0 + $1.links.count + $1.members.count }) }

    /// The links of a vector in a layer; 0 is the lowest.
    func links(of place: UInt32, layer: Int) -> ArraySlice<UInt32> {
        guard layer > 0 else {
            let start = Int(place) * 2 * degree
            return links[start..<start + 2 * degree]
        }
        guard let row = layers[layer - 1].row(of: place) else { return [] }
        return layers[layer - 1].links[row * degree..<(row + 1) * degree]
    }
}

extension VectorGraph {
    /// The best vectors of a search in the lowest layer, in no order.
    ///
    /// - Parameters:
    ///   - query: 8-bit numbers; shape `[width]`.
    ///   - breadth: How many are kept while the search goes on; at least as many as are wanted.
    ///   - allowed: If given, one bit a place: others are walked through and not found.
    /// - Complexity: O(breadth × degree × width), roughly; grows with the share that is not allowed.
    func search(_ query: [Int8], in columns: VectorColumns, breadth: Int, allowed: [UInt64]? = nil) -> [Int] {
        var walk = GraphWalk(query, columns, width: 2 * degree)
        var place = entry
        for layer in stride(from: layers.count, to: 0, by: -1) { place = walk.descend(from: place, self, layer: layer) }
        return walk.nearest(from: [place], self, layer: 0, breadth: breadth, allowed: allowed).map { Int($0.place) }
    }
}

/// One query on its way through a graph.
struct GraphWalk {
    /// A vector with its likeness to the query: the better has the greater key, ties the lower place.
    struct Step: Comparable {
        private let key: UInt64

        init(_ place: UInt32, _ similarity: Float) {
            let bits = similarity.bitPattern
            // Numbers in the order of the values, negative ones too.
            let order = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
            key = UInt64(order) << 32 | UInt64(~place)
        }

        var place: UInt32 { ~UInt32(truncatingIfNeeded: key) }
        static func < (left: Step, right: Step) -> Bool { left.key < right.key }
    }

    private let query: [Int8]
    private let columns: VectorColumns
    private var visited: [UInt64]
    private var places: [UInt32] = []
    private var products: [Int32]

    /// - Parameter width: The most links of a vector.
    init(_ query: [Int8], _ columns: VectorColumns, width: Int) {
        (self.query, self.columns) = (query, columns)
        visited = [UInt64](repeating: 0, count: (columns.count + 63) / 64)
        products = [Int32](repeating: 0, count: width)
        places.reserveCapacity(width)
    }

    private mutating func multiply() {
        let (query, numbers, places) = (query, columns.numbers, places)
        Int8Products.multiply(query.span, numbers.span, at: places.span, into: &products)
    }

    private mutating func step(to place: UInt32) -> Step {
        places.removeAll(keepingCapacity: true)
        places.append(place)
        multiply()
        return Step(place, Float(products[0]) * columns.factors[Int(place)])
    }

    /// Goes to the nearest link until none is nearer.
    mutating func descend(from start: UInt32, _ graph: VectorGraph, layer: Int) -> UInt32 {
        var best = step(to: start)
        while true {
            places.removeAll(keepingCapacity: true)
            for link in graph.links(of: best.place, layer: layer) where link != VectorGraph.noLink {
                places.append(link)
            }
            multiply()
            var next = best
            for (number, place) in places.enumerated() {
                next = max(next, Step(place, Float(products[number]) * columns.factors[Int(place)]))
            }
            guard next > best else { return best.place }
            best = next
        }
    }

    /// The best vectors of a layer that the walk finds (algorithm 2 of the paper), in no order.
    mutating func nearest(
        from starts: [UInt32], _ graph: VectorGraph, layer: Int, breadth: Int, allowed: [UInt64]? = nil
    ) -> [Step] {
        for word in visited.indices { visited[word] = 0 }
        var (open, found) = (StepHeap(), StepHeap())
        func isAllowed(_ place: UInt32) -> Bool {
            guard let allowed else { return true }
            return allowed[Int(place) >> 6] & (1 << UInt64(place & 63)) != 0
        }
        for start in starts {
            let step = step(to: start)
            visited[Int(start) >> 6] |= 1 << UInt64(start & 63)
            open.push(step)
            if isAllowed(start) { found.push(reversed: step) }
        }
        while let next = open.pop() {
            if found.count >= breadth, let worst = found.first, next < worst.reversed { break }
            places.removeAll(keepingCapacity: true)
            for link in graph.links(of: next.place, layer: layer) where link != VectorGraph.noLink {
                let (word, bit) = (Int(link) >> 6, UInt64(1) << UInt64(link & 63))
                if visited[word] & bit == 0 {
                    visited[word] |= bit
                    places.append(link)
                }
            }
            multiply()
            for (number, place) in places.enumerated() {
                let step = Step(place, Float(products[number]) * columns.factors[Int(place)])
                if found.count >= breadth, let worst = found.first, step < worst.reversed { continue }
                open.push(step)
                if isAllowed(place) {
                    found.push(reversed: step)
                    if found.count > breadth { _ = found.pop() }
                }
            }
        }
        return found.elements.map(\.reversed)
    }
}

extension GraphWalk.Step {
    private init(key: UInt64) { self.key = key }
    /// In the opposite order.
    fileprivate var reversed: GraphWalk.Step { GraphWalk.Step(key: ~key) }
}

/// A binary heap with the greatest step first (Williams, 1964).
private struct StepHeap {
    private(set) var elements: [GraphWalk.Step] = []

    var count: Int { elements.count }
    var first: GraphWalk.Step? { elements.first }

    mutating func push(reversed step: GraphWalk.Step) { push(step.reversed) }

    mutating func push(_ step: GraphWalk.Step) {
        elements.append(step)
        var child = elements.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard elements[parent] < step else { break }
            elements[child] = elements[parent]
            child = parent
        }
        elements[child] = step
    }

    mutating func pop() -> GraphWalk.Step? {
        guard let top = elements.first, let last = elements.popLast() else { return nil }
        guard !elements.isEmpty else { return top }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < elements.count else { break }
            if child + 1 < elements.count, elements[child] < elements[child + 1] { child += 1 }
            guard last < elements[child] else { break }
            elements[parent] = elements[child]
            parent = child
        }
        elements[parent] = last
        return top
    }
}
