import Foundation

/// Walks of three steps from a person over items and people, popular ends held back (Paudel et al., TiiS 2017).
///
/// The walk is P³ of Cooper et al. (WWW 2014), each step's probability to the power α, an end divided by its people^β:
/// score_i = Σ over items *j* of the history of Σ over people *u* of both of (1 / d_j · 1 / d_u)^α / d_i^β.
public struct RP3BetaModel: SequenceModel {
    public static let name = "rp3beta"
    private static let alpha = 0.9
    private static let beta = 0.4
    private static let rowLimit = 500
    private let table: NeighbourTable

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> RP3BetaModel {
        let people = InteractionMatrix(sequences, itemLimit: itemLimit)
        let items = people.transposed()
        let userSteps = (0..<people.rowCount).map { pow(Double(max(1, people.row($0).count)), -alpha) }
        let ends = (0..<itemLimit).map { pow(Double(max(1, items.row($0).count)), -beta) }
        var table = NeighbourTable()
        var board = ScoreBoard(itemLimit: itemLimit)
        for item in 0..<itemLimit {
            board.clear()
            let first = pow(Double(max(1, items.row(item).count)), -alpha)
            for place in items.row(item) {
                let user = Int(items.columns[place])
                for other in people.row(user) { board.add(people.columns[other], first * userSteps[user]) }
            }
            let row = board.touched.filter { Int($0) != item }.map { ($0, board.scores[Int($0)] * ends[Int($0)]) }
            var best = TopItems(limit: rowLimit)
            for (other, score) in row { best.insert(other, score) }
            table.append(best.sorted)
        }
        return RP3BetaModel(table: table)
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        table.add(history, decay: 1, to: &scores)
    }
}
