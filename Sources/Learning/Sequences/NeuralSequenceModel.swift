import Encoders
import Evaluation
import Recommenders

/// A trained network's scores by a data set's item numbers.
struct NeuralSequenceModel: SequenceScorer {
    /// Of the networks whose weights can be read.
    static let names = SequenceEncoders.names
    private let encoder: any SequenceEncoder
    /// The network's number of each item; `nil` for one that it does not know.
    private let rows: [Int?]

    /// - Parameter name: Which network the folder holds, one of `names`.
    /// - Throws: What the encoder throws; `unusable` if the network knows no item of the data.
    init(_ name: String, folder: String, items: [String]) throws {
        encoder = try SequenceEncoders.open(name, folder: folder)
        let numbers = Dictionary(encoder.names.enumerated().map { ($1, $0) }) { first, _ in first }
        rows = items.map { numbers[$0] }
        guard rows.contains(where: { $0 != nil }) else {
            throw LearningError(
                .unusable, "The network in \(folder) knows no item of these data. Train it with this data file.")
        }
    }

    /// Adds logits; items that the network does not know get the lowest of them.
    func addScores(after history: [UInt32], to scores: inout [Double]) {
        let known = history.compactMap { Int($0) < rows.count ? rows[Int($0)] : nil }
        let own = encoder.scores(after: known)
        let lowest = own.min() ?? 0
        for (item, row) in rows.enumerated() { scores[item] += Double(row.map { own[$0] } ?? lowest) }
    }
}

/// The counting hybrid and a network together: a sum of logarithms, as either is one.
///
/// score = hybrid + weight · logit. A logit is log P(item) up to a number that all items share, and the hybrid's score is made of
/// logarithms of counts, so the sum is a product of opinions (Hinton, 2002). The weight was chosen on the last item but one of Amazon
/// Beauty, with a network and counts that had not seen it.
struct NeuralHybrid: SequenceScorer {
    /// By the network inside.
    static let names = NeuralSequenceModel.names.map { $0 + suffix }
    static let suffix = "_hybrid"
    static let defaultWeight = 0.4
    let counting: SequenceHybrid
    let network: NeuralSequenceModel
    let weight: Double

    func addScores(after history: [UInt32], to scores: inout [Double]) {
        counting.addScores(after: history, to: &scores)
        var own = [Double](repeating: 0, count: scores.count)
        network.addScores(after: history, to: &own)
        for item in own.indices { scores[item] += weight * own[item] }
    }
}
