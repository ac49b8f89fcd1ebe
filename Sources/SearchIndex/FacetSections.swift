/// Writes one facet of all shards.
struct FacetSections {
    private let merged: MergedStrings
    private let isPath: Bool
    /// By document as it is written, and one more: where its ordinals begin.
    private var starts: [UInt32]
    private var ordinals: [UInt32]
    private let parents: [UInt32]

    /// - Parameters:
    ///   - shards: The facet in each shard that has it, with the documents of the shard as they are written.
    ///   - documents: How many there are.
    init(_ shards: [(facet: FacetBuilder, places: [UInt32])], documents: Int) {
        merged = MergedStrings(shards.map(\.facet.values))
        isPath = shards.first?.facet.isPath ?? false
        starts = Array(repeating: 0, count: documents + 1)
        for (facet, places) in shards {
            for document in facet.documents { starts[Int(places[Int(document)]) + 1] += 1 }
        }
        for document in 0..<documents { starts[document + 1] += starts[document] }
        ordinals = Array(repeating: 0, count: Int(starts[documents]))
        var next = starts
        for (index, shard) in shards.enumerated() {
            for (document, ordinal) in zip(shard.facet.documents, shard.facet.ordinals) {
                let place = Int(shard.places[Int(document)])
                ordinals[Int(next[place])] = merged.ranks[index][Int(ordinal)]
                next[place] += 1
            }
        }
        parents = isPath ? Self.parents(merged) : []
    }

    func write(to writer: inout SectionWriter, index: Int) {
        let section = "facet\(index)"
        if (0..<starts.count - 1).allSatisfy({ starts[$0 + 1] - starts[$0] <= 1 }) {
            writer.add(
                section + ".ordinals",
                (0..<starts.count - 1).map { starts[$0 + 1] > starts[$0] ? ordinals[Int(starts[$0])] : Facet.none })
        } else {
            writer.add(section + ".offsets", starts)
            writer.add(section + ".ordinals", ordinals)
        }
        writer.add(section + ".values", merged)
        if isPath { writer.add(section + ".parents", parents) }
        addLists(to: &writer, section: section + ".lists")
    }

    /// By value, the documents that have it, or one below it.
    private func addLists(to writer: inout SectionWriter, section: String) {
        var counts = [UInt32](repeating: 0, count: merged.count)
        forEachPair { value, _ in counts[value] += 1 }
        var begins = [Int](repeating: 0, count: merged.count + 1)
        for value in counts.indices { begins[value + 1] = begins[value] + Int(counts[value]) }
        var next = begins
        var documents = [UInt32](repeating: 0, count: begins[merged.count])
        forEachPair { value, document in
            documents[next[value]] = document
            next[value] += 1
        }
        let impacts = [UInt8](repeating: 1, count: Int(counts.max() ?? 0))
        var packed = PostingsWriter()
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(counts.count + 1)
        for value in counts.indices {
            let range = begins[value]..<begins[value + 1]
            offsets.append(
                UInt32(
                    packed.append(
                        documents: documents.span.extracting(range), impacts: impacts.span.extracting(0..<range.count)))
            )
        }
        writer.add(section + ".offsets", offsets)
        writer.add(section + ".counts", counts)
        writer.add(section + ".blocks", packed.blocks)
        writer.add(section + ".bytes", packed.bytes)
    }

    private func forEachPair(_ body: (Int, UInt32) -> Void) {
        for document in 0..<starts.count - 1 {
            for place in Int(starts[document])..<Int(starts[document + 1]) {
                var value = ordinals[place]
                while value != Facet.none {
                    body(Int(value), UInt32(document))
                    value = parents.isEmpty ? Facet.none : parents[Int(value)]
                }
            }
        }
    }

    /// By value of a path: the one before its last separator.
    private static func parents(_ merged: MergedStrings) -> [UInt32] {
        let separator = Array(FacetBuilder.separator.utf8)
        return (0..<merged.count).map { rank in
            let value = merged[rank]
            guard value.count > separator.count else { return Facet.none }
            for cut in stride(from: value.count - separator.count, through: 0, by: -1)
            where value[cut..<cut + separator.count].elementsEqual(separator) {
                return merged.rank(of: Array(value[..<cut])) ?? Facet.none
            }
            return Facet.none
        }
    }
}
