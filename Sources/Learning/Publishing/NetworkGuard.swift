import Evaluation
import Foundation

/// Whether a network that a shop is to take did worse than the one in service: on the same test cases where both kept them, else by the
/// shares that were right.
struct NetworkGuard {
    /// With fewer cases in common nothing is said of them.
    static let leastCases = 30

    let verdict: PublishingGuard.Verdict
    private let figure: String
    private let cases: String

    init(candidate: NetworkMeasure?, served: NetworkMeasure?) {
        if let interval = Self.paired(candidate?.cases, served?.cases) {
            (figure, cases) = (candidate?.cases?.figure ?? "", "on the same \(interval.count) test cases")
            verdict = Self.verdict(interval.interval)
        } else if let own = candidate?.share, let other = served?.share,
            let interval = ShareDifference.interval(candidate: own, baseline: other)
        {
            (figure, cases) = (NetworkMeasure.accuracy, "on \(own.count) and \(other.count) test cases")
            verdict = Self.verdict(interval)
        } else {
            (figure, cases) = ("", "")
            verdict = .unmeasured("the two were not measured on cases that can be compared")
        }
    }

    private static func verdict(_ interval: ConfidenceInterval) -> PublishingGuard.Verdict {
        interval.upper < 0 ? .worse(interval) : .fine(interval)
    }

    private static func paired(
        _ candidate: MeasuredCases?, _ served: MeasuredCases?
    ) -> (interval: ConfidenceInterval, count: Int)? {
        guard let candidate, let served, candidate.figure == served.figure else { return nil }
        let keys = candidate.values.keys.filter { served.values[$0] != nil }.sorted()
        guard keys.count >= leastCases,
            let interval = PairedBootstrap.interval(
                candidate: keys.compactMap { candidate.values[$0] }, baseline: keys.compactMap { served.values[$0] })
        else { return nil }
        return (interval, keys.count)
    }

    /// The verdict as one sentence, without its full stop.
    var words: String {
        switch verdict {
        case .unmeasured(let reason): reason
        case .fine(let interval): "\(figure) is not worse than that of the one in service: \(words(interval))"
        case .worse(let interval): "\(figure) is worse than that of the one in service: \(words(interval))"
        }
    }

    private func words(_ interval: ConfidenceInterval) -> String {
        String(format: "%+.4f, 95 %% %+.4f to %+.4f ", interval.mean, interval.lower, interval.upper) + cases
    }
}
