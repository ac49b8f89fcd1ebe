/// A plan in the postings of one segment.
struct SegmentQuery {
    /// One word of the query: the lists of its readings.
    struct Group {
        var lists: Range<Int>
        /// What the word says, in parts of `Score.one`.
        let information: UInt32
        /// At most this many documents hold the word.
        let count: Int
    }

    let segment: Segment
    private(set) var lists: [PostingList] = []
    /// One for every group of the plan; one without lists matches nothing here.
    private(set) var groups: [Group] = []
    /// Keeps what the lists of phrases point into.
    private var phrases: [PhrasePostings] = []

    init(_ plan: QueryPlan, _ segment: Segment) {
        self.segment = segment
        for group in plan.groups {
            let start = lists.count
            for variant in group.variants { add(variant) }
            let count = lists[start...].reduce(0) { $0 + $1.count }
            groups.append(
                Group(lists: start..<lists.count, information: Self.information(group), count: count))
        }
    }

    static func information(_ group: TermGroup) -> UInt32 { UInt32(max(0, group.information) * Score.one) }

    private mutating func add(_ variant: Variant) {
        if let key = variant.identifier {
            let documents = segment.identifiers?.documents(key) ?? []
            guard !documents.isEmpty else { return }
            let postings = PhrasePostings(documents, means: documents.map { _ in segment.highestIDF })
            phrases.append(postings)
            return lists.append(postings.list(weight: variant.weight))
        }
        let terms = variant.terms.compactMap { segment.terms.find($0) }
        guard terms.count == variant.terms.count, !terms.isEmpty else { return }
        if terms.count == 1 {
            lists.append(segment.postings.list(terms[0], weight: variant.weight))
        } else if let phrase = PhrasePostings(terms, in: segment) {
            phrases.append(phrase)
            lists.append(phrase.list(weight: variant.weight))
        }
    }

    /// Whether every word of the query has postings here.
    var canMatchAll: Bool { !groups.isEmpty && groups.allSatisfy { !$0.lists.isEmpty } }

    /// Whether any word of the query has postings here.
    var canMatchAny: Bool { !lists.isEmpty }

    /// What a group adds to the score of one document; zero if it holds no reading of the word.
    func contribution(of group: Int, to document: Int) -> UInt32 {
        lists[groups[group].lists].reduce(0) { max($0, $1.contribution(to: UInt32(document))) }
    }
}

extension PostingList {
    /// What the list adds to the score of one document. Complexity: O(log blocks).
    func contribution(to document: UInt32) -> UInt32 {
        let index = block(from: 0, reaching: document)
        guard index < blockCount, block(index).first <= document else { return 0 }
        let block = block(index)
        return unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: PostingBlock.capacity) { documents in
            guard let base = documents.baseAddress else { return 0 }
            unsafe unpack(block, to: base)
            for place in 0..<block.count where unsafe base[place] == document {
                return unsafe UInt32(impacts(block)[place]) * unit
            }
            return 0
        }
    }
}

/// The documents that hold all words of a phrase, with the mean of the words' impacts: made for one query.
struct PhrasePostings {
    private let blocks: Column<PostingBlock>
    private let bytes: Column<UInt8>
    private let scale: Float
    private let count: Int

    /// Returns `nil` if no document holds all of `terms`.
    init?(_ terms: [Int], in segment: Segment) {
        let (documents, means) = Self.intersect(terms, in: segment)
        guard !documents.isEmpty else { return nil }
        self.init(documents, means: means)
    }

    /// - Parameter means: What each document gains, in units of BM25F, more than nothing; not empty.
    init(_ documents: [UInt32], means: [Float]) {
        let highest = means.max() ?? 1
        var writer = PostingsWriter()
        let impacts = means.map { UInt8(max(1, min(255, ($0 / highest * 255).rounded()))) }
        _ = writer.append(documents: documents.span, impacts: impacts.span)
        (blocks, bytes) = (Column(copying: writer.blocks), Column(copying: writer.bytes))
        scale = highest / 255
        count = documents.count
    }

    func list(weight: Float) -> PostingList {
        let unit = Score.unit(scale: scale, weight: weight)
        return unsafe blocks.withElements { blocks in
            unsafe bytes.withElements { bytes in
                unsafe PostingList(
                    blocks: blocks.baseAddress!, bytes: bytes.baseAddress!, blockCount: blocks.count, count: count,
                    unit: unit)
            }
        }
    }

    /// The documents that hold all terms, and the means of their contributions in units of BM25F.
    private static func intersect(_ terms: [Int], in segment: Segment, limit: Int = .max) -> ([UInt32], [Float]) {
        let cursors = CursorSet(terms.map { segment.postings.list($0, weight: 1) })
        let scales = terms.map { segment.postings.scales?[$0] ?? 0 }
        let order = terms.indices.sorted { segment.postings.counts[terms[$0]] < segment.postings.counts[terms[$1]] }
        var (documents, means): ([UInt32], [Float]) = ([], [])
        var document: UInt32 = 0
        search: while documents.count < limit {
            document = cursors.seek(order[0], document)
            guard document != CursorSet.end else { break }
            for index in order.dropFirst() {
                let found = cursors.seek(index, document)
                if found != document {
                    document = found
                    if found == CursorSet.end { break search }
                    continue search
                }
            }
            let sum = terms.indices.reduce(Float(0)) { $0 + Float(cursors.impact($1)) * scales[$1] }
            documents.append(document)
            means.append(sum / Float(terms.count))
            document += 1
        }
        return (documents, means)
    }

    /// How many documents hold all of `terms`; counted no further than `limit`.
    static func intersectionCount(_ terms: [[UInt8]], _ segments: [Segment], limit: Int) -> Int {
        segments.reduce(0) { sum, segment in
            let found = terms.compactMap { segment.terms.find($0) }
            guard found.count == terms.count, sum < limit else { return sum }
            return sum + intersect(found, in: segment, limit: limit - sum).0.count
        }
    }
}
