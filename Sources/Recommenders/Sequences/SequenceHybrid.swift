import Foundation

/// The blend of the sequence models that needs no gradient: transitions first, helped by who and what is near.
///
/// score = PCTM + 0.3 log(1 + 17 · item cosine) + 0.2 log(1 + 37,000 · walk) + 0.4 log(1 + 670 · user neighbours): sums of
/// logarithms, as PCTM's own score is one. Members and weights were chosen on the validation item of Amazon Beauty, greedily
/// among these and EASE, on every third user.
public struct SequenceHybrid: SequenceModel {
    public static let name = "hybrid"
    let transitions: PCTMModel
    let cosine: ItemCosineModel
    let walk: TransitionWalkModel
    let neighbours: UserNeighbourModel

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> SequenceHybrid {
        SequenceHybrid(
            transitions: PCTMModel.train(sequences, itemLimit: itemLimit),
            cosine: ItemCosineModel.train(sequences, itemLimit: itemLimit),
            walk: TransitionWalkModel.train(sequences, itemLimit: itemLimit),
            neighbours: UserNeighbourModel.train(sequences, itemLimit: itemLimit))
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        transitions.addScores(after: history, to: &scores)
        add(cosine, history, weight: 0.3, scale: 17, to: &scores)
        add(walk, history, weight: 0.2, scale: 37_000, to: &scores)
        add(neighbours, history, weight: 0.4, scale: 670, to: &scores)
    }

    private func add(
        _ member: some SequenceModel, _ history: [UInt32], weight: Double, scale: Double, to scores: inout [Double]
    ) {
        var own = [Double](repeating: 0, count: scores.count)
        member.addScores(after: history, to: &own)
        for item in own.indices where own[item] > 0 { scores[item] += weight * log(1 + scale * own[item]) }
    }
}
