public import JSON

/// The protocol of the next item: leave each user's last item out, rank all others, NDCG@10 and Recall@10.
public enum SequenceEvaluation {
    public static let cutoff = 10

    /// Users' items as columns, oldest first, with the last item of each line apart.
    ///
    /// Items are numbered densely in ascending order of their names (as numbers where all are numbers), so that a tie that
    /// goes to the lower item number goes to the lower name. The numbering depends only on the set of all items.
    public struct Data: Hashable, Sendable {
        public let users: [String]
        public let items: [String]
        /// Where each user's part of `history` begins, with the end of the last; shape `[users + 1]`.
        public let offsets: [Int]
        /// All but the last item of every line, user after user: what a model may see.
        public let history: [Int32]
        /// The last item of every line: what a model may not see; shape `[users]`.
        public let targets: [Int32]

        /// One line a user, oldest item first; `nil` without users, for one who comes twice, and for one without items.
        public init?(_ sequences: [(user: String, items: [String])]) {
            var builder = SequenceDataBuilder()
            for (user, items) in sequences {
                guard !items.isEmpty, builder.append(user: user[...], items: items.map { $0[...] }[...]) else {
                    return nil
                }
            }
            guard !builder.isEmpty else { return nil }
            self = builder.finish()
        }

        init(users: [String], items: [String], offsets: [Int], history: [Int32], targets: [Int32]) {
            (self.users, self.items, self.offsets) = (users, items, offsets)
            (self.history, self.targets) = (history, targets)
        }

        /// What `user` had before the last item, oldest first.
        public func history(of user: Int) -> ArraySlice<Int32> { history[offsets[user]..<offsets[user + 1]] }

        /// The same task one item earlier, for choosing: each user's last item is gone and the one before it is the target.
        ///
        /// Users with fewer than three items are left out; `nil` if that leaves none.
        public var validationPart: Data? {
            var (kept, offsets): ([Int], [Int]) = ([], [0])
            var (earlier, targets): ([Int32], [Int32]) = ([], [])
            for user in users.indices {
                let own = history(of: user)
                guard own.count >= 2, let last = own.last else { continue }
                kept.append(user)
                earlier += own.dropLast()
                offsets.append(earlier.count)
                targets.append(last)
            }
            guard !kept.isEmpty else { return nil }
            return Data(
                users: kept.map { users[$0] }, items: items, offsets: offsets, history: earlier, targets: targets)
        }
    }

    /// The figures of a run.
    public struct Result: Hashable, Sendable {
        public let users: Int
        public let ndcg: Double
        public let recall: Double
        public let reciprocalRank: Double
        /// One value a user, in their order: for confidence intervals.
        public let ndcgByUser: [Double]
        public let recallByUser: [Double]
        public let reciprocalRankByUser: [Double]

        /// The result line: `users`, `ndcg@10`, `recall@10`.
        public var json: JSONValue {
            .object([
                .init("users", .integer(Int64(users))), .init("ndcg@10", .number(ndcg)),
                .init("recall@10", .number(recall)),
            ])
        }
    }

    /// Reads `user item item …` lines, oldest item first, blanks between.
    public static func readData(path: String) throws(EvaluationError) -> Data {
        let file = try LineFile(path: path)
        var builder = SequenceDataBuilder()
        try file.forEachLine { number, line throws(EvaluationError) in
            let fields = LineFile.fields(line)
            guard fields.count >= 2 else { throw file.error(number, "names a user but no item") }
            guard builder.append(user: fields[0], items: fields[1...]) else {
                throw file.error(number, "repeats user '\(fields[0])'")
            }
        }
        guard !builder.isEmpty else { throw EvaluationError(.nothingToMeasure, "\(path) holds no user.") }
        return builder.finish()
    }

    /// Writes `user item1 … item10` lines in the order of the data's users.
    ///
    /// Throws `badRun` for what `RunWriter` refuses, and for an item that the user already has.
    public static func writeRun(_ lists: [[Int32]], of data: Data, to path: String) throws(EvaluationError) {
        precondition(lists.count == data.users.count, "one list for each user")
        for (user, list) in lists.enumerated() {
            let seen = Set(data.history(of: user))
            guard !list.contains(where: seen.contains) else {
                throw EvaluationError(
                    .badRun,
                    "Writing \(path), list of '\(data.users[user])': it holds an item that the user already has.")
            }
        }
        let rows = lists.enumerated().map { user, list in
            RunWriter.Row(owner: data.users[user], items: list.map { data.items[Int($0)] })
        }
        try RunWriter.writeTopTen(rows, to: path)
    }

    /// Scores the first ten items of each user's list against the item that was left out.
    public static func score(_ lists: [[Int32]], of data: Data) -> Result {
        precondition(lists.count == data.users.count, "one list for each user")
        var (ndcg, recall, reciprocal): ([Double], [Double], [Double]) = ([], [], [])
        for (list, target) in zip(lists, data.targets) {
            let hits = list.prefix(cutoff).map { $0 == target }
            ndcg.append(RankingMetrics.ndcg(hits: hits, relevantCount: 1, at: cutoff) ?? 0)
            recall.append(RankingMetrics.recall(hits, relevantCount: 1, at: cutoff) ?? 0)
            reciprocal.append(RankingMetrics.reciprocalRank(hits, at: cutoff))
        }
        let users = Double(data.users.count)
        return Result(
            users: data.users.count, ndcg: ndcg.reduce(0, +) / users, recall: recall.reduce(0, +) / users,
            reciprocalRank: reciprocal.reduce(0, +) / users, ndcgByUser: ndcg, recallByUser: recall,
            reciprocalRankByUser: reciprocal)
    }
}
