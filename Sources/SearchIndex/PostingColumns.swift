/// The postings of all terms of a segment, checked once when it is opened.
struct PostingColumns: Sendable {
    let blocks: Column<PostingBlock>
    let bytes: Column<UInt8>
    /// By term, and one more: its blocks.
    let offsets: Column<UInt32>
    /// By term: in how many documents it occurs.
    let counts: Column<UInt32>
    /// By term: what an impact of one adds to a score; absent for lists that only filter.
    let scales: Column<Float>?

    /// - Parameter section: Begins the names of the sections.
    /// - Complexity: O(postings).
    init(_ reader: SectionReader, section: String, terms: Int, documents: Int, isScored: Bool) throws(SearchError) {
        blocks = try reader.column(section + ".blocks", PostingBlock.self)
        bytes = try reader.column(section + ".bytes", UInt8.self)
        offsets = try reader.offsets(section + ".offsets", count: terms + 1, end: blocks.count)
        counts = try reader.column(section + ".counts", UInt32.self, count: terms)
        scales = isScored ? try reader.column(section + ".scales", Float.self, count: terms) : nil
        guard areSound(terms: terms, documents: documents) else { throw SectionReader.damaged(section) }
    }

    private func areSound(terms: Int, documents: Int) -> Bool {
        for term in 0..<terms {
            if let scales { guard scales[term].isFinite, scales[term] >= 0 else { return false } }
            guard offsets[term] < offsets[term + 1] else { return false }
            var (next, sum) = (0, 0)
            for index in Int(offsets[term])..<Int(offsets[term + 1]) {
                let block = blocks[index]
                guard Int(block.first) >= next, block.first <= block.last, Int(block.last) < documents,
                    [0, 1, 2, 4].contains(block.width), block.offset % 4 == 0,
                    Int(block.offset) + block.byteCount <= bytes.count, staysInside(block)
                else { return false }
                next = Int(block.last) + 1
                sum += block.count
            }
            guard sum == Int(counts[term]) else { return false }
        }
        return true
    }

    /// Whether the distances rise from zero to the last document's.
    private func staysInside(_ block: PostingBlock) -> Bool {
        let span = block.last - block.first
        guard block.width > 0 else { return Int(span) == block.count - 1 }
        return unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: PostingBlock.capacity) { documents in
            unsafe bytes.withElements { bytes in
                guard let base = bytes.baseAddress, let target = documents.baseAddress else { return false }
                let list = unsafe blocks.withElements {
                    unsafe PostingList(
                        blocks: $0.baseAddress!, bytes: base, blockCount: 0, count: 0, unit: 0)
                }
                unsafe list.unpack(block, to: target)
                guard unsafe target[0] == block.first, unsafe target[block.count - 1] == block.last else {
                    return false
                }
                for index in 1..<max(1, block.count) where unsafe target[index] <= target[index - 1] { return false }
                return true
            }
        }
    }

    /// The list of a term whose impacts count `weight`; without scales they count nothing.
    func list(_ term: Int, weight: Float) -> PostingList {
        let range = Int(offsets[term])..<Int(offsets[term + 1])
        let unit = scales.map { Score.unit(scale: $0[term], weight: weight) } ?? 0
        return unsafe blocks.withElements { blocks in
            unsafe bytes.withElements { bytes in
                // The columns are not empty: every term has a block.
                return unsafe PostingList(
                    blocks: blocks.baseAddress! + range.lowerBound, bytes: bytes.baseAddress!,
                    blockCount: range.count, count: Int(counts[term]), unit: unit)
            }
        }
    }
}

/// Scores are sums of whole numbers, so that every way of adding them up gives the same.
enum Score {
    /// Parts that one unit of BM25F is divided into.
    static let one: Float = 65_536

    /// - Parameter scale: The BM25F contribution of an impact of one.
    static func unit(scale: Float, weight: Float) -> UInt32 {
        UInt32(max(1, min(Float(1 << 19), (scale * weight * one).rounded())))
    }

    /// Whole parts, far enough below the largest number that a few such scores can be added.
    static func whole(_ score: Float) -> UInt32 { UInt32(max(0, min(Float(1 << 30), score))) }

    static func value(_ score: UInt32) -> Double { Double(score) / Double(one) }
}
