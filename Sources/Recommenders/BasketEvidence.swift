import Domain
import Features
import Foundation
import Storage

/// All that the stacked ranker's features are computed from: what a log before a moment says of people and items.
struct BasketEvidence: Sendable {
    let blend: NextBasketModel
    let items: BasketItems
    /// Items that the same people buy, among those that sell most.
    let together: NeighbourTable
    private let similarity: DampedSimilarity
    private let voices: NeighbourVoices

    init(_ set: TrainingSet) {
        blend = NextBasketModel.train(set)
        items = BasketItems(set)
        together = CoPurchase.table(blend.vectors, isCandidate: blend.newItemScorer.isCandidate)
        similarity = DampedSimilarity(blend.vectors)
        voices = NeighbourVoices(blend.vectors, scorer: blend.newItemScorer)
    }

    /// The rows of `candidates`, one after the other; shape `[candidates, BasketFeature.count]`.
    ///
    /// - Parameter proposals: Where the first stage puts each candidate.
    /// Complexity: O(buyers of the person's items + buyers of the candidates).
    func rows(
        of candidates: [UInt32], proposals: [Proposal], for context: RecommendationContext, _ person: PersonEvidence
    ) -> [Float] {
        let habits = PersonHabits(context.history, now: context.now, items: items)
        var slots = [Int32](repeating: -1, count: blend.vectors.itemLimit)
        for (place, item) in candidates.enumerated() where Int(item) < slots.count { slots[Int(item)] = Int32(place) }
        let weighted = similarity.nearest(
            to: person.own, user: context.user, vectors: blend.vectors, limit: NewItemScorer.neighbourCount)
        let voices = voices.features(
            of: candidates, plain: person.nearest, weighted: weighted, vectors: blend.vectors)
        // An item that is asked for twice has one slot.
        let linked = coPurchases(slots, count: candidates.count, person.own, habits: habits)
        var rows: [Float] = []
        rows.reserveCapacity(candidates.count * BasketFeature.count)
        var row = FeatureRow()
        for (place, item) in candidates.enumerated() {
            row.setPerson(habits)
            row.setItem(item, items: items)
            row.setOwn(habits.own[item], habits: habits)
            row.setGroups(item, habits: habits, items: items)
            row.setVoices(
                voices[place], coPurchase: Int(item) < slots.count ? linked[Int(slots[Int(item)])] : 0,
                taste: blend.newItemScorer.taste.score(item, person.taste))
            row[.proposal] = Float(proposals[place].score)
            row[.proposalPlace] = Float(proposals[place].place)
            rows.append(contentsOf: row.values)
        }
        return rows
    }

    /// For each slot the mean co-purchase with what the person bought lately.
    private func coPurchases(
        _ slots: [Int32], count: Int, _ counts: PersonalCounts, habits: PersonHabits
    ) -> [Float] {
        var sums = [Float](repeating: 0, count: count)
        var total: Float = 0
        for item in counts.entries.lazy.map(\.item) where !together.row(item).isEmpty {
            guard let own = habits.own[item] else { continue }
            // Between the decayed counts of 14 and 30 days lies that of 21.
            let weight = 0.5 * (own.decays[1] + own.decays[2])
            total += weight
            for place in together.row(item) {
                let slot = Int(slots[Int(together.others[place])])
                if slot >= 0 { sums[slot] += weight * together.weights[place] }
            }
        }
        return sums.map { $0 / (total.squareRoot() + 0.5) }
    }

    func store(in file: inout ColumnFile) {
        for (name, column) in blend.columns().columns { file.columns[name] = column }
        items.store(in: &file)
        together.store(in: &file)
    }

    init(_ file: ColumnFile) throws(StorageError) {
        let (blend, items) = (try NextBasketModel(file), try BasketItems(file))
        let together = try NeighbourTable(file)
        guard items.itemLimit == blend.vectors.itemLimit, together.rowCount == items.itemLimit,
            together.others.allSatisfy({ Int($0) < items.itemLimit })
        else { throw file.damaged("its parts do not fit together") }
        (self.blend, self.items, self.together) = (blend, items, together)
        similarity = DampedSimilarity(blend.vectors)
        voices = NeighbourVoices(blend.vectors, scorer: blend.newItemScorer)
    }
}

/// Cosine of log(1 + decayed count) · log(users / buyers): what is common says little of taste.
struct DampedSimilarity: Sendable {
    /// By item.
    private let weights: [Float]
    private let norms: [Float]
    /// By posting: log(1 + decayed count) · weight of the item, squared weight included.
    private let postings: [Float]

    init(_ vectors: UserVectors) {
        var weights = [Float](repeating: 0, count: vectors.itemLimit)
        var sums = [Float](repeating: 0, count: vectors.userCount)
        var postings: [Float] = []
        postings.reserveCapacity(vectors.items.count)
        for item in 0..<vectors.itemLimit {
            let range = vectors.postings(of: item)
            guard !range.isEmpty else { continue }
            let weight = max(0, log(Float(vectors.userCount) / Float(1 + range.count)))
            weights[item] = weight
            for place in range {
                let (user, count) = vectors.posting(place)
                let value = log(1 + Float(count)) * weight
                sums[Int(user)] += value * value
                postings.append(value * weight)
            }
        }
        (self.weights, self.postings) = (weights, postings)
        norms = sums.map { max(1e-9, $0.squareRoot()) }
    }

    /// The most similar users, nearest first, with their similarity up to a factor of the asking user.
    func nearest(
        to own: PersonalCounts, user: UserNumber?, vectors: UserVectors, limit: Int
    ) -> [(item: UInt32, score: Double)] {
        var dots = [Float](repeating: 0, count: vectors.userCount)
        for entry in own.entries {
            let value = log(1 + Float(entry.decayed))
            let range = vectors.postings(of: Int(entry.item))
            // Safe: users of postings lie below their count, and each posting has a value here.
            unsafe dots.withUnsafeMutableBufferPointer { dots in
                unsafe vectors.postingUsers.withUnsafeBufferPointer { users in
                    unsafe postings.withUnsafeBufferPointer { postings in
                        for place in range { unsafe dots[Int(users[place])] += value * postings[place] }
                    }
                }
            }
        }
        var nearest = TopItems(limit: limit)
        for other in dots.indices where dots[other] > 0 && other != user?.index {
            nearest.insert(UInt32(other), Double(dots[other] / norms[other]))
        }
        return nearest.sorted
    }
}

/// Items that the same people buy: common buyers / (√(product of buyers) + 10).
enum CoPurchase {
    private static let rowLimit = 60

    /// A row for every item; only those that `isCandidate` marks have neighbours and are some.
    static func table(_ vectors: UserVectors, isCandidate: [UInt8]) -> NeighbourTable {
        let chosen = (0..<vectors.itemLimit).filter { isCandidate[$0] == 1 }
        var dense = [Int32](repeating: -1, count: vectors.itemLimit)
        for (place, item) in chosen.enumerated() { dense[item] = Int32(place) }
        let rows: [[Int32]] = (0..<vectors.userCount).map { user in
            vectors.row(of: UInt32(user)).compactMap { place in
                let number = dense[Int(vectors.items[place])]
                return number >= 0 ? number : nil
            }
        }
        let buyers = chosen.map { Float(vectors.postings(of: $0).count) }
        var table = NeighbourTable()
        var counts = [Float](repeating: 0, count: chosen.count)
        for item in 0..<vectors.itemLimit {
            let own = Int(dense[item])
            guard own >= 0 else {
                table.append([])
                continue
            }
            for place in counts.indices { counts[place] = 0 }
            for place in vectors.postings(of: item) {
                for other in rows[Int(vectors.posting(place).user)] { counts[Int(other)] += 1 }
            }
            var best = TopItems(limit: rowLimit)
            for other in counts.indices where counts[other] > 0 && other != own {
                let value = counts[other] / ((buyers[own] * buyers[other]).squareRoot() + 10)
                best.insert(UInt32(chosen[other]), Double(value))
            }
            table.append(best.sorted)
        }
        return table
    }
}
