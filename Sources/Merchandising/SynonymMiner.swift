public import Domain
public import JSON
import TextAnalysis

/// Finds words that shoppers exchange for each other: a search that led nowhere, then another that led to an item.
///
/// One event after the other, in the order of the log; see `candidates`.
public struct SynonymMiner {
    /// Longer pauses part a search from the next.
    static let longestPause: Int64 = 600_000
    private static let maximumSessions = 50_000

    /// A proposal for a merchandiser: a search for `from` should find what `to` does.
    public struct Candidate: Hashable, Sendable {
        public let from: String
        public let to: String
        /// In how many sessions it was seen.
        public let sessions: Int
        /// The share of those sessions that gave `from` up in which `to` helped.
        public let share: Double

        /// A synonym as `rules.json` holds it, with what speaks for it.
        public var json: JSONValue {
            let id = "mined-\(from)-\(to)".map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
            return .object([
                .init("id", .string(String(id.prefix(64)))), .init("from", .array([.string(from)])),
                .init("to", .array([.string(to)])), .init("sessions", .integer(Int64(sessions))),
                .init("share", .number(share)),
            ])
        }
    }

    /// What a session searched last, and for what before that.
    private struct State {
        var query: String
        var time: Int64
        /// The search before, if nothing was chosen after it.
        var givenUp: String?
        var hasChosen = false
    }

    private struct Pair: Hashable { let from: String, to: String }

    private var states: [String: State] = [:]
    private var pairs: [Pair: Int] = [:]
    private var givenUp: [String: Int] = [:]

    public init() {}

    public mutating func add(_ event: Event) {
        guard let session = event.session else { return }
        switch event.name {
        case .search:
            guard let text = event.query else { return }
            let query = Self.folded(text)
            guard !query.isEmpty else { return }
            if states.count >= Self.maximumSessions { forget(before: event.time.milliseconds - Self.longestPause) }
            let last = states[session]
            guard last?.query != query else { return }
            var state = State(query: query, time: event.time.milliseconds)
            if let last, !last.hasChosen, state.time - last.time <= Self.longestPause {
                state.givenUp = last.query
                givenUp[last.query, default: 0] += 1
            }
            states[session] = state
        case .selectItem, .addToCart:
            guard var state = states[session], !state.hasChosen,
                event.time.milliseconds - state.time <= Self.longestPause
            else { return }
            state.hasChosen = true
            states[session] = state
            if let from = state.givenUp, Self.mayMeanTheSame(from, state.query) {
                pairs[Pair(from: from, to: state.query), default: 0] += 1
            }
        default: return
        }
    }

    /// Pairs that were seen in at least so many sessions and this share of those that gave the first one up; the surest first.
    public func candidates(minimumSessions: Int = 3, minimumShare: Double = 0.1) -> [Candidate] {
        pairs.compactMap { pair, sessions in
            let share = Double(sessions) / Double(max(sessions, givenUp[pair.from] ?? 0))
            guard sessions >= minimumSessions, share >= minimumShare else { return nil }
            return Candidate(from: pair.from, to: pair.to, sessions: sessions, share: share)
        }
        .sorted {
            let (left, right) = (Double($0.sessions) * $0.share, Double($1.sessions) * $1.share)
            return left == right ? ($0.from, $0.to) < ($1.from, $1.to) : left > right
        }
    }

    /// A narrower or wider wording is no other name, and a slip of typing is corrected without a rule.
    private static func mayMeanTheSame(_ from: String, _ to: String) -> Bool {
        let (first, second) = (Set(from.split(separator: " ")), Set(to.split(separator: " ")))
        guard !first.isSubset(of: second), !second.isSubset(of: first) else { return false }
        return EditDistance.bounded(Array(from.utf8), Array(to.utf8), limit: 2) == nil
    }

    private static func folded(_ text: String) -> String {
        String(decoding: Array(TextFolding.words(of: text).prefix(6).joined(separator: [32])), as: UTF8.self)
    }

    private mutating func forget(before time: Int64) {
        states = states.filter { $0.value.time >= time }
        if states.count >= Self.maximumSessions { states.removeAll(keepingCapacity: true) }
    }
}
