/// The protocol of sessions: after each of a session's items, what comes next and what comes at all.
///
/// As V-SKNN and its followers are measured (Ludewig and Jannach, UMUAI 2018; Kersbergen et al., SIGMOD 2022): sessions are split by
/// time, each test session is revealed item by item, and lists of twenty are made for every beginning. Hit rate and reciprocal rank
/// are of the very next item; precision, recall, NDCG and MAP of all that remain. Means are over beginnings, as published. An item
/// counts once in a session, and items that no training session holds are left out of test sessions.
public enum SessionEvaluation {
    public static let cutoff = 20
    /// So many beginnings of one session count at most: one endless session is not many shoppers.
    public static let beginningLimit = 20

    /// Sessions in the order of time, items as dense numbers.
    public struct Data: Sendable {
        public let training: [[UInt32]]
        /// Each of at least two items.
        public let test: [[UInt32]]
        /// Names by item number, ascending.
        public let items: [String]

        /// - Returns: `nil` if no training session, or no test session of two known items, is left.
        public init?(training: [[String]], test: [[String]]) {
            let names = Set(training.joined()).sorted()
            let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt32($0)) })
            func numbered(_ session: [String]) -> [UInt32] {
                var seen: Set<UInt32> = []
                return session.compactMap { numbers[$0] }.filter { seen.insert($0).inserted }
            }
            self.training = training.map(numbered).filter { !$0.isEmpty }
            self.test = test.map(numbered).filter { $0.count > 1 }
            items = names
            guard !self.training.isEmpty, !self.test.isEmpty else { return nil }
        }

        /// All beginnings of test sessions, session after session.
        public var questions: [Question] {
            test.enumerated().flatMap { number, session in
                (1..<min(session.count, beginningLimit + 1)).map { length in
                    Question(session: number, beginning: Array(session[..<length]), rest: Array(session[length...]))
                }
            }
        }
    }

    /// One beginning and what came of it.
    public struct Question: Hashable, Sendable {
        public let session: Int
        /// Oldest first.
        public let beginning: [UInt32]
        /// The next item first.
        public let rest: [UInt32]
    }

    /// The figures of one model, by question.
    public struct Result: Sendable {
        public private(set) var hitRate: [Double] = []
        public private(set) var reciprocalRank: [Double] = []
        public private(set) var precision: [Double] = []
        public private(set) var recall: [Double] = []
        public private(set) var ndcg: [Double] = []
        public private(set) var averagePrecision: [Double] = []
        private let sessions: [Int]
        private let sessionCount: Int

        /// - Precondition: One list for each question.
        public init(_ lists: [[UInt32]], of questions: [Question]) {
            precondition(lists.count == questions.count, "one list for each beginning")
            sessions = questions.map(\.session)
            sessionCount = Set(sessions).count
            for (list, question) in zip(lists, questions) {
                let next = list.prefix(cutoff).map { $0 == question.rest.first }
                hitRate.append(RankingMetrics.hitRate(next, at: cutoff))
                reciprocalRank.append(RankingMetrics.reciprocalRank(next, at: cutoff))
                let (rest, count) = (Set(question.rest), question.rest.count)
                let hits = list.prefix(cutoff).map(rest.contains)
                precision.append(RankingMetrics.precision(hits, at: cutoff))
                recall.append(RankingMetrics.recall(hits, relevantCount: count, at: cutoff) ?? 0)
                ndcg.append(RankingMetrics.ndcg(hits: hits, relevantCount: count, at: cutoff) ?? 0)
                averagePrecision.append(RankingMetrics.averagePrecision(hits, relevantCount: count, at: cutoff) ?? 0)
            }
        }

        /// By name, in the order of a table.
        public var figures: [(name: String, values: [Double])] {
            [
                ("mrr@20", reciprocalRank), ("hr@20", hitRate), ("ndcg@20", ndcg), ("recall@20", recall),
                ("precision@20", precision), ("map@20", averagePrecision),
            ]
        }

        /// One value a session whose mean is that of all beginnings: what tests and intervals draw, for beginnings of one session
        /// are not independent of each other.
        public func bySession(_ values: [Double]) -> [Double] {
            var sums = [Double](repeating: 0, count: sessionCount)
            for (session, value) in zip(sessions, values) { sums[session] += value }
            let scale = Double(sessionCount) / Double(max(1, values.count))
            return sums.map { $0 * scale }
        }
    }
}
