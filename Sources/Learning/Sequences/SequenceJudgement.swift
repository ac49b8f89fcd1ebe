import Evaluation
import Recommenders

/// What a model's scores say of a sample of users: how its best candidates are told apart, and what hangs on ties.
struct SequenceJudgement {
    /// So many users are asked about at most.
    static let sampleSize = 1000
    /// How many candidates of each count.
    static let candidates = 100

    private(set) var users: [Int] = []
    /// Scores of the candidates of all sampled users, one after the other.
    private(set) var scores: [Double] = []
    /// Those of popularity for the same candidates.
    private(set) var popularity: [Double] = []
    private(set) var labels: [Bool] = []
    /// Candidates of each user, as ranges of `labels`.
    private(set) var ranges: [Range<Int>] = []
    /// NDCG@10 by user with ties broken by lot.
    private(set) var byLot: [Double] = []
    /// Lists whose tenth item ties with the eleventh.
    private(set) var cutLists = 0

    /// - Parameter histories: As the model sees them, by user of `data`.
    /// - Complexity: O(sample · items).
    init(_ model: any SequenceScorer, after histories: [[UInt32]], data: SequenceEvaluation.Data, userCounts: [Int]) {
        users = data.sampledUsers(limit: Self.sampleSize)
        var isKnown = [Bool](repeating: false, count: data.items.count)
        for history in histories { for item in history { isKnown[Int(item)] = true } }
        var all = [Double](repeating: 0, count: data.items.count)
        for user in users {
            let ranked = SequenceModels.ranking(
                of: model, after: histories[user], isKnown: isKnown, limit: Self.candidates, scores: &all)
            let target = UInt32(bitPattern: data.targets[user])
            scores += ranked.map(\.score)
            popularity += ranked.map { Double(userCounts[Int($0.item)]) }
            labels += ranked.map { $0.item == target }
            ranges.append(labels.count - ranked.count..<labels.count)
            let cutoff = SequenceEvaluation.cutoff
            if ranked.count > cutoff, ranked[cutoff - 1].score == ranked[cutoff].score { cutLists += 1 }
            let owned = Set(histories[user])
            guard isKnown[Int(target)], !owned.contains(target) else {
                byLot.append(0)
                continue
            }
            let competing = all.indices.lazy.filter { isKnown[$0] && !owned.contains(UInt32($0)) }.map { all[$0] }
            byLot.append(TiedPlace(of: all[Int(target)], among: competing).discount(at: cutoff))
        }
    }

    /// The curves, and chances fitted on half of the users and judged on the other half.
    func scoreReport(model name: String) -> ScoreReport {
        ScoreReport(
            model: .init(name: name, scores: scores, isChance: false),
            plainer: [.init(name: "popularity", scores: popularity, isChance: false)], labels: labels, users: ranges,
            wanted: users.count)
    }
}
