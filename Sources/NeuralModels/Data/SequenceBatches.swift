internal import Numerics

/// Histories cut into batches of about equal work, people of like length together, so that hardly anything is padding.
struct SequenceBatches: Sendable {
    /// What a step learns from.
    struct Batch: Sendable {
        /// `[people, length]`.
        let shape: [Int]
        /// Padded at the end.
        let inputs: [Int64]
        /// Places of `inputs`, counted row by row, at which something is asked.
        let places: [Int64]
        /// What is to be told at each place.
        let targets: [Int64]
        /// What is to be told in the whole batch, whatever the share.
        let allTargets: [Int64]
        /// What is here of the whole batch: people by their places in it, and their part of its positions.
        let share: Shard.Share
        /// Items drawn for the whole batch.
        var drawn: [Int64] = []
    }

    /// People by batch.
    private(set) var people: [[Int]] = []
    private let examples: [SequenceExample?]
    private let padding: Int32

    /// - Parameter positions: The most places of one batch, padding included; a person alone may have more.
    init(_ histories: [[Int32]], _ recipe: SequenceRecipe, positions: Int, using random: inout SeededGenerator) {
        padding = recipe.vocabulary.padding
        var order = histories.indices.filter { histories[$0].count >= 2 }
        order.shuffle(using: &random)
        let examples = histories.map { recipe.example(of: $0, using: &random) }
        self.examples = examples
        func size(of person: Int) -> Int { examples[person]?.inputs.count ?? 0 }
        // Sorting a shuffled list by length alone needs a stable order: the place in it decides.
        let sorted = order.enumerated().sorted {
            (size(of: $0.element), $0.offset) < (size(of: $1.element), $1.offset)
        }
        var current: [Int] = []
        for (_, person) in sorted {
            if !current.isEmpty, (current.count + 1) * size(of: person) > positions {
                people.append(current)
                current = []
            }
            current.append(person)
        }
        if !current.isEmpty { people.append(current) }
        people.shuffle(using: &random)
    }

    func batch(_ number: Int, _ shard: Shard = .whole) -> Batch {
        let whole = people[number].compactMap { examples[$0] }
        let share = shard.share(ofBatch: whole.count) { whole[$0].targets.count }
        let chosen = share.places.map { whole[$0] }
        let width = chosen.reduce(0) { max($0, $1.inputs.count) }
        var inputs = [Int64](repeating: Int64(padding), count: chosen.count * width)
        var (places, targets): ([Int64], [Int64]) = ([], [])
        for (row, example) in chosen.enumerated() {
            for (column, item) in example.inputs.enumerated() { inputs[row * width + column] = Int64(item) }
            places += example.places.map { Int64(row * width + $0) }
            targets += example.targets.map { Int64($0) }
        }
        return Batch(
            shape: [chosen.count, width], inputs: inputs, places: places, targets: targets,
            allTargets: whole.flatMap { $0.targets.map { Int64($0) } }, share: share)
    }
}

/// Makes the batches of one epoch, and draws items that each must be told from.
struct DrawingBatches: BatchMaker {
    let batches: SequenceBatches
    let shard: Shard
    /// What is drawn from, and how many for a batch.
    let known: [Int32]
    let count: Int
    var random: SeededGenerator

    mutating func batch(_ number: Int) -> SequenceBatches.Batch {
        var batch = batches.batch(number, shard)
        for _ in 0..<count { batch.drawn.append(Int64(known[Int.random(in: 0..<known.count, using: &random)])) }
        return batch
    }
}
