internal import Encoders
internal import Torch

/// Examples as networks take them: scaled numbers, rows of the fields' table, histories, and what came of each.
struct PurchaseInputs {
    /// The first is whether the item was bought, the second whether something of its type was, the third whether it was clicked.
    static let questions = ["purchase", "purchase of the type", "click"]

    let width: Int
    /// Shape `[count, width]`.
    let rows: [Float]
    /// Shape `[count, fields]`; empty for networks without fields.
    let fields: [Int32]
    /// Shape `[count, length, historyFields]`; empty for networks without histories.
    let histories: [Int32]
    let lengths: [Int]
    /// Shape `[questions][count]`; `false` where the answer is not known.
    let labels: [[Bool]]
    /// Whether an example knows the answer; shape `[questions][count]`.
    let isKnown: [[Bool]]
    var count: Int { labels[0].count }

    /// - Parameter vocabulary: `nil` for a network that takes numbers alone.
    init(
        _ examples: [Float], _ fields: PurchaseFields, labels: [Bool], scaling: FeatureScaling,
        vocabulary: FieldVocabulary?, hasHistories: Bool
    ) {
        self.init(
            examples, fields, answers: [labels, fields.isTypeBought], scaling: scaling, vocabulary: vocabulary,
            hasHistories: hasHistories)
    }

    /// - Parameter answers: By question; `nil` where no example knows the answer.
    init(
        _ examples: [Float], _ fields: PurchaseFields, answers: [[Bool]?], scaling: FeatureScaling,
        vocabulary: FieldVocabulary?, hasHistories: Bool
    ) {
        let none = [Bool](repeating: false, count: fields.count)
        labels = answers.map { $0 ?? none }
        isKnown = answers.map { $0 == nil ? none : none.map { !$0 } }
        (width, rows) = (scaling.width, scaling.apply(examples))
        self.fields = vocabulary?.rows(of: fields) ?? []
        histories = hasHistories ? vocabulary?.historyRows(of: fields) ?? [] : []
        lengths = hasHistories ? fields.lengths : []
    }

    /// Examples with others behind them, of networks without histories; a question that one side lacks is not known there.
    init(_ first: PurchaseInputs, and second: PurchaseInputs) {
        precondition(
            first.width == second.width && first.lengths.isEmpty && second.lengths.isEmpty,
            "numbers of one width, and no histories")
        func joined(_ columns: (PurchaseInputs) -> [[Bool]]) -> [[Bool]] {
            (0..<max(first.labels.count, second.labels.count)).map { question in
                [first, second].flatMap { inputs in
                    let own = columns(inputs)
                    return question < own.count ? own[question] : [Bool](repeating: false, count: inputs.count)
                }
            }
        }
        (width, rows, fields) = (first.width, first.rows + second.rows, first.fields + second.fields)
        (histories, lengths) = ([], [])
        (labels, isKnown) = (joined(\.labels), joined(\.isKnown))
    }

    /// Whether every example knows the answers of these questions.
    func isComplete(_ questions: Range<Int>) -> Bool { questions.allSatisfy { isKnown[$0].allSatisfy(\.self) } }

    /// Tensors of the examples with these numbers.
    func batch(_ chosen: some Collection<Int>, device: Device) throws(TorchError) -> PurchaseBatch {
        let count = chosen.count
        let numbers = try Tensor(Self.gathered(rows, width, chosen), shape: [count, width], device: device)
        let fieldCount = PurchaseFields.Field.allCases.count
        let ofItem = PurchaseFields.historyFields.count
        let length = lengths.isEmpty ? 0 : histories.count / (lengths.count * ofItem)
        var batch = PurchaseBatch(numbers: numbers)
        if !fields.isEmpty {
            batch.fields = try Tensor(
                Self.gathered(fields, fieldCount, chosen).map { Int64($0) }, shape: [count, fieldCount], device: device)
        }
        if length > 0 {
            // As long as the longest of the batch.
            let longest = max(1, chosen.map { lengths[$0] }.max() ?? 1)
            var (rows, isPresent): ([Int64], [Float]) = ([], [])
            for place in chosen {
                let start = place * length * ofItem
                rows += histories[start..<start + longest * ofItem].map { Int64($0) }
                isPresent += (0..<longest).map { $0 < lengths[place] ? 1 : 0 }
            }
            batch.history = (
                try Tensor(rows, shape: [count, longest, ofItem], device: device),
                try Tensor(isPresent, shape: [count, longest], device: device)
            )
        }
        return batch
    }

    private static func gathered<Number>(
        _ values: [Number], _ width: Int, _ chosen: some Collection<Int>
    ) -> [Number] {
        var result: [Number] = []
        result.reserveCapacity(chosen.count * width)
        for place in chosen { result += values[place * width..<(place + 1) * width] }
        return result
    }

    var checksum: DataChecksum {
        var sum = DataChecksum()
        for value in rows { sum.add(UInt64(value.bitPattern)) }
        for value in fields { sum.add(UInt64(UInt32(bitPattern: value))) }
        for value in histories { sum.add(UInt64(UInt32(bitPattern: value))) }
        for (label, isKnown) in zip(labels.joined(), isKnown.joined()) { sum.add(isKnown ? label ? 1 : 2 : 3) }
        return sum
    }
}

/// What a network reads of some examples.
struct PurchaseBatch {
    /// Shape `[batch, width]`.
    var numbers: Tensor
    /// Rows of the fields' table, shape `[batch, fields]`.
    var fields: Tensor?
    /// Rows of the fields' table, shape `[batch, length, historyFields]`, and 1 where there is an item, shape `[batch, length]`.
    var history: (rows: Tensor, isPresent: Tensor)?

    /// - Throws: `TorchError` for a batch without fields.
    func fieldRows() throws(TorchError) -> Tensor {
        guard let fields else {
            throw TorchError(operation: "fields", shapes: [numbers.shape], reason: "the examples have no fields")
        }
        return fields
    }
}
