/// Finds the best documents of one segment without looking at those that cannot be among them.
///
/// Exact: the scores are those of an exhaustive scan, and so are the documents.
@safe struct TopScorer: ~Copyable {
    private var cursors: CursorSet
    private let groups: [SegmentQuery.Group]
    /// Filters: a document must be in a list of each, and gains nothing from it.
    private let required: [SegmentQuery.Group]
    private let limit: UInt32
    private let nearness: Nearness?
    private let isBoosted: Bool
    private let accepts: (UInt32) -> Bool
    private(set) var best: TopDocuments

    /// - Parameters:
    ///   - required: For each filter, the lists of one of which a document must be a member.
    ///   - nearness: What documents gain beside their words, if anything.
    ///   - accepts: Whether a document may be found: asked only of those that score enough.
    init(
        _ query: borrowing SegmentQuery, required: [[PostingList]] = [], nearness: Nearness? = nil, capacity: Int,
        accepts: @escaping (UInt32) -> Bool
    ) {
        var lists = query.lists
        self.required = required.map { alternatives in
            lists += alternatives
            let range = lists.count - alternatives.count..<lists.count
            return SegmentQuery.Group(
                lists: range, information: 0, count: alternatives.reduce(0) { $0 + $1.count })
        }
        .sorted { $0.count < $1.count }
        cursors = CursorSet(lists)
        groups = query.groups.filter { !$0.lists.isEmpty }.sorted { $0.count < $1.count }
        limit = UInt32(query.segment.count)
        (self.nearness, isBoosted) = (nearness, nearness != nil)
        self.accepts = accepts
        best = TopDocuments(capacity: capacity)
    }

    // MARK: All words

    /// Documents that hold every word: the rarest leads, the others follow; blocks that cannot win are passed over.
    mutating func findAll() {
        let groups = (groups + required).sorted { $0.count < $1.count }
        var document = first(groups[0])
        while document < limit {
            let end = blockEnd(groups[0], document)
            if best.isFull, highest(groups.reduce(UInt32(0), { $0 &+ bound($1, document, end) })) <= best.threshold {
                document = end == CursorSet.end ? end : seek(groups[0], end + 1)
                continue
            }
            document = scanAll(groups, from: document, through: end)
        }
    }

    private mutating func scanAll(_ groups: [SegmentQuery.Group], from start: UInt32, through end: UInt32) -> UInt32 {
        if groups.allSatisfy({ $0.lists.count == 1 }) { return scanAll(lists: groups, from: start, through: end) }
        var document = start
        align: while document <= end, document < limit {
            for index in 1..<max(1, groups.count) {
                let found = seek(groups[index], document)
                if found != document {
                    document = found == CursorSet.end ? found : seek(groups[0], found)
                    continue align
                }
            }
            offer(document, groups.reduce(0) { $0 &+ contribution($1, document) })
            document = next(groups[0], document)
        }
        return document
    }

    /// The same for words with one reading each: the innermost loop of most queries.
    private mutating func scanAll(
        lists groups: [SegmentQuery.Group], from start: UInt32, through end: UInt32
    ) -> UInt32 {
        let last = min(end, limit - 1)
        return unsafe groups.withUnsafeBufferPointer { groups in
            var document = start
            let leading = unsafe groups[0].lists.lowerBound
            align: while document <= last {
                var score = cursors.contribution(leading)
                for place in 1..<max(1, groups.count) {
                    let list = unsafe groups[place].lists.lowerBound
                    let found = cursors.seek(list, document)
                    if found != document {
                        document = found == CursorSet.end ? found : cursors.seek(leading, found)
                        continue align
                    }
                    score &+= cursors.contribution(list)
                }
                offer(document, score)
                document = cursors.next(leading)
            }
            return document
        }
    }

    // MARK: Any word

    /// Documents that hold any word, by MaxScore over windows with block bounds (Turtle and Flood, 1995; Mallia et al.,
    /// 2017): words whose bounds together cannot reach the threshold are only looked up where the others match.
    mutating func findAny() {
        if let filter = required.first, filter.count < groups.reduce(0, { $0 + $1.count }) {
            return findAny(within: filter)
        }
        var start: UInt32 = 0
        var order = Array(groups.indices)
        var bounds = [UInt32](repeating: 0, count: groups.count)
        while start < limit {
            let nearest = groups.reduce(CursorSet.end) { min($0, first($1)) }
            start = max(start, nearest)
            guard start < limit else { return }
            let end = windowEnd(start)
            for index in groups.indices { bounds[index] = bound(groups[index], start, end) }
            order.sort { bounds[$0] < bounds[$1] }
            var (optional, sum) = (0, UInt32(0))
            while optional < order.count, highest(sum &+ bounds[order[optional]]) <= best.threshold {
                sum &+= bounds[order[optional]]
                optional += 1
            }
            if optional < order.count {
                scanAny(order, bounds, optional: optional, optionalBound: sum, start, end)
            }
            for group in groups { _ = seek(group, end &+ 1) }
            start = end &+ 1
        }
    }

    /// The documents of a filter that is rarer than the words: each is asked for its words, unless its block cannot win.
    private mutating func findAny(within filter: SegmentQuery.Group) {
        var document = first(filter)
        while document < limit {
            let end = blockEnd(filter, document)
            if best.isFull, highest(groups.reduce(UInt32(0), { $0 &+ bound($1, document, end) })) <= best.threshold {
                document = end == CursorSet.end ? end : seek(filter, end + 1)
                continue
            }
            while document <= end, document < limit {
                var score: UInt32 = 0
                for group in groups where seek(group, document) == document {
                    score &+= contribution(group, document)
                }
                offer(document, score)
                document = next(filter, document)
            }
        }
    }

    /// Windows follow the blocks of the words, but are not so short that bounds cost more than they save.
    private mutating func windowEnd(_ start: UInt32) -> UInt32 {
        let least = min(limit - 1, start &+ 1023)
        let end = groups.reduce(CursorSet.end) { min($0, blockEnd($1, start)) }
        return min(limit - 1, max(least, end))
    }

    private mutating func scanAny(
        _ order: [Int], _ bounds: [UInt32], optional: Int, optionalBound: UInt32, _ start: UInt32, _ end: UInt32
    ) {
        var document = CursorSet.end
        for index in optional..<order.count { document = min(document, seek(groups[order[index]], start)) }
        while document <= end {
            var score: UInt32 = 0
            var following = CursorSet.end
            for index in optional..<order.count {
                let group = groups[order[index]]
                var found = first(group)
                if found == document {
                    score &+= contribution(group, document)
                    found = next(group, document)
                }
                following = min(following, found)
            }
            var remaining = optionalBound
            var index = optional
            while index > 0, highest(score &+ remaining) > best.threshold {
                index -= 1
                let group = groups[order[index]]
                if seek(group, document) == document { score &+= contribution(group, document) }
                remaining &-= bounds[order[index]]
            }
            if index == 0 { offer(document, score) }
            document = following
        }
    }

    @inline(__always) private mutating func offer(_ document: UInt32, _ score: UInt32) {
        guard highest(score) > best.threshold else { return }
        for filter in required where seek(filter, document) != document { return }
        guard accepts(document) else { return }
        best.insert(document, score &+ (nearness?.bonus(score, Int(document)) ?? 0))
    }

    /// What a score can become at most.
    @inline(__always) private func highest(_ score: UInt32) -> UInt32 { isBoosted ? Nearness.highest(score) : score }

    // MARK: Groups: a document's best reading counts

    @inline(__always) private func first(_ group: SegmentQuery.Group) -> UInt32 {
        var least = cursors.document(group.lists.lowerBound)
        for index in group.lists.dropFirst() { least = min(least, cursors.document(index)) }
        return least
    }

    @inline(__always) private func seek(_ group: SegmentQuery.Group, _ target: UInt32) -> UInt32 {
        var least = cursors.seek(group.lists.lowerBound, target)
        for index in group.lists.dropFirst() { least = min(least, cursors.seek(index, target)) }
        return least
    }

    @inline(__always) private func next(_ group: SegmentQuery.Group, _ document: UInt32) -> UInt32 {
        var least = CursorSet.end
        for index in group.lists {
            let now = cursors.document(index)
            least = min(least, now == document ? cursors.next(index) : now)
        }
        return least
    }

    @inline(__always) private func contribution(_ group: SegmentQuery.Group, _ document: UInt32) -> UInt32 {
        var highest: UInt32 = 0
        for index in group.lists where cursors.document(index) == document {
            highest = max(highest, cursors.contribution(index))
        }
        return highest
    }

    @inline(__always) private func bound(_ group: SegmentQuery.Group, _ first: UInt32, _ last: UInt32) -> UInt32 {
        group.lists.reduce(0) { max($0, cursors.bound($1, first, last)) }
    }

    private func blockEnd(_ group: SegmentQuery.Group, _ document: UInt32) -> UInt32 {
        group.lists.reduce(CursorSet.end) { min($0, cursors.blockEnd($1, document)) }
    }
}
