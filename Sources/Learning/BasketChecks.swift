import Domain
import Evaluation
import Features
import Numerics
import Recommenders

/// The checks of what splits a shop's purchases by time.
struct BasketChecks {
    let set: TrainingSet
    /// Every purchase line that counts, before and after the cut.
    let lines: [BasketEvaluation.Line]
    let truths: [Int32: BasketEvaluation.Truth]
    let cut: Timestamp
    /// What lists may hold, if not what was sold before the cut.
    var pool: [UInt32]?

    /// How often items are drawn for scorers that know nothing.
    private static let draws = 5
    /// So many households' candidates are looked at for ties.
    private static let sampleSize = 500
    private static let candidates = 100

    /// All checks of a run; without an outcome those that hang on the task alone.
    func list(_ outcome: BasketOutcome? = nil) throws -> CheckList {
        CheckList(
            [split, copies, try uninformed(isConstant: false), try uninformed(isConstant: true)]
                + (outcome.map { [ties($0)] } ?? []))
    }

    private var split: CheckList.Check {
        HonestyChecks.split(
            newest: set.log.end?.milliseconds, cut: cut.milliseconds,
            lines: (set.log.count, lines.count { $0.time < cut.milliseconds }))
    }

    /// Everything that each household with a truth bought, in order, and its truth.
    private var copies: CheckList.Check {
        HonestyChecks.copies(
            truths.keys.sorted().map { household in
                let range = set.log.range(of: UserNumber(UInt32(bitPattern: household)))
                return range.map { Int32(bitPattern: set.log.items[$0]) } + (truths[household]?.items ?? [])
            })
    }

    /// Lists by lot, through the same scoring as any model's.
    ///
    /// - Parameter isConstant: Whether everybody is shown the same, as by a scorer that says the same of every item.
    private func uninformed(isConstant: Bool) throws -> CheckList.Check {
        let sold = pool ?? Set(set.log.items).sorted().filter { !set.facts.hidden.contains(ItemNumber($0)) }
        let items = sold.map { Int32(bitPattern: $0) }
        let households = truths.keys.sorted()
        var random = SeededGenerator(seed: 1)
        func draw() -> [Int32] {
            var list: [Int32] = []
            while list.count < min(items.count, BasketEvaluation.cutoff) {
                let item = items[Int(random.next() % UInt64(items.count))]
                if !list.contains(item) { list.append(item) }
            }
            return list
        }
        var found = [Double](repeating: 0, count: households.count)
        for _ in 0..<Self.draws where !items.isEmpty && !households.isEmpty {
            let same = draw()
            let lists = households.map { _ in isConstant ? same : draw() }
            let recall = try BasketEvaluation.score(
                households: households, lists: lists, newLists: lists, truths: truths
            ).recallByHousehold
            for place in found.indices { found[place] += recall[place] / Double(Self.draws) }
        }
        var places: [Int32: Int] = [:]
        for (place, item) in items.enumerated() { places[item] = place }
        var shares = [Double](repeating: 0, count: items.count)
        let chance = households.map { household -> Double in
            let wanted = truths[household]?.items ?? []
            let known = wanted.compactMap { places[$0] }
            for place in known { shares[place] += 1 / Double(wanted.count * households.count) }
            let share = Double(known.count) / Double(max(1, wanted.count))
            return share * min(1, Double(BasketEvaluation.cutoff) / Double(max(1, items.count)))
        }
        return HonestyChecks.uninformed(
            isConstant ? "constant scorer" : "random scorer", isConstant ? "a constant scorer" : "a scorer by lot",
            found: found, chance: chance,
            spread: isConstant
                ? HonestyChecks.spread(shares, listLength: BasketEvaluation.cutoff, draws: Self.draws) : 0)
    }

    /// Ties among the candidates of some of the scored households.
    private func ties(_ outcome: BasketOutcome) -> CheckList.Check {
        let (scored, cutoff) = (outcome.scored, BasketEvaluation.cutoff)
        let step = max(1, scored.count / Self.sampleSize)
        var (shown, byLot, cutLists): ([Double], [Double], Int) = ([], [], 0)
        for rank in stride(from: 0, to: scored.count, by: step) {
            let place = scored[rank]
            guard let truth = truths[outcome.lists.numbers[place]] else { continue }
            let context = set.context(of: outcome.people[place].number)
            let candidates = outcome.predictor.scored(context, limit: Self.candidates)
            let scores = candidates.map(\.score)
            let wanted = Set(truth.items)
            let places = candidates.filter { wanted.contains(Int32(bitPattern: $0.item.rawValue)) }
                .map { TiedPlace(of: $0.score, among: scores) }
            shown.append(outcome.result.ndcgByHousehold[rank])
            byLot.append(TiedPlace.ndcg(places, relevantCount: wanted.count, at: cutoff) ?? 0)
            if scores.count > cutoff, scores[cutoff - 1] == scores[cutoff] { cutLists += 1 }
        }
        return HonestyChecks.ties("NDCG@10", shown: shown, byLot: byLot, cut: cutLists)
    }
}
