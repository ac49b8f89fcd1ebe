/// Writes the terms of a segment and their postings.
struct TermSections: Sendable {
    let shards: [DocumentShard]
    let terms: MergedStrings
    /// The documents as they were added, in the order in which they are written.
    let order: [Int]
    let popularity: [Float]
    let averages: [Float]
    let reference: Segment?

    func write(to writer: inout SectionWriter) {
        let starts = starts()
        var documents = [UInt32](repeating: 0, count: starts[terms.count])
        var contributions = [Float](repeating: 0, count: documents.count)
        fill(&documents, &contributions, starts)
        var packed = PostingsWriter()
        var (offsets, counts, scales, frequencies): ([UInt32], [UInt32], [Float], [Float]) = ([0], [], [], [])
        var impacts: [UInt8] = []
        for term in 0..<terms.count {
            let range = starts[term]..<starts[term + 1]
            let idf =
                reference.flatMap { other in other.terms.find(terms[term]).map { other.idf[$0] } }
                ?? inverseDocumentFrequency(range.count)
            var highest: Float = 0
            for place in range { highest = max(highest, contributions[place]) }
            impacts.removeAll(keepingCapacity: true)
            for place in range {
                impacts.append(UInt8(max(1, min(255, (contributions[place] / highest * 255).rounded()))))
            }
            offsets.append(UInt32(packed.append(documents: documents.span.extracting(range), impacts: impacts.span)))
            counts.append(UInt32(range.count))
            scales.append(highest * idf / 255)
            frequencies.append(idf)
        }
        writer.add("terms", terms)
        writer.add("idf", frequencies)
        writer.add("postings.offsets", offsets)
        writer.add("postings.counts", counts)
        writer.add("postings.scales", scales)
        writer.add("postings.blocks", packed.blocks)
        writer.add("postings.bytes", packed.bytes)
        addText(to: &writer)
    }

    private func addText(to writer: inout SectionWriter) {
        let places = places()
        var (offsets, text): ([UInt32], [UInt32]) = ([0], [])
        offsets.reserveCapacity(order.count + 1)
        text.reserveCapacity(shards.reduce(0) { $0 + $1.sequence.count })
        for old in order {
            let (part, local) = (Int(places[old].shard), Int(places[old].document))
            for place in shards[part].sequenceOffsets[local]..<shards[part].sequenceOffsets[local + 1] {
                let term = shards[part].sequence[place]
                text.append(term == TextColumns.gap ? term : terms.ranks[part][Int(term)])
            }
            offsets.append(UInt32(text.count))
        }
        writer.add("text.offsets", offsets)
        writer.add("text.terms", text)
    }

    /// By term, and one more: where its postings begin, a document counted once.
    private func starts() -> [Int] {
        var starts = [Int](repeating: 0, count: terms.count + 1)
        for (shard, ranks) in zip(shards, terms.ranks) {
            for (term, count) in shard.termDocuments.enumerated() { starts[Int(ranks[term]) + 1] += Int(count) }
        }
        for term in 0..<terms.count { starts[term + 1] += starts[term] }
        return starts
    }

    /// Puts every document of every term, and what the term contributes to it, into its place.
    private func fill(_ documents: inout [UInt32], _ contributions: inout [Float], _ starts: [Int]) {
        let fields = Field.allCases
        let places = places()
        var next = starts
        for (document, old) in order.enumerated() {
            let factor = 1 + popularityShare * popularity[old]
            let (part, local) = (Int(places[old].shard), Int(places[old].document))
            var place = shards[part].postingOffsets[local]
            let end = shards[part].postingOffsets[local + 1]
            while place < end {
                let term = shards[part].postings[place].term
                var sum: Float = 0
                while place < end, shards[part].postings[place].term == term {
                    let posting = shards[part].postings[place]
                    sum += weightedCount(
                        Float(posting.count), field: fields[posting.field],
                        length: Float(shards[part].lengths[local * fields.count + posting.field]),
                        average: averages[posting.field])
                    place += 1
                }
                let rank = Int(terms.ranks[part][term])
                documents[next[rank]] = UInt32(document)
                contributions[next[rank]] = sum / (saturation + sum) * factor
                next[rank] += 1
            }
        }
    }

    /// By document as it was added: its shard, and its place there.
    private func places() -> [(shard: UInt8, document: UInt32)] {
        var places = [(shard: UInt8, document: UInt32)](repeating: (0, 0), count: order.count)
        for (index, shard) in shards.enumerated() {
            for (local, document) in shard.documents.enumerated() {
                places[Int(document)] = (UInt8(index), UInt32(local))
            }
        }
        return places
    }

    private func inverseDocumentFrequency(_ found: Int) -> Float {
        let all = Float(max(order.count, reference?.count ?? 0))
        return Float.log1p((all - Float(found) + 0.5) / (Float(found) + 0.5))
    }
}
