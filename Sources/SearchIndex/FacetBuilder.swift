import Domain
import Foundation

/// Gathers the values of one facet, such as `brand`, of all documents.
struct FacetBuilder {
    /// Stands between the levels of a category path.
    static let separator = " > "
    static let maximumValueBytes = 200

    /// Whether values are paths, of which a document has the deepest.
    private let isPath: Bool
    private var ordinals: [String: UInt32] = [:]
    private var values: [String] = []
    /// By document, and one more: where its ordinals begin in `flat`.
    private var offsets: [UInt32] = [0]
    private var flat: [UInt32] = []

    init(isPath: Bool) { self.isPath = isPath }

    /// The facets of one item: every level of its category path, its brand and its attributes.
    static func values(of item: Item) -> [(name: String, values: [String])] {
        var result: [(String, [String])] = []
        let path = item.productType
        if !path.isEmpty { result.append((categoryName, path.indices.map { join(path[...$0]) })) }
        if !item.brand.isEmpty { result.append(("brand", [item.brand])) }
        for (name, values) in item.attributes.sorted(by: { $0.key < $1.key })
        where name != categoryName && name != "brand" {
            result.append((name, values))
        }
        return result
    }

    static let categoryName = "category"

    private static func join(_ path: some Collection<String>) -> String { path.joined(separator: separator) }

    /// Adds the values of a document; those of a path from the widest to the narrowest.
    mutating func add(_ texts: [String], document: Int) {
        while offsets.count <= document { offsets.append(UInt32(flat.count)) }
        var found: [UInt32] = []
        for text in texts where !text.isEmpty && text.utf8.count <= Self.maximumValueBytes {
            let ordinal = ordinal(of: text)
            if !found.contains(ordinal) { found.append(ordinal) }
        }
        flat += isPath ? found.suffix(1) : found
        offsets.append(UInt32(flat.count))
    }

    private mutating func ordinal(of text: String) -> UInt32 {
        if let known = ordinals[text] { return known }
        let ordinal = UInt32(values.count)
        ordinals[text] = ordinal
        values.append(text)
        return ordinal
    }

    /// - Parameter order: The documents as they were added, in the order in which they are written.
    mutating func write(to writer: inout SectionWriter, index: Int, order: [Int]) {
        while offsets.count <= order.count { offsets.append(UInt32(flat.count)) }
        let sorted = values.indices.sorted { values[$0].utf8.lexicographicallyPrecedes(values[$1].utf8) }
        var rank = [UInt32](repeating: 0, count: values.count)
        for (place, value) in sorted.enumerated() { rank[value] = UInt32(place) }
        let section = "facet\(index)"
        if order.allSatisfy({ offsets[$0 + 1] - offsets[$0] <= 1 }) {
            let ordinals = order.map {
                offsets[$0 + 1] > offsets[$0] ? rank[Int(flat[Int(offsets[$0])])] : Facet.none
            }
            writer.add(section + ".ordinals", ordinals)
        } else {
            var (starts, ordinals): ([UInt32], [UInt32]) = ([0], [])
            for document in order {
                ordinals += flat[Int(offsets[document])..<Int(offsets[document + 1])].map { rank[Int($0)] }
                starts.append(UInt32(ordinals.count))
            }
            writer.add(section + ".offsets", starts)
            writer.add(section + ".ordinals", ordinals)
        }
        writer.add(section + ".values", strings: sorted.map { Array(values[$0].utf8) })
        let parents = isPath ? sorted.map { parent(of: values[$0], rank: rank) } : []
        if isPath { writer.add(section + ".parents", parents) }
        addPostings(to: &writer, section: section + ".lists", order: order, rank: rank, parents: parents)
    }

    private func addPostings(
        to writer: inout SectionWriter, section: String, order: [Int], rank: [UInt32], parents: [UInt32]
    ) {
        var documents = [[UInt32]](repeating: [], count: values.count)
        for (place, document) in order.enumerated() {
            for ordinal in flat[Int(offsets[document])..<Int(offsets[document + 1])] {
                var value = rank[Int(ordinal)]
                while value != Facet.none {
                    documents[Int(value)].append(UInt32(place))
                    value = parents.isEmpty ? Facet.none : parents[Int(value)]
                }
            }
        }
        var packed = PostingsWriter()
        writer.add(section + ".offsets", [0] + documents.map { UInt32(packed.append(documents: $0)) })
        writer.add(section + ".counts", documents.map { UInt32($0.count) })
        writer.add(section + ".blocks", packed.blocks)
        writer.add(section + ".bytes", packed.bytes)
    }

    private func parent(of path: String, rank: [UInt32]) -> UInt32 {
        guard let cut = path.range(of: Self.separator, options: .backwards),
            let parent = ordinals[String(path[..<cut.lowerBound])]
        else { return Facet.none }
        return rank[Int(parent)]
    }
}

/// The natural logarithm.
func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// e to the power of `value`.
func exponential(_ value: Double) -> Double { exp(value) }
