public import Domain
import Evaluation
import Features
import Numerics
import Recommenders
import Storage

extension Workbench {
    /// Events of one person that lie closer together than this belong to one session.
    private static let sessionGap: Int64 = 30 * 60 * 1000
    /// How long after the cut sessions are asked for.
    private static let sessionDays = 7.0

    /// Predicts what comes in the sessions of the seven days from `cut` on, from those before it.
    ///
    /// A session is what one person did without a pause of half an hour: by `event`, the items of receipts, or those looked at. Items
    /// of one event come in random order, for that of a receipt says nothing. Synthetic events do not count.
    /// - Parameter event: Whose items make the sessions.
    /// - Returns: One line of JSON.
    public func evaluateSessions(
        cut: Timestamp, event: EventName = .purchase, models: [String]?, report: String?, seed: UInt64 = 1,
        progress: (Int, Int) -> Void
    ) throws -> String {
        let facts = try ItemFacts(reading: store)
        let log = try InteractionLog(reading: store, names: [event], excluding: { facts.excluded.contains($0) })
        let sessions = Self.sessions(in: log, seed: seed)
        let end = cut.adding(days: Self.sessionDays)
        let (training, test) = (
            sessions.filter { $0.last < cut.milliseconds },
            sessions.filter { $0.first >= cut.milliseconds && $0.first < end.milliseconds }
        )
        // Sessions that go on over the cut are neither learned from nor asked for.
        let across = sessions.filter { $0.first < cut.milliseconds && $0.last >= cut.milliseconds }
            .reduce(0) { $0 + $1.times.count { $0 < cut.milliseconds } }
        let split = HonestyChecks.split(
            newest: training.map(\.last).max(), cut: cut.milliseconds,
            lines: (
                training.reduce(0) { $0 + $1.times.count }, log.times.count { $0 < cut.milliseconds } - across
            ))
        guard
            let data = SessionEvaluation.Data(
                training: training.map(\.items),
                test: SessionEvaluation.sample(test.map(\.items), limit: SessionTask.sessionLimit))
        else {
            throw LearningError(
                .unusable,
                "There are no \(event.rawValue) sessions of two items both before \(cut.dateDescription) and in the seven days "
                    + "from it on.")
        }
        return try SessionTask.evaluate(
            data, models: models, split: split,
            subtitle: "\(config.title), \(event.rawValue) from \(cut.dateDescription) on", report: report,
            progress: progress)
    }

    /// One session.
    struct Session: Equatable {
        var items: [String] = []
        var times: [Int64] = []

        var first: Int64 { times.first ?? 0 }
        var last: Int64 { times.last ?? 0 }
    }

    /// All sessions of a log, oldest first by their last event.
    static func sessions(in log: InteractionLog, seed: UInt64) -> [Session] {
        var random = SeededGenerator(seed: seed)
        var sessions: [Session] = []
        for user in 0..<log.userLimit {
            let range = log.range(of: UserNumber(UInt32(user)))
            var place = range.lowerBound
            while place < range.upperBound {
                let basket = log.baskets[place]
                let next = (place..<range.upperBound).first { log.baskets[$0] != basket } ?? range.upperBound
                let isNew = place == range.lowerBound || log.times[place] - log.times[place - 1] >= sessionGap
                if isNew { sessions.append(Session()) }
                for line in Array(place..<next).shuffled(using: &random) {
                    sessions[sessions.count - 1].items.append(String(log.items[line]))
                }
                sessions[sessions.count - 1].times += log.times[place..<next]
                place = next
            }
        }
        // Stable: users of one moment stay in the order of their numbers.
        return sessions.enumerated().sorted { ($0.element.last, $0.offset) < ($1.element.last, $1.offset) }
            .map(\.element)
    }
}
