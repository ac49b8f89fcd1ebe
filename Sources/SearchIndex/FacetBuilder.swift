import Domain
import Foundation

/// Gathers the values of one facet, such as `brand`, of all documents.
struct FacetBuilder {
    /// Stands between the levels of a category path.
    static let separator = " > "
    static let maximumValueBytes = 200

    private var ordinals: [String: UInt32] = [:]
    private var values: [String] = []
    private var documents: [(document: Int, ordinals: [UInt32])] = []

    /// The facets of one item: every level of its category path, its brand and its attributes.
    static func values(of item: Item) -> [(String, [String])] {
        var result: [(String, [String])] = []
        let path = item.productType
        if !path.isEmpty {
            result.append(("category", path.indices.map { path[...$0].joined(separator: separator) }))
        }
        if !item.brand.isEmpty { result.append(("brand", [item.brand])) }
        for (name, values) in item.attributes.sorted(by: { $0.key < $1.key })
        where name != "category" && name != "brand" {
            result.append((name, values))
        }
        return result
    }

    mutating func add(_ texts: [String], document: Int) {
        var found: [UInt32] = []
        for text in texts where !text.isEmpty && text.utf8.count <= Self.maximumValueBytes {
            let ordinal: UInt32
            if let known = ordinals[text] {
                ordinal = known
            } else {
                ordinal = UInt32(values.count)
                ordinals[text] = ordinal
                values.append(text)
            }
            if !found.contains(ordinal) { found.append(ordinal) }
        }
        documents.append((document, found))
    }

    func write(to writer: inout SectionWriter, index: Int, documents count: Int) {
        var offsets: [UInt32] = [0]
        var flat: [UInt32] = []
        var next = 0
        for document in 0..<count {
            if next < documents.count, documents[next].document == document {
                flat += documents[next].ordinals
                next += 1
            }
            offsets.append(UInt32(flat.count))
        }
        writer.add("facet\(index).offsets", offsets)
        writer.add("facet\(index).ordinals", flat)
        writer.add("facet\(index).values", strings: values.map { Array($0.utf8) })
    }
}

/// The natural logarithm.
func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// e to the power of `value`.
func exponential(_ value: Double) -> Double { exp(value) }
