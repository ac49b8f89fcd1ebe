internal import Evaluation

/// People's items in order, and the item that comes next for those who are measured.
public struct SequenceSet: Sendable {
    /// One list a person, oldest first, of item numbers below `itemCount`.
    public let histories: [[Int32]]
    /// What follows each history; `nil` where nothing is held out.
    public let targets: [Int32]?
    public let itemCount: Int

    /// - Throws: `badData` if no history has two items: there is nothing to learn then.
    public init(histories: [[Int32]], targets: [Int32]?, itemCount: Int) throws(NeuralError) {
        precondition(targets.map { $0.count == histories.count } ?? true, "one target for each history")
        guard histories.contains(where: { $0.count >= 2 }) else { throw Self.nothing }
        (self.histories, self.targets, self.itemCount) = (histories, targets, itemCount)
    }

    private static let nothing = NeuralError(
        .badData, "No person has two items before what is held out: there is nothing to learn from.")

    /// All but the last two items of a person, with the first of those as the target; people with fewer than three items
    /// are left out. It chooses epochs and settings; the last item is not seen.
    static func choosing(_ data: SequenceEvaluation.Data) throws(NeuralError) -> SequenceSet {
        guard let part = data.validationPart else { throw nothing }
        return try SequenceSet(
            histories: part.users.indices.map { Array(part.history(of: $0)) }, targets: part.targets,
            itemCount: part.items.count)
    }

    /// All but the last item of a person.
    static func refitting(_ data: SequenceEvaluation.Data) throws(NeuralError) -> SequenceSet {
        try SequenceSet(
            histories: data.users.indices.map { Array(data.history(of: $0)) }, targets: nil,
            itemCount: data.items.count)
    }

    /// The same histories among more items, which none of them holds.
    func widened(to itemCount: Int) throws(NeuralError) -> SequenceSet {
        try SequenceSet(histories: histories, targets: targets, itemCount: max(itemCount, self.itemCount))
    }

    /// Items that occur, in ascending order: only they are drawn and ranked.
    var known: [Int32] {
        var isKnown = [Bool](repeating: false, count: itemCount)
        for history in histories { for item in history { isKnown[Int(item)] = true } }
        return isKnown.indices.filter { isKnown[$0] }.map { Int32($0) }
    }

    /// How often each item occurs, shape `[itemCount]`.
    var counts: [Int] {
        var counts = [Int](repeating: 0, count: itemCount)
        for history in histories { for item in history { counts[Int(item)] += 1 } }
        return counts
    }

    var checksum: DataChecksum {
        var sum = DataChecksum()
        for history in histories {
            for item in history + [-1] { sum.add(UInt64(UInt32(bitPattern: item))) }
        }
        return sum
    }
}
