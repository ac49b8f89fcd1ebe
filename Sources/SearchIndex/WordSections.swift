/// Writes the words of a segment as they are written, and the index of their spellings.
struct WordSections: Sendable {
    private let terms: MergedStrings
    private let words: MergedStrings
    /// The ranks of the words that a document holds beside the supplier's wording, with their terms and documents.
    private var kept: [Int] = []
    private var wordTerms: [UInt32] = []
    private var documents: [UInt32] = []

    init(shards: [DocumentShard], terms: MergedStrings) {
        self.terms = terms
        words = MergedStrings(shards.map(\.words))
        var counts = [UInt32](repeating: 0, count: words.count)
        var termOf = [UInt32](repeating: 0, count: words.count)
        for (index, shard) in shards.enumerated() {
            for (word, rank) in words.ranks[index].enumerated() {
                counts[Int(rank)] += shard.wordDocuments[word]
                termOf[Int(rank)] = terms.ranks[index][Int(shard.wordTerms[word])]
            }
        }
        for rank in counts.indices where counts[rank] > 0 {
            kept.append(rank)
            wordTerms.append(termOf[rank])
            documents.append(counts[rank])
        }
    }

    func write(to writer: inout SectionWriter) {
        writer.add("words", words, ranks: kept)
        writer.add("words.term", wordTerms)
        writer.add("words.documents", documents)
        let spelling = SpellingIndex.build(
            documents: documents,
            isEligible: { words.withBytes(kept[$0]) { SpellingIndex.isEligible($0) } },
            word: { words[kept[$0]] }, stem: { terms[Int(wordTerms[$0])] })
        writer.add("spelling.buckets", spelling.buckets)
        writer.add("spelling.words", spelling.entries)
    }
}
