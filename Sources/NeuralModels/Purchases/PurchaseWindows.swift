internal import Domain
internal import Features
internal import Recommenders

/// The moments at which examples are made: the last one tests, those before it train and choose.
///
/// Moments stand `days` apart, so no purchase is the label of two of them, and every label lies before the next moment.
struct PurchaseWindows: Sendable {
    /// A moment needs so many days of log before it.
    static let leastDays = 28.0
    static let mostTraining = 6
    static let mostFolds = 3

    /// Newest first: the test, then the others.
    let cuts: [Timestamp]

    /// - Throws: `badData` for a log that is too short for a test, a fold and something to learn from.
    init(_ set: TrainingSet, days: Int) throws(NeuralError) {
        guard let first = set.log.times.min(), let end = set.log.end else {
            throw NeuralError(.badData, "The log holds no purchases: import events first.")
        }
        let start = Timestamp(milliseconds: first)
        var cuts: [Timestamp] = []
        while cuts.count <= Self.mostTraining + Self.mostFolds {
            let cut = end.adding(days: -Double(days * (cuts.count + 1)))
            guard cut.days(since: start) >= Self.leastDays else { break }
            cuts.append(cut)
        }
        guard cuts.count >= 3 else {
            throw NeuralError(
                .badData,
                "The log covers \(Int(end.days(since: start))) days: three windows of \(days) days and "
                    + "\(Int(Self.leastDays)) days before them are needed. Give a smaller --days, or wait.")
        }
        self.cuts = cuts
    }

    /// Windows that come before the test.
    var earlier: Int { cuts.count - 1 }
    var folds: Int { min(Self.mostFolds, earlier - 1) }

    /// The windows that train for the one with this number: the up to six before it.
    func training(for number: Int) -> Range<Int> { number + 1..<min(cuts.count, number + 1 + Self.mostTraining) }
}
