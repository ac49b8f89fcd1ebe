import Foundation

/// Walks of three steps from a person over items and people, popular ends held back (Paudel et al., TiiS 2017).
///
/// The walk is P³ of Cooper et al. (WWW 2014), each step's probability to the power α, an end divided by its people^β:
/// score_i = Σ over items *j* of the history of Σ over people *u* of both of (1 / d_j · 1 / d_u)^α / d_i^β.
public struct RP3BetaModel: SequenceModel {
    public static let name = "rp3beta"
    private static let rowLimit = 500

    public struct Parameters: Hashable, Sendable {
        public var alpha = 0.9
        public var beta = 0.4
        /// What a step back in the history leaves of an item's say; 1 in the paper.
        public var historyDecay = 1.0
        public init() {}
    }

    private let table: NeighbourTable
    private let historyDecay: Double

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> RP3BetaModel {
        train(sequences, itemLimit: itemLimit, parameters: .init())
    }

    public static func train(
        _ sequences: [[UInt32]], itemLimit: Int, parameters: Parameters
    ) -> RP3BetaModel {
        let (alpha, beta) = (parameters.alpha, parameters.beta)
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
        return RP3BetaModel(table: table, historyDecay: parameters.historyDecay)
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        table.add(history, decay: historyDecay, to: &scores)
    }
}
