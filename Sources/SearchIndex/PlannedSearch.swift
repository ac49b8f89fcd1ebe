import Domain

/// Runs a plan over the segments of a snapshot.
struct PlannedSearch {
    /// All words are demanded first. If that finds fewer than `enough` documents, those that hold most of what the query
    /// says join them, discounted by what they lack.
    static let enough = 10
    /// A partial match says at least this share of what the best match says.
    static let leastCoverage: Float = 0.6

    /// A word with more readings in a segment is scanned and not skimmed.
    private static let fewReadings = 4

    private let plan: QueryPlan
    /// A segment with what the plan is in it.
    private struct Target {
        let part: SearchSnapshot.Part
        let query: SegmentQuery
    }

    private let targets: [Target]
    private let request: SearchRequest
    private let offers: OfferColumns
    private(set) var collector: Collector
    /// Whether documents are among the matches that lack words of the query.
    private(set) var isPartial = false
    /// Whether documents are among the matches that hold no word of the query, but mean something near to it.
    private(set) var hasNeighbours = false
    private let gains: NeighbourGains?
    private let fusion: Fusion
    private let highest: Float
    /// What the words' scores count, where the fusion compares them; of what was collected last.
    private(set) var words: WordParts?

    init(
        plan: QueryPlan, snapshot: SearchSnapshot, request: SearchRequest, offers: OfferColumns,
        neighbours: Neighbours? = nil, fusion: Fusion = .additive()
    ) {
        (self.plan, self.offers, self.fusion) = (plan, offers, fusion)
        self.request = request
        let parts = plan.excluded.isEmpty ? snapshot.parts : snapshot.parts.map { $0.without(plan.excluded) }
        let targets = parts.map { Target(part: $0, query: SegmentQuery(plan, $0.segment)) }
        self.targets = targets
        let highest = neighbours == nil ? Score.one : plan.highestScore(targets.map(\.query))
        gains = neighbours.map { NeighbourGains($0, fusion, highest: highest) }
        self.highest = highest
        collector = Collector(request: request, offers: offers)
    }

    mutating func run() {
        guard !plan.groups.isEmpty || !plan.missing.isEmpty else {
            for target in targets { collect(target) { $0.forEachDocument($1) } }
            return
        }
        let isPlain = gains == nil && request.weights.isEmpty && !request.groupsVariants
        if isPlain, !request.countsMatches, request.sort == .relevance, findBest() { return }
        if request.matching == .any {
            isPartial = !plan.missing.isEmpty
            compareWords { $0.forEachAny($1) }
            for target in targets { collect(target) { $0.forEachAny($1) } }
            return
        }
        let before = collector
        var complete = 0
        compareWords { $0.forEachComplete($1) }
        for target in targets where target.query.canMatchAll {
            complete += collect(target) { $0.forEachComplete($1) }
        }
        let demandsAll = isEnough(complete)
        isPartial = !demandsAll && plan.groups.count > 1 || !plan.missing.isEmpty
        // What the filters hold back is nothing that is found.
        let widens = gains != nil && request.admitsNeighbours && min(complete, collector.matches) < Self.enough
        guard widens || !demandsAll && plan.groups.count > 1 else { return }
        collector = before
        collectPartial(hasComplete: complete > 0, demandsAll: demandsAll, widens: widens)
    }

    /// Whether so many complete matches need no others beside them.
    private func isEnough(_ complete: Int) -> Bool {
        request.matching == .all || complete >= Self.enough
            // In another order than by relevance, what lacks words is not discounted and might come first.
            || (complete > 0 && (request.isPrefix || plan.groups.count == 1 || request.sort != .relevance))
    }

    /// Collects what `scan` finds and returns how many documents it found, before filters.
    ///
    /// - Parameter widens: Whether neighbours join that hold none of the words; they are not counted here.
    @discardableResult
    private mutating func collect(
        _ target: Target, widens: Bool = false, _ scan: (inout MatchScanner, (MatchScanner.Batch) -> Void) -> Void
    ) -> Int {
        var pass = Collector.Pass(request, target.part.segment, plan)
        let admission = plan.groups.isEmpty ? Neighbours.lastResort : Neighbours.admission
        // Words side by side count for the words alone where these are compared.
        let nearness = words == nil ? nil : pass.takeNearness()
        var scanner = MatchScanner(
            target.query, dead: target.part.dead, gains: gains, admission: widens ? admission : nil, words: words,
            nearness: nearness)
        var count = 0
        scan(&scanner) { batch in
            count += batch.count
            collector.collect(pass, batch)
        }
        collector.finish(pass)
        if scanner.admitted > 0 { hasNeighbours = true }
        return count - scanner.admitted
    }

    /// - Parameter demandsAll: Whether only what holds all words is collected, and neighbours if `widens`.
    private mutating func collectPartial(hasComplete: Bool, demandsAll: Bool, widens: Bool) {
        let total = plan.groups.reduce(UInt32(0)) { $0 + SegmentQuery.information($1) }
        var highest = hasComplete ? total : 0
        if !hasComplete {
            for target in targets {
                var scanner = MatchScanner(target.query, dead: target.part.dead)
                highest = max(highest, scanner.highestCoverage())
            }
        }
        let least = demandsAll && hasComplete ? highest : UInt32((Float(highest) * Self.leastCoverage).rounded(.up))
        compareWords { $0.forEachPartial(atLeast: max(1, least), of: total, $1) }
        for target in targets {
            collect(target, widens: widens) { $0.forEachPartial(atLeast: max(1, least), of: total, $1) }
        }
    }

    /// Reads the words' scores of all that `scan` finds, before filters, if the fusion compares an item's with them.
    private mutating func compareWords(
        _ scan: (inout MatchScanner, (MatchScanner.Batch) -> Void) -> Void
    ) {
        guard fusion.comparesWords, gains != nil else { return }
        var scores = WordScores()
        for target in targets {
            let nearness = request.boostsNearness ? Nearness(plan, target.part.segment) : nil
            var scanner = MatchScanner(target.query, dead: target.part.dead)
            scan(&scanner) { batch in
                for place in 0..<batch.count {
                    let score = batch.score(place)
                    scores.offer(score &+ (nearness?.bonus(score, Int(batch.document(place))) ?? 0))
                }
            }
        }
        scores.close()
        words = WordParts(scores, fusion, highest: highest)
    }

    /// Finds the best documents that hold all words without counting the others; returns whether there are enough.
    private mutating func findBest() -> Bool {
        let before = collector
        let anyWord = request.matching == .any
        for target in targets where anyWord ? target.query.canMatchAny : target.query.canMatchAll {
            let pass = Collector.Pass(request, target.part.segment, plan)
            let lists = pass.filterLists
            if let lists, lists.contains(where: \.isEmpty) { continue }
            let hasManyReadings = !anyWord && target.query.groups.contains { $0.lists.count > Self.fewReadings }
            collector.take(hasManyReadings ? scanned(target, pass) : skimmed(target, pass, filters: lists), pass)
        }
        if anyWord || isEnough(collector.total) {
            isPartial = !plan.missing.isEmpty
            return true
        }
        collector = before
        return false
    }

    private var capacity: Int { max(Self.enough, request.offset + request.limit) }

    /// The best documents, found by passing over those that cannot be among them.
    private func skimmed(_ target: Target, _ pass: Collector.Pass, filters: [[PostingList]]?) -> TopDocuments {
        let dead = target.part.dead
        var scorer = TopScorer(
            target.query, required: filters ?? [], nearness: pass.nearness, capacity: capacity
        ) { [request, offers] in
            !dead.contains(Int($0)) && pass.accepts(Int($0), request, offers, checksFilters: filters == nil)
        }
        if request.matching == .any { scorer.findAny() } else { scorer.findAll() }
        return scorer.best
    }

    /// The same, found window by window: faster where a word has so many readings, as the beginning of one has, that their
    /// blocks end everywhere.
    private func scanned(_ target: Target, _ pass: Collector.Pass) -> TopDocuments {
        var best = TopDocuments(capacity: capacity)
        func mayWin(_ score: UInt32) -> Bool {
            (pass.nearness == nil ? score : Nearness.highest(score)) > best.threshold
        }
        var scanner = MatchScanner(target.query, dead: target.part.dead)
        scanner.forEachComplete(mayWin: mayWin) { batch in
            for place in 0..<batch.count {
                let (document, score) = (batch.document(place), batch.score(place))
                guard mayWin(score), pass.accepts(Int(document), request, offers, checksFilters: true) else { continue }
                best.insert(document, score &+ (pass.nearness?.bonus(score, Int(document)) ?? 0))
            }
        }
        return best
    }
}

extension SearchSnapshot.Part {
    /// The part with the documents taken out that hold one of some terms.
    fileprivate func without(_ terms: [[UInt8]]) -> Self {
        var part = self
        for term in terms {
            guard let found = segment.terms.find(term) else { continue }
            let cursors = CursorSet([segment.postings.list(found, weight: 1)])
            while cursors.document(0) != CursorSet.end {
                part.dead.insert(Int(cursors.document(0)))
                cursors.next(0)
            }
        }
        return part
    }
}
