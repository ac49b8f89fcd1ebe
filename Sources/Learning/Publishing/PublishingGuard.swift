import Domain
import Evaluation
import Foundation

/// Whether models that are about to be served did worse than those in service, on the people whom both were measured on.
struct PublishingGuard {
    /// With fewer people in common nothing is said.
    static let leastPeople = 30

    enum Verdict: Hashable {
        /// Why the two cannot be compared.
        case unmeasured(String)
        /// The difference candidate − served of NDCG@10, which may be above zero, below, or not told from it.
        case fine(ConfidenceInterval)
        /// All of the interval lies below zero.
        case worse(ConfidenceInterval)
    }

    let verdict: Verdict
    private let dates: String

    /// - Parameter candidate: `nil` if it was not measured, as is `served`. What the candidate's measure says of the models named
    ///   `name` goes before `served`: both told the same baskets then.
    init(candidate: TrainingMeasure?, served: TrainingMeasure?, name: String) {
        var served = served
        if let candidate, let rival = candidate.rival, rival.name == name {
            served = TrainingMeasure(cut: candidate.cut, values: rival.values)
        }
        guard let candidate, let served else {
            let which = candidate == nil ? "the new models were" : "the models in service were"
            (verdict, dates) = (
                .unmeasured("\(which) not measured: `souk train --measure` lets `souk publish` compare"), ""
            )
            return
        }
        let people = candidate.values.keys.filter { served.values[$0] != nil }.sorted()
        dates =
            candidate.cut == served.cut
            ? "both from \(candidate.cut.dateDescription) on"
            : "from \(candidate.cut.dateDescription) on, the other from \(served.cut.dateDescription) on"
        guard people.count >= Self.leastPeople,
            let interval = PairedBootstrap.interval(
                candidate: people.compactMap { candidate.values[$0] }, baseline: people.compactMap { served.values[$0] }
            )
        else {
            verdict = .unmeasured("\(people.count) people were measured with both; \(Self.leastPeople) are needed")
            return
        }
        verdict = interval.upper < 0 ? .worse(interval) : .fine(interval)
    }

    /// The verdict as one sentence, without its full stop.
    var words: String {
        switch verdict {
        case .unmeasured(let reason): reason
        case .fine(let interval):
            "NDCG@10 is not worse than that of the models in service: \(Self.words(interval)), \(dates)"
        case .worse(let interval):
            "NDCG@10 is worse than that of the models in service: \(Self.words(interval)), \(dates)"
        }
    }

    private static func words(_ interval: ConfidenceInterval) -> String {
        String(
            format: "%+.4f, 95 %% %+.4f to %+.4f on the same people", interval.mean, interval.lower, interval.upper)
    }
}
