/// Up to 128 neighbouring postings of one term, as they stand in the file: 16 bytes.
///
/// A block's documents are stored as distances from its first, all of one width, so that any posting can be reached
/// without unpacking those before it. The highest impact of the block bounds what a query can gain from it
/// (block-max index: Ding and Suel, 2011).
struct PostingBlock: BitwiseCopyable, Sendable {
    static let capacity = 128

    /// First and last document.
    var first: UInt32
    var last: UInt32
    /// Where the block's bytes begin: distances, then one impact a posting.
    var offset: UInt32
    /// One less than the number of postings.
    var countLessOne: UInt8
    /// Bytes a distance: 0 where the documents follow each other, else 1, 2 or 4.
    var width: UInt8
    /// Highest impact.
    var maximum: UInt8
    var reserved: UInt8 = 0

    @inline(__always) var count: Int { Int(countLessOne) + 1 }
    /// Size of the block's bytes, padded to four.
    @inline(__always) var byteCount: Int { (count * (Int(width) + 1) + 3) & ~3 }
}

/// Packs postings into blocks.
struct PostingsWriter {
    private(set) var blocks: [PostingBlock] = []
    private(set) var bytes: [UInt8] = []

    /// Appends the postings of one term, rising by document, and returns how many blocks there are now.
    mutating func append(documents: Span<UInt32>, impacts: Span<UInt8>) -> Int {
        var start = 0
        while start < documents.count {
            let end = min(start + PostingBlock.capacity, documents.count)
            let (first, last) = (documents[start], documents[end - 1])
            let span = last - first
            let width: UInt8 = Int(span) == end - start - 1 ? 0 : span < 1 << 8 ? 1 : span < 1 << 16 ? 2 : 4
            var highest: UInt8 = 0
            for place in start..<end { highest = max(highest, impacts[place]) }
            blocks.append(
                PostingBlock(
                    first: first, last: last, offset: UInt32(bytes.count), countLessOne: UInt8(end - start - 1),
                    width: width, maximum: highest))
            for place in start..<end {
                let distance = documents[place] - first
                switch width {
                case 0: break
                case 1: bytes.append(UInt8(truncatingIfNeeded: distance))
                default:
                    for byte in 0..<width { bytes.append(UInt8(truncatingIfNeeded: distance >> (8 * UInt32(byte)))) }
                }
            }
            for place in start..<end { bytes.append(impacts[place]) }
            while bytes.count % 4 != 0 { bytes.append(0) }
            start = end
        }
        return blocks.count
    }
}

/// The postings of one term, or of a phrase made for one query: blocks and the bytes that they point into.
///
/// Unowned: whoever holds a list keeps the segment, or the `PhrasePostings`, that it came from.
@safe struct PostingList {
    @unsafe let blocks: UnsafePointer<PostingBlock>
    @unsafe let bytes: UnsafePointer<UInt8>
    let blockCount: Int
    /// Number of postings.
    let count: Int
    /// What an impact of one adds to a score.
    let unit: UInt32

    @inline(__always) func block(_ index: Int) -> PostingBlock { unsafe blocks[index] }

    /// The most that the list adds to a score. Complexity: O(blocks).
    var highest: UInt32 {
        var highest: UInt8 = 0
        for index in 0..<blockCount { highest = max(highest, block(index).maximum) }
        return UInt32(highest) * unit
    }

    /// The impacts of a block.
    @inline(__always) func impacts(_ block: PostingBlock) -> UnsafePointer<UInt8> {
        unsafe bytes + Int(block.offset) + block.count * Int(block.width)
    }

    /// Writes the documents of a block to `target`, which has room for 128.
    @inline(__always) func unpack(_ block: PostingBlock, to target: UnsafeMutablePointer<UInt32>) {
        let (count, first) = (block.count, block.first)
        let start = unsafe UnsafeRawPointer(bytes + Int(block.offset))
        switch block.width {
        case 0: for index in 0..<count { unsafe target[index] = first &+ UInt32(truncatingIfNeeded: index) }
        case 1:
            let distances = unsafe start.assumingMemoryBound(to: UInt8.self)
            for index in 0..<count { unsafe target[index] = first &+ UInt32(distances[index]) }
        case 2:
            let distances = unsafe start.assumingMemoryBound(to: UInt16.self)
            for index in 0..<count { unsafe target[index] = first &+ UInt32(distances[index]) }
        default:
            let distances = unsafe start.assumingMemoryBound(to: UInt32.self)
            for index in 0..<count { unsafe target[index] = first &+ distances[index] }
        }
    }

    /// The first block at or after `index` whose last document is not before `document`. Complexity: O(log distance).
    @inline(__always) func block(from index: Int, reaching document: UInt32) -> Int {
        var low = index
        if unsafe low >= blockCount || blocks[low].last >= document { return low }
        var step = 1
        while unsafe low + step < blockCount && blocks[low + step].last < document {
            low += step
            step &*= 2
        }
        // The answer lies in (low, low + step].
        var high = min(low + step, blockCount)
        while high - low > 1 {
            let middle = (low + high) / 2
            if unsafe blocks[middle].last < document { low = middle } else { high = middle }
        }
        return high
    }
}
