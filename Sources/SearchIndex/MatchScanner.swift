/// Finds every document of a segment that matches, window by window of 4,096 documents, so that all that is written to
/// stays in the processor's nearest cache.
@safe struct MatchScanner: ~Copyable {
    static let window = 4096
    private static let words = window / 64

    /// The matches of one window: documents in rising order, with their scores.
    ///
    /// Valid only while the closure runs that it is given to.
    @safe struct Batch {
        let count: Int
        @unsafe fileprivate let documents: UnsafeMutablePointer<UInt32>
        @unsafe fileprivate let scores: UnsafeMutablePointer<UInt32>

        @inline(__always) func document(_ place: Int) -> UInt32 { unsafe documents[place] }
        @inline(__always) func score(_ place: Int) -> UInt32 { unsafe scores[place] }
    }

    private let query: SegmentQuery
    private let dead: DocumentSet
    private let gains: NeighbourGains?
    private let words: WordParts?
    private let nearness: Nearness?
    /// Neighbours that may join without holding any of the words, in rising order.
    private let joining: [UInt32]
    private let count: Int
    /// The one of `joining` that the next window begins with.
    private var nextJoining = 0
    /// How many documents were found as neighbours alone.
    private(set) var admitted = 0
    @unsafe private let scores: UnsafeMutablePointer<UInt32>
    @unsafe private let best: UnsafeMutablePointer<UInt32>
    @unsafe private let covered: UnsafeMutablePointer<UInt32>
    @unsafe private let matched: UnsafeMutablePointer<UInt64>
    @unsafe private let inGroup: UnsafeMutablePointer<UInt64>
    @unsafe private let unpacked: UnsafeMutablePointer<UInt32>
    @unsafe private let found: UnsafeMutablePointer<UInt32>
    @unsafe private let foundScores: UnsafeMutablePointer<UInt32>
    /// By list: the block that the next window begins with.
    private var places: [Int]

    /// - Parameters:
    ///   - gains: What documents gain from meaning something near to the query.
    ///   - admission: The cosine from which on neighbours join that hold none of the words; `nil` if none may.
    ///   - words: What the words' scores count beside `gains`, with `nearness` among them; `nil` if they count as they are.
    init(
        _ query: SegmentQuery, dead: DocumentSet, gains: NeighbourGains? = nil, admission: Float? = nil,
        words: WordParts? = nil, nearness: Nearness? = nil
    ) {
        (self.query, self.dead, count) = (query, dead, query.segment.count)
        (self.words, self.nearness) = (words, nearness)
        self.gains = gains
        joining = admission.flatMap { gains?.documents(in: query.segment, atLeast: $0) } ?? []
        unsafe scores = .allocate(capacity: Self.window)
        unsafe best = .allocate(capacity: Self.window)
        unsafe covered = .allocate(capacity: Self.window)
        unsafe matched = .allocate(capacity: Self.words)
        unsafe inGroup = .allocate(capacity: Self.words)
        unsafe unpacked = .allocate(capacity: PostingBlock.capacity)
        unsafe found = .allocate(capacity: Self.window)
        unsafe foundScores = .allocate(capacity: Self.window)
        unsafe best.initialize(repeating: 0, count: Self.window)
        places = Array(repeating: 0, count: query.lists.count)
    }

    deinit {
        unsafe scores.deallocate()
        unsafe best.deallocate()
        unsafe covered.deallocate()
        unsafe unpacked.deallocate()
        unsafe found.deallocate()
        unsafe foundScores.deallocate()
        unsafe matched.deallocate()
        unsafe inGroup.deallocate()
    }

    // MARK: What matches

    /// Calls `body` with the documents that hold every word.
    mutating func forEachComplete(_ body: (Batch) -> Void) {
        forEachComplete(mayWin: { _ in true }, body)
    }

    /// The same without windows whose documents cannot score enough.
    ///
    /// - Parameter mayWin: Whether a document of so high a score is still wanted.
    mutating func forEachComplete(mayWin: (UInt32) -> Bool, _ body: (Batch) -> Void) {
        guard query.canMatchAll else { return }
        let order = query.groups.indices.sorted { query.groups[$0].count < query.groups[$1].count }
        rewind()
        var base = 0
        while let next = nextWindow(of: order[0], from: base) {
            base = next
            if mayWin(bound(base)) {
                unsafe scores.initialize(repeating: 0, count: Self.window)
                unsafe matched.initialize(repeating: .max, count: Self.words)
                var isLost = false
                for group in order where !isLost { isLost = !intersect(group, base: base) }
                if !isLost {
                    removeDead(base)
                    finish(base, body)
                }
            }
            base += Self.window
        }
    }

    /// The most that the words can give a document of a window.
    private mutating func bound(_ base: Int) -> UInt32 {
        var sum: UInt32 = 0
        for group in query.groups {
            var highest: UInt32 = 0
            for index in group.lists {
                let list = query.lists[index]
                var place = list.block(from: places[index], reaching: UInt32(base))
                places[index] = place
                while place < list.blockCount, Int(list.block(place).first) < base + Self.window {
                    highest = max(highest, UInt32(list.block(place).maximum) &* list.unit)
                    place += 1
                }
            }
            sum &+= highest
        }
        return sum
    }

    /// The most that any living document's words say together.
    mutating func highestCoverage() -> UInt32 {
        var highest: UInt32 = 0
        forEachPartialWindow { scanner, _ in
            scanner.forEachBit { highest = unsafe max(highest, scanner.covered[$0]) }
        }
        return highest
    }

    /// Calls `body` with the documents whose words say at least `least` together, their scores discounted by what they lack.
    ///
    /// - Parameter total: What all words of the query say.
    mutating func forEachPartial(atLeast least: UInt32, of total: UInt32, _ body: (Batch) -> Void) {
        forEachPartialWindow { scanner, base in
            scanner.forEachBit { place in
                let covered = unsafe scanner.covered[place]
                if covered < least { unsafe scanner.matched[place >> 6] &= ~(1 << UInt64(place & 63)) }
                if covered < total {
                    let share = Float(covered) / Float(total)
                    unsafe scanner.scores[place] = UInt32(Float(scanner.scores[place]) * share)
                }
            }
            scanner.finish(base, body)
        }
    }

    /// Calls `body` with the documents that hold any word.
    mutating func forEachAny(_ body: (Batch) -> Void) {
        forEachPartialWindow { scanner, base in scanner.finish(base, body) }
    }

    /// Calls `body` with all documents; the score is the popularity.
    mutating func forEachDocument(_ body: (Batch) -> Void) {
        for base in stride(from: 0, to: count, by: Self.window) {
            unsafe matched.initialize(repeating: .max, count: Self.words)
            clearBeyondEnd(base)
            removeDead(base)
            for place in 0..<min(Self.window, count - base) {
                unsafe scores[place] = UInt32(query.segment.popularity[base + place] * Score.one)
            }
            emit(base: base, body)
        }
    }

    private mutating func forEachPartialWindow(_ body: (inout MatchScanner, Int) -> Void) {
        rewind()
        for base in stride(from: 0, to: count, by: Self.window) {
            unsafe scores.initialize(repeating: 0, count: Self.window)
            unsafe covered.initialize(repeating: 0, count: Self.window)
            unsafe matched.initialize(repeating: 0, count: Self.words)
            for group in query.groups.indices { unite(group, base: base) }
            removeDead(base)
            body(&self, base)
        }
    }

    private mutating func finish(_ base: Int, _ body: (Batch) -> Void) {
        if !joining.isEmpty { join(base) }
        if let words { replace(by: words, base) }
        if let gains { add(gains, base) }
        emit(base: base, body)
    }

    /// Adds the window's neighbours that hold no word of the query to the matches.
    private mutating func join(_ base: Int) {
        while nextJoining < joining.count, Int(joining[nextJoining]) < base { nextJoining += 1 }
        while nextJoining < joining.count, Int(joining[nextJoining]) < base + Self.window {
            let document = Int(joining[nextJoining])
            nextJoining += 1
            let word = (document - base) >> 6
            let bit: UInt64 = 1 << UInt64((document - base) & 63)
            guard unsafe matched[word] & bit == 0, !dead.contains(document) else { continue }
            unsafe matched[word] |= bit
            admitted += 1
        }
    }

    /// Gives the window's matches what their words' scores count beside meaning.
    private func replace(by words: WordParts, _ base: Int) {
        forEachBit { place in
            let score = unsafe scores[place]
            let bonus = nearness?.bonus(score, base + place) ?? 0
            unsafe scores[place] = words.part(score &+ bonus)
        }
    }

    /// Adds what the window's matches gain from being near.
    private func add(_ gains: NeighbourGains, _ base: Int) {
        unsafe query.segment.numbers.withElements { numbers in
            forEachBit { place in unsafe scores[place] &+= gains.gain(of: numbers[base + place]) }
        }
    }

    // MARK: One word in one window

    private mutating func rewind() {
        for index in places.indices { places[index] = 0 }
        nextJoining = 0
    }

    /// The start of the next window in which a group has postings.
    private mutating func nextWindow(of group: Int, from base: Int) -> Int? {
        var nearest = Int.max
        for index in query.groups[group].lists {
            let list = query.lists[index]
            let block = list.block(from: places[index], reaching: UInt32(base))
            places[index] = block
            if block < list.blockCount { nearest = min(nearest, max(base, Int(list.block(block).first))) }
        }
        return nearest < count ? nearest / Self.window * Self.window : nil
    }

    /// Adds a group's contributions and keeps only what it holds; returns whether anything is left.
    private mutating func intersect(_ group: Int, base: Int) -> Bool {
        let lists = query.groups[group].lists
        unsafe inGroup.initialize(repeating: 0, count: Self.words)
        for index in lists { scatter(index, base: base, isAlone: lists.count == 1, skipsUnmatched: true) }
        var left: UInt64 = 0
        for word in 0..<Self.words {
            unsafe matched[word] &= inGroup[word]
            unsafe left |= matched[word]
        }
        if lists.count > 1 { unsafe forEachBit(in: inGroup) { takeBest($0) } }
        return left != 0
    }

    private mutating func unite(_ group: Int, base: Int) {
        let lists = query.groups[group].lists
        let information = query.groups[group].information
        unsafe inGroup.initialize(repeating: 0, count: Self.words)
        for index in lists { scatter(index, base: base, isAlone: lists.count == 1, skipsUnmatched: false) }
        unsafe forEachBit(in: inGroup) { place in
            if lists.count > 1 { takeBest(place) }
            unsafe covered[place] &+= information
        }
        for word in 0..<Self.words { unsafe matched[word] |= inGroup[word] }
    }

    @inline(__always) private func takeBest(_ place: Int) {
        unsafe scores[place] &+= best[place]
        unsafe best[place] = 0
    }

    /// Writes a list's postings of the window to the scores if it is the word's only reading, else to the best of readings.
    private mutating func scatter(_ index: Int, base: Int, isAlone: Bool, skipsUnmatched: Bool) {
        let list = query.lists[index]
        let end = base + Self.window
        var place = list.block(from: places[index], reaching: UInt32(base))
        while place < list.blockCount {
            let block = list.block(place)
            guard Int(block.first) < end else { break }
            if !skipsUnmatched || mayMatch(block, base: base) {
                scatter(block, of: list, base: base, isAlone: isAlone)
            }
            // A block that reaches into the next window is read there again.
            if Int(block.last) >= end { break }
            place += 1
        }
        places[index] = place
    }

    private func mayMatch(_ block: PostingBlock, base: Int) -> Bool {
        let first = max(0, Int(block.first) - base) >> 6
        let last = min(Self.window - 1, Int(block.last) - base) >> 6
        for word in first...last where unsafe matched[word] != 0 { return true }
        return false
    }

    private func scatter(_ block: PostingBlock, of list: PostingList, base: Int, isAlone: Bool) {
        unsafe list.unpack(block, to: unpacked)
        let impacts = unsafe list.impacts(block)
        var (start, end) = (0, block.count)
        let origin = UInt32(base)
        if block.first < origin { while unsafe unpacked[start] < origin { start += 1 } }
        if Int(block.last) >= base + Self.window {
            while unsafe Int(unpacked[end - 1]) >= base + Self.window { end -= 1 }
        }
        let unit = list.unit
        for index in start..<max(start, end) {
            let place = unsafe Int(unpacked[index] &- origin)
            let gain = unsafe UInt32(impacts[index]) &* unit
            unsafe inGroup[place >> 6] |= 1 << UInt64(place & 63)
            if isAlone { unsafe scores[place] &+= gain } else { unsafe best[place] = max(best[place], gain) }
        }
    }

    // MARK: What was found

    private func removeDead(_ base: Int) { unsafe dead.remove(from: matched, base: base, words: Self.words) }

    private func clearBeyondEnd(_ base: Int) {
        for place in stride(from: count - base, to: Self.window, by: 1) where place >= 0 {
            unsafe matched[place >> 6] &= ~(1 << UInt64(place & 63))
        }
    }

    private func emit(base: Int, _ body: (Batch) -> Void) {
        var number = 0
        forEachBit { place in
            unsafe found[number] = UInt32(base + place)
            unsafe foundScores[number] = scores[place]
            number += 1
        }
        guard number > 0 else { return }
        unsafe body(Batch(count: number, documents: found, scores: foundScores))
    }

    @inline(__always) private func forEachBit(_ body: (Int) -> Void) { unsafe forEachBit(in: matched, body) }

    @inline(__always) private func forEachBit(in bits: UnsafeMutablePointer<UInt64>, _ body: (Int) -> Void) {
        for word in 0..<Self.words {
            var rest = unsafe bits[word]
            while rest != 0 {
                body(word << 6 | rest.trailingZeroBitCount)
                rest &= rest &- 1
            }
        }
    }
}
