import TextAnalysis

/// Finds the words of a segment that are a few slips away from what was typed, without looking at the others.
///
/// Symmetric deletes (Garbe, 2012): two words are at most *k* slips apart only if deleting at most *k* letters of each makes
/// them equal. Every word is filed under what is left of its first seven letters after up to two deletions, in a table of
/// hashes, and its stem too, for a catalogue that knows a plural alone; words that hold digits are left out. 4 bytes an entry, some 20 entries a word, at most 200,000 words.
struct SpellingIndex: Sendable {
    static let prefixLength = 7
    static let maximumWords = 200_000
    static let shortest = 3

    private let buckets: Column<UInt32>
    private let entries: Column<UInt32>

    /// Reads the table; builds it if the segment was written without one.
    init(
        _ reader: SectionReader, words: StringColumn, terms: StringColumn, stems: Column<UInt32>,
        documents: Column<UInt32>
    ) throws(SearchError) {
        var reader = reader
        if !reader.has("spelling.buckets") {
            let built = Self.build(
                documents: (0..<documents.count).map { documents[$0] }, isEligible: { Self.isEligible(words[$0]) },
                word: { words[$0] }, stem: { terms[Int(stems[$0])] })
            var writer = SectionWriter()
            writer.add("spelling.buckets", built.buckets)
            writer.add("spelling.words", built.entries)
            reader = try SectionReader(SegmentBytes(copying: writer.finish()))
        }
        try self.init(
            buckets: reader.column("spelling.buckets", UInt32.self),
            entries: reader.column("spelling.words", UInt32.self), words: words.count)
    }

    private init(buckets: Column<UInt32>, entries: Column<UInt32>, words: Int) throws(SearchError) {
        guard buckets.count > 1, (buckets.count - 1).nonzeroBitCount == 1 else {
            throw SectionReader.damaged("spelling")
        }
        var start: UInt32 = 0
        for place in 0..<buckets.count {
            guard buckets[place] >= start, Int(buckets[place]) <= entries.count else {
                throw SectionReader.damaged("spelling")
            }
            start = buckets[place]
        }
        for place in 0..<entries.count where Int(entries[place]) >= words { throw SectionReader.damaged("spelling") }
        (self.buckets, self.entries) = (buckets, entries)
    }

    var byteCount: Int { 4 * (buckets.count + entries.count) }

    /// The table of sorted words and their stems; the most frequent ones if there are too many.
    ///
    /// - Parameter documents: By word, in how many documents it occurs.
    static func build(
        documents: [UInt32], isEligible: (Int) -> Bool, word: (Int) -> [UInt8], stem: (Int) -> [UInt8]
    ) -> (buckets: [UInt32], entries: [UInt32]) {
        var chosen = documents.indices.filter(isEligible)
        if chosen.count > maximumWords {
            chosen.sort { (documents[$0], $1) > (documents[$1], $0) }
            chosen.removeLast(chosen.count - maximumWords)
            chosen.sort()
        }
        var pairs: [(hash: UInt64, word: UInt32)] = []
        pairs.reserveCapacity(chosen.count * 20)
        for index in chosen {
            let (word, stem) = (word(index), stem(index))
            var hashes: [UInt64] = []
            for form in stem == word ? [word] : [word, stem] {
                let letters = SlipModel.letters(of: form)
                appendRemainders(of: letters, deleting: letters.count >= 5 ? 2 : 1, to: &hashes)
            }
            hashes.sort()
            for place in hashes.indices where place == 0 || hashes[place] != hashes[place - 1] {
                pairs.append((hashes[place], UInt32(index)))
            }
        }
        let bits = max(1, Int.bitWidth - max(1, pairs.count / 2).leadingZeroBitCount)
        var starts = [UInt32](repeating: 0, count: 1 << bits + 1)
        for pair in pairs { starts[bucket(pair.hash, bits) + 1] += 1 }
        for place in 1..<starts.count { starts[place] += starts[place - 1] }
        var next = starts
        var entries = [UInt32](repeating: 0, count: pairs.count)
        for pair in pairs {
            let place = bucket(pair.hash, bits)
            entries[Int(next[place])] = pair.word
            next[place] += 1
        }
        return (starts, entries)
    }

    static func isEligible(_ word: [UInt8]) -> Bool { isEligible(word.span) }

    static func isEligible(_ word: Span<UInt8>) -> Bool {
        guard word.count >= shortest else { return false }
        for place in 0..<word.count where (48...57).contains(word[place]) { return false }
        return true
    }

    /// Words that may be within `limit` slips of `letters`, or begin with something that is; each once.
    ///
    /// - Complexity: O(deletions of seven letters + words found).
    func candidates(for letters: [UInt16], limit: Int) -> [UInt32] {
        let bits = (buckets.count - 1).trailingZeroBitCount
        var found: [UInt32] = []
        var hashes: [UInt64] = []
        Self.appendRemainders(of: letters, deleting: limit, to: &hashes)
        for hash in hashes {
            let place = Self.bucket(hash, bits)
            for entry in Int(buckets[place])..<Int(buckets[place + 1]) { found.append(entries[entry]) }
        }
        found.sort()
        var kept = 0
        for index in found.indices where index == 0 || found[index] != found[index - 1] {
            found[kept] = found[index]
            kept += 1
        }
        found.removeLast(found.count - kept)
        return found
    }

    private static func bucket(_ hash: UInt64, _ bits: Int) -> Int { Int(hash >> UInt64(64 - bits)) }

    /// Appends hashes of what is left of the first letters after up to `count` deletions; some of them may be equal.
    private static func appendRemainders(of letters: [UInt16], deleting count: Int, to hashes: inout [UInt64]) {
        let prefix = letters.prefix(prefixLength)
        hashes.append(hash(prefix, without: -1, -1))
        guard count > 0, prefix.count > 1 else { return }
        for first in 0..<prefix.count {
            hashes.append(hash(prefix, without: first, -1))
            guard count > 1, prefix.count > 2 else { continue }
            for second in first + 1..<max(first + 1, prefix.count) {
                hashes.append(hash(prefix, without: first, second))
            }
        }
    }

    /// FNV-1a over letters, with a last mixing step so that the high bits depend on all of them.
    private static func hash(_ letters: ArraySlice<UInt16>, without first: Int, _ second: Int) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for (place, letter) in letters.enumerated() where place != first && place != second {
            hash = (hash ^ UInt64(letter)) &* 0x100_0000_01b3
        }
        hash ^= hash >> 29
        return hash &* 0x9e37_79b9_7f4a_7c15
    }
}
