import Evaluation
import Numerics
import Recommenders

/// Scores that are drawn by lot for each history.
private struct LotScorer: SequenceScorer {
    func addScores(after history: [UInt32], to scores: inout [Double]) {
        // The same history gets the same lot, whoever asks.
        let seed = history.reduce(UInt64(0x9E37)) { ($0 ^ UInt64($1)) &* 0x1_0000_0000_01B3 }
        var random = SeededGenerator(seed: seed)
        for item in scores.indices { scores[item] += random.unit() }
    }
}

/// The same of every item.
private struct ConstantScorer: SequenceScorer {
    func addScores(after history: [UInt32], to scores: inout [Double]) {
        for item in scores.indices { scores[item] += 1 }
    }
}

/// The checks of the next-item protocol.
struct SequenceChecks {
    let data: SequenceEvaluation.Data
    /// As models see them, by user.
    let histories: [[UInt32]]

    /// How often the items are numbered anew for the constant scorer.
    private static let draws = 5
    private static let sampleSize = 500

    /// - Parameter shown: NDCG@10 by user of the lists that were made.
    func list(_ judgement: SequenceJudgement, shown: [Double]) -> CheckList {
        CheckList(
            common + [
                HonestyChecks.ties(
                    "NDCG@10", shown: judgement.users.map { shown[$0] }, byLot: judgement.byLot,
                    cut: judgement.cutLists)
            ])
    }

    /// Those that hang on the task alone.
    var common: [CheckList.Check] {
        let users = data.sampledUsers(limit: Self.sampleSize)
        return [split, copies, lot(users), constant(users)]
    }

    /// Each user's last item is left out of what is learned from; one that came before as well can never be right.
    private var split: CheckList.Check {
        let learned = histories.reduce(0) { $0 + $1.count }
        let repeated = data.users.indices.count { histories[$0].contains(UInt32(bitPattern: data.targets[$0])) }
        return .init(
            name: "split", isPassed: learned == data.history.count,
            detail:
                "models learned from \(learned) items of \(data.users.count) users, the last item of each left out; "
                + "\(repeated) of these were had before, so no list can hold them.")
    }

    private var copies: CheckList.Check {
        HonestyChecks.copies(data.users.indices.map { Array(data.history(of: $0)) + [data.targets[$0]] })
    }

    private func lot(_ users: [Int]) -> CheckList.Check {
        HonestyChecks.uninformed(
            "random scorer", "a scorer by lot", found: found(LotScorer(), data.part(users), histories),
            chance: chances(users))
    }

    /// Items are numbered by lot first: in the order of a file, numbers may tell what is popular.
    private func constant(_ users: [Int]) -> CheckList.Check {
        var random = SeededGenerator(seed: 1)
        var found = [Double](repeating: 0, count: users.count)
        for _ in 0..<Self.draws {
            let numbers = data.items.indices.map { Int32($0) }.shuffled(using: &random)
            let renumbered = histories.map { $0.map { UInt32(bitPattern: numbers[Int($0)]) } }
            let own = self.found(ConstantScorer(), data.part(users, renumbering: numbers), renumbered)
            for place in found.indices { found[place] += own[place] / Double(Self.draws) }
        }
        var shares = [Double](repeating: 0, count: data.items.count)
        for user in users { shares[Int(data.targets[user])] += 1 / Double(users.count) }
        return HonestyChecks.uninformed(
            "constant scorer", "a constant scorer", found: found, chance: chances(users),
            spread: HonestyChecks.spread(shares, listLength: SequenceEvaluation.cutoff, draws: Self.draws))
    }

    /// Recall@10 by user, through the same lists and the same scoring as any model's.
    private func found(
        _ scorer: any SequenceScorer, _ part: SequenceEvaluation.Data, _ known: [[UInt32]]
    ) -> [Double] {
        let asked = part.users.indices.map { user in part.history(of: user).map { UInt32(bitPattern: $0) } }
        let lists = SequenceModels.lists(
            of: scorer, after: asked, itemLimit: part.items.count, limit: SequenceEvaluation.cutoff, known: known)
        return SequenceEvaluation.score(lists.map { $0.map { Int32(bitPattern: $0) } }, of: part).recallByUser
    }

    /// Ten of what each does not have, if the wanted item is among it.
    private func chances(_ users: [Int]) -> [Double] {
        let known = Set(histories.flatMap(\.self))
        return users.map { user in
            let (owned, target) = (Set(histories[user]), UInt32(bitPattern: data.targets[user]))
            guard known.contains(target), !owned.contains(target) else { return 0 }
            return min(1, Double(SequenceEvaluation.cutoff) / Double(known.count - owned.count))
        }
    }
}
