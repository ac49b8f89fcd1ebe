internal import Evaluation

/// People's items in order, and what comes next for those who are measured.
public struct SequenceSet: Sendable {
    /// What somebody had, and what came next.
    public struct Question: Sendable, Hashable {
        /// Oldest first.
        public let history: [Int32]
        /// What came next of the items that there are, each once.
        public let targets: [Int32]
        /// How much came next, with items that are no item here.
        public let targetCount: Int

        public init(history: [Int32], targets: [Int32], targetCount: Int? = nil) {
            (self.history, self.targets) = (history, targets)
            self.targetCount = targetCount ?? targets.count
        }
    }

    /// What is learned from: lists of item numbers below `itemCount`, oldest first.
    public let histories: [[Int32]]
    /// What is measured; `nil` where nothing is held out.
    public let questions: [Question]?
    public let itemCount: Int
    /// Whether what somebody has is asked for as well.
    public let asksAgain: Bool

    /// - Throws: `badData` if no history has two items: there is nothing to learn then.
    public init(
        histories: [[Int32]], questions: [Question]?, itemCount: Int, asksAgain: Bool = false
    ) throws(NeuralError) {
        guard histories.contains(where: { $0.count >= 2 }) else { throw Self.nothing }
        (self.histories, self.questions) = (histories, questions)
        (self.itemCount, self.asksAgain) = (itemCount, asksAgain)
    }

    /// - Parameter targets: What follows each history; `nil` where nothing is held out.
    /// - Throws: `badData` if no history has two items.
    public init(histories: [[Int32]], targets: [Int32]?, itemCount: Int) throws(NeuralError) {
        precondition(targets.map { $0.count == histories.count } ?? true, "one target for each history")
        let questions = targets.map { zip(histories, $0).map { Question(history: $0, targets: [$1]) } }
        try self.init(histories: histories, questions: questions, itemCount: itemCount)
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
        try SequenceSet(
            histories: histories, questions: questions, itemCount: max(itemCount, self.itemCount), asksAgain: asksAgain)
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
