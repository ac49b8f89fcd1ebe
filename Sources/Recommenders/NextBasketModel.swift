public import Domain
public import Features
import Foundation
public import Storage

/// The blend: what lies in somebody's next basket, from their own decayed counts and those of their nearest neighbours.
///
/// After TIFU-KNN (Hu et al., SIGIR 2020) and UP-CF (Faggioli et al., UMAP 2020), with a place for rhythm:
/// score = 0.7 · (own Σ 0.98^age) · (1 + due) / 2 + 0.1 · log(1 + baskets) + 0.3 · mean of √(decayed count) over the 100
/// nearest users (cosine of decayed counts) + 0.001 · share of all lines, with the shipped `Parameters`. Unknown users get the last
/// part alone. New items are ranked by `NewItemScorer` instead. History after training counts as any other.
public struct NextBasketModel: Recommender {
    public static let name = "blend"

    /// What the parts of a score weigh beside 0.7 for a person's own decayed count; `souk tune --shop` searches them.
    public struct Parameters: Hashable, Sendable {
        /// What a day leaves of a purchase, above 0 and at most 1.
        public var decay = 0.98
        /// What is left of an own item's decayed count while it is not due, 0...1.
        public var restingShare = 0.5
        /// Weight of log(1 + baskets that held the item).
        public var timesWeight = 0.1
        /// Weight of the neighbours' mean; roots count neighbours rather than purchases. Chosen on the cut of 2017-10-01.
        public var neighbourWeight = 0.3
        /// 1...`NewItemScorer.neighbourCount`.
        public var neighbourCount = 100
        /// What one neighbour's root weighs.
        var weightOfNeighbour: Double { neighbourWeight / Double(neighbourCount) }
        /// Weight of an item's share of all lines.
        public var shareWeight = 1e-3
        public init() {}
    }

    let parameters: Parameters
    let vectors: UserVectors
    let userNorms: [Double]
    /// Share of all lines before training, by item number.
    let shares: [Double]
    let ranking: [UInt32]
    let newItemScorer: NewItemScorer
    /// √(decayed count), by place in the user vectors.
    private let roots: [Float]

    init(_ parameters: Parameters, vectors: UserVectors, shares: [Double], newItemScorer: NewItemScorer) {
        (self.parameters, self.vectors) = (parameters, vectors)
        (self.shares, self.newItemScorer) = (shares, newItemScorer)
        userNorms = vectors.userNorms()
        roots = vectors.weights().map { $0.squareRoot() }
        ranking = shares.indices.filter { shares[$0] > 0 }.map { UInt32($0) }
            .sorted { (shares[Int($1)], $0) < (shares[Int($0)], $1) }
    }

    public static func train(_ set: TrainingSet) -> NextBasketModel {
        var counts = [Double](repeating: 0, count: set.itemLimit)
        for user in 0..<set.log.userLimit {
            for place in set.log.range(of: UserNumber(UInt32(user)), before: set.now) {
                counts[Int(set.log.items[place])] += 1
            }
        }
        let total = max(1, counts.reduce(0, +))
        let parameters = set.parameters.blend
        let vectors = UserVectors(set, decay: parameters.decay)
        return NextBasketModel(
            parameters, vectors: vectors, shares: counts.map { $0 / total },
            newItemScorer: NewItemScorer(set, vectors: vectors, decay: parameters.decay))
    }

    /// Trains on what lies before `cut` alone.
    public static func train(_ log: InteractionLog, before cut: Timestamp, facts: ItemFacts = ItemFacts())
        -> NextBasketModel
    {
        train(TrainingSet(log: log, facts: facts, now: cut))
    }

    /// Ten (or `limit`) items of any kind for somebody's next basket after `now`.
    public func topAny(
        _ user: UserNumber, _ limit: Int, log: InteractionLog, now: Timestamp, eligibility: Eligibility = .init()
    ) -> [ItemNumber] {
        let history = log.history(of: user, before: now)
        let context = RecommendationContext(now: now, user: user, history: history, eligibility: eligibility)
        return candidates(for: context, limit: limit).map(\.item)
    }

    /// The same among items that this person never had before `now`.
    public func topNew(
        _ user: UserNumber, _ limit: Int, log: InteractionLog, now: Timestamp, eligibility: Eligibility = .init()
    ) -> [ItemNumber] {
        let history = log.history(of: user, before: now)
        let context = RecommendationContext(now: now, user: user, history: history, eligibility: eligibility)
        return newItems(for: context, limit: limit).map(\.item)
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        candidates(for: context, PersonEvidence(context, blend: self), limit: limit)
    }

    /// Items that are not in the context's history.
    public func newItems(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        newItems(for: context, PersonEvidence(context, blend: self), limit: limit)
    }

    func newItems(for context: RecommendationContext, _ person: PersonEvidence, limit: Int) -> [ScoredItem] {
        let (own, nearest) = (person.own, person.nearest)
        var board = ScoreBoard(itemLimit: shares.count)
        if !nearest.isEmpty {
            newItemScorer.addScores(
                nearest, own: own, taste: person.taste, vectors: vectors, to: &board)
        }
        let owned = Set(own.entries.map(\.item))
        func allows(_ item: UInt32) -> Bool {
            !owned.contains(item) && context.eligibility.allows(ItemNumber(item))
        }
        var list = board.top(limit, allows: allows).map {
            ScoredItem(item: ItemNumber($0.item), score: $0.score, reason: .likeYou)
        }
        // What neighbours leave open is filled with what sells most; shares are far below any score above.
        for item in ranking where list.count < limit {
            guard board.scores[Int(item)] == 0, allows(item) else { continue }
            list.append(
                ScoredItem(item: ItemNumber(item), score: parameters.shareWeight * shares[Int(item)], reason: .popular))
        }
        return list
    }

    func candidates(for context: RecommendationContext, _ person: PersonEvidence, limit: Int) -> [ScoredItem] {
        let own = person.own
        let sums = neighbourSums(person.nearest.prefix(parameters.neighbourCount))
        let (weight, shareWeight) = (parameters.weightOfNeighbour, parameters.shareWeight)
        var best = TopItems(limit: limit)
        func offer(_ item: UInt32, _ score: Double) {
            guard best.mayEnter(item, score), context.eligibility.allows(ItemNumber(item)) else { return }
            best.insert(item, score)
        }
        func crowdScore(_ index: Int) -> Double { weight * Double(sums[index]) + shareWeight * shares[index] }
        // Own items first: most others score less than the last of them that enters.
        var isOwn = [Bool](repeating: false, count: shares.count)
        for entry in own.entries {
            let index = Int(entry.item)
            guard index < isOwn.count else {
                offer(entry.item, ownScore(entry))
                continue
            }
            isOwn[index] = true
            offer(entry.item, crowdScore(index) + ownScore(entry))
        }
        // What nobody near has, if it sells most.
        for item in ranking.prefix(limit + own.entries.count + 200) where sums[Int(item)] == 0 && !isOwn[Int(item)] {
            offer(item, shareWeight * shares[Int(item)])
        }
        let mostOfShare = ranking.first.map { shareWeight * shares[Int($0)] } ?? 0
        var place = 0
        while true {
            // What cannot enter whatever its share is passed over; without a weight the sums tell nothing.
            let least = weight > 0 ? Float((best.leastScore - mostOfShare) / weight).nextDown : 0
            guard let index = sums.firstPlace(from: place, above: max(0, least)) else { break }
            if !isOwn[index] { offer(UInt32(index), crowdScore(index)) }
            place = index + 1
        }
        var entries: [UInt32: PersonalCounts.Entry] = [:]
        for entry in own.entries { entries[entry.item] = entry }
        return best.sorted.map { item, score in
            let reason: Reason =
                entries[item].map { PersonalFrequencyModel.reason($0) }
                ?? (score > 2 * shareWeight ? .likeYou : .popular)
            return ScoredItem(item: ItemNumber(item), score: score, reason: reason)
        }
    }

    /// The sums that make the score of items for any place, in the order asked for.
    ///
    /// Complexity: O(purchases of the neighbours).
    func parts(
        of items: [ItemNumber], _ person: PersonEvidence
    ) -> [(item: ItemNumber, parts: [(part: RankerPart, value: Double)])] {
        let sums = neighbourSums(person.nearest.prefix(parameters.neighbourCount))
        let own = Dictionary(
            person.own.entries.map { ($0.item, ownScore($0)) }, uniquingKeysWith: { first, _ in first })
        return items.map { item in
            let isKnown = item.index < shares.count
            return (
                item,
                [
                    (.own, own[item.rawValue] ?? 0),
                    (.people, isKnown ? parameters.weightOfNeighbour * Double(sums[item.index]) : 0),
                    (.sales, isKnown ? parameters.shareWeight * shares[item.index] : 0),
                ]
            )
        }
    }

    /// The scores of items for any place, in the order asked for.
    ///
    /// Complexity: O(purchases of the neighbours).
    func scores(of items: [UInt32], _ person: PersonEvidence) -> [Double] {
        parts(of: items.map { ItemNumber($0) }, person).map { $0.parts.reduce(0) { $0 + $1.value } }
    }

    /// √(decayed count) of each item, summed over some users; shape `[items]`.
    private func neighbourSums(_ users: some Sequence<UInt32>) -> [Float] {
        var sums = [Float](repeating: 0, count: shares.count)
        // Safe: items of the vectors lie below their limit, which is the number of shares.
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            unsafe vectors.items.withUnsafeBufferPointer { items in
                unsafe roots.withUnsafeBufferPointer { roots in
                    for user in users {
                        for place in vectors.row(of: user) { unsafe sums[Int(items[place])] += roots[place] }
                    }
                }
            }
        }
        return sums
    }

    /// 0.7 · decayed count, down to a part of it while the item is not due, and a part for how often it was ever bought.
    private func ownScore(_ entry: PersonalCounts.Entry) -> Double {
        let gap = entry.meanGap ?? 30
        let due = 1 / (1 + exp(-4 * (entry.last / gap - 0.5)))
        let resting = parameters.restingShare
        return 0.7 * entry.decayed * (resting + (1 - resting) * due)
            + parameters.timesWeight * log(1 + Double(entry.times))
    }

    /// The users with the most similar decayed counts, nearest first.
    func neighbours(of own: PersonalCounts, user: UserNumber?, limit: Int) -> [UInt32] {
        var dots = [Double](repeating: 0, count: vectors.userCount)
        for entry in own.entries { vectors.addBuyers(of: Int(entry.item), times: entry.decayed, to: &dots) }
        var nearest = TopItems(limit: limit)
        for other in dots.indices where dots[other] > 0 && other != user?.index {
            nearest.insert(UInt32(other), dots[other] / max(1e-9, userNorms[other]))
        }
        return nearest.sorted.map(\.item)
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        vectors.store(in: &file)
        file.set("shares", shares)
        newItemScorer.store(in: &file)
        parameters.store(in: &file)
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        let vectors = try UserVectors(columns)
        let shares = try columns.doubles("shares")
        guard shares.count == vectors.itemLimit else { throw columns.damaged("its items do not fit together") }
        self.init(
            try Parameters(columns), vectors: vectors, shares: shares,
            newItemScorer: try NewItemScorer(columns, vectors: vectors))
    }
}

extension NextBasketModel.Parameters {
    private static let column = "blend_parameters"

    fileprivate func store(in file: inout ColumnFile) {
        file.set(
            Self.column,
            [decay, restingShare, timesWeight, neighbourWeight, Double(neighbourCount), shareWeight])
    }

    /// Those that are shipped where the file, of an earlier version, names none.
    fileprivate init(_ file: ColumnFile) throws(StorageError) {
        self.init()
        guard file.columns[Self.column] != nil else { return }
        let values = try file.doubles(Self.column)
        guard values.count == 6, values.allSatisfy({ $0.isFinite && $0 >= 0 }), values[0] > 0, values[0] <= 1,
            values[1] <= 1, let count = Int(exactly: values[4]), (1...NewItemScorer.neighbourCount).contains(count)
        else { throw file.damaged("its parameters are out of range") }
        (decay, restingShare, timesWeight) = (values[0], values[1], values[2])
        (neighbourWeight, neighbourCount, shareWeight) = (values[3], count, values[5])
    }
}

extension [Float] {
    /// The first place from `start` on whose number is above a bound; `nil` if there is none.
    fileprivate func firstPlace(from start: Int, above bound: Float) -> Int? {
        var place = start
        let bounds = SIMD16(repeating: bound)
        // Safe: blocks of sixteen end within the numbers.
        unsafe withUnsafeBytes { bytes in
            while place + 16 <= count {
                let block = unsafe bytes.loadUnaligned(fromByteOffset: 4 * place, as: SIMD16<Float>.self)
                if any(block .> bounds) { return }
                place += 16
            }
        }
        while place < count {
            if self[place] > bound { return place }
            place += 1
        }
        return nil
    }
}
