extension SequenceEvaluation.Data {
    /// Some of the users, evenly over their order: at most `limit` of them, all if there are fewer.
    public func sampledUsers(limit: Int) -> [Int] {
        let step = max(1, (users.count + limit - 1) / max(1, limit))
        return Array(stride(from: 0, to: users.count, by: step))
    }

    /// The same task for some of the users alone.
    ///
    /// - Parameter numbers: New numbers by item, a permutation; numbers stay as they are without it.
    public func part(_ chosen: [Int], renumbering numbers: [Int32]? = nil) -> SequenceEvaluation.Data {
        func number(_ item: Int32) -> Int32 { numbers.map { $0[Int(item)] } ?? item }
        var (part, offsets): ([Int32], [Int]) = ([], [0])
        for user in chosen {
            part += history(of: user).map(number)
            offsets.append(part.count)
        }
        var names = items
        if let numbers { for (old, new) in numbers.enumerated() { names[Int(new)] = items[old] } }
        return .init(
            users: chosen.map { users[$0] }, items: names, offsets: offsets, history: part,
            targets: chosen.map { number(targets[$0]) })
    }

    /// How many users had each item before their last, shape `[items]`.
    public var userCounts: [Int] {
        var counts = Array(repeating: 0, count: items.count)
        for user in users.indices { for item in Set(history(of: user)) { counts[Int(item)] += 1 } }
        return counts
    }
}
