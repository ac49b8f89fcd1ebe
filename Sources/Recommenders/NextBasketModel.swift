public import Domain
public import Features
import Foundation
public import Storage

/// The hybrid: what lies in somebody's next basket, from their own decayed counts and those of their nearest neighbours.
///
/// score = 0.7 · own Σ 0.98^age + 0.3 · mean over the 100 nearest users (cosine of decayed counts) + 0.001 · share of all
/// lines. Unknown users get the last part alone. History after training counts as any other.
public struct NextBasketModel: Recommender {
    public static let name = "hybrid"
    static let decay = 0.98
    static let neighbourCount = 100

    let vectors: UserVectors
    let userNorms: [Double]
    /// Share of all lines before training, by item number.
    let shares: [Double]
    let ranking: [UInt32]

    init(vectors: UserVectors, shares: [Double]) {
        (self.vectors, self.shares) = (vectors, shares)
        userNorms = vectors.userNorms()
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
        return NextBasketModel(vectors: UserVectors(set, decay: decay), shares: counts.map { $0 / total })
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
        answer(context, limit: limit, onlyNew: false)
    }

    /// Items that are not in the context's history.
    public func newItems(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        answer(context, limit: limit, onlyNew: true)
    }

    private func answer(_ context: RecommendationContext, limit: Int, onlyNew: Bool) -> [ScoredItem] {
        let own = PersonalCounts(context.history, now: context.now, decay: Self.decay)
        let ownWeight = onlyNew ? 0 : 0.7
        var board = ScoreBoard(itemLimit: max(shares.count, own.entries.last.map { Int($0.item) + 1 } ?? 0))
        for entry in own.entries { board.add(entry.item, ownWeight * entry.decayed) }
        for (item, weight) in neighbourMeans(own, user: context.user) { board.add(item, 0.3 * weight) }
        for item in ranking.prefix(limit + own.entries.count + 200) { board.add(item, 0) }
        for item in board.touched where Int(item) < shares.count { board.add(item, 1e-3 * shares[Int(item)]) }
        var personal: [UInt32: PersonalCounts.Entry] = [:]
        for entry in own.entries { personal[entry.item] = entry }
        let top = board.top(limit) {
            (!onlyNew || personal[$0] == nil) && context.eligibility.allows(ItemNumber($0))
        }
        return top.map { item, score in
            let reason: Reason =
                personal[item].map { PersonalFrequencyModel.reason($0) } ?? (score > 2e-3 ? .likeYou : .popular)
            return ScoredItem(item: ItemNumber(item), score: score, reason: reason)
        }
    }

    /// Mean decayed counts of the nearest users, by item.
    private func neighbourMeans(_ own: PersonalCounts, user: UserNumber?) -> [(UInt32, Double)] {
        var dots = [Double](repeating: 0, count: vectors.userCount)
        for entry in own.entries {
            for place in vectors.postings(of: Int(entry.item)) {
                let posting = vectors.posting(place)
                dots[Int(posting.user)] += entry.decayed * posting.weight
            }
        }
        var nearest = TopItems(limit: Self.neighbourCount)
        for other in dots.indices where dots[other] > 0 && other != user?.index {
            nearest.insert(UInt32(other), dots[other] / max(1e-9, userNorms[other]))
        }
        var board = ScoreBoard(itemLimit: vectors.itemLimit)
        for (other, _) in nearest.sorted {
            for place in vectors.row(of: other) { board.add(vectors.items[place], Double(vectors.weights[place])) }
        }
        return board.touched.map { ($0, board.scores[Int($0)] / Double(Self.neighbourCount)) }
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        vectors.store(in: &file)
        file.set("shares", shares)
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        let vectors = try UserVectors(columns)
        let shares = try columns.doubles("shares")
        guard shares.count == vectors.itemLimit else { throw columns.damaged("its items do not fit together") }
        self.init(vectors: vectors, shares: shares)
    }
}
