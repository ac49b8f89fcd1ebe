internal import Numerics
internal import Torch

/// Histories cut into batches of about equal work, people of like length together, so that hardly anything is padding.
struct SequenceBatches {
    /// What a step learns from: item *k + 1* is to be told from the items up to *k*.
    struct Batch {
        /// Shape `[people, length]`, padded at the end with item 0.
        let inputs: Tensor
        /// Places of `inputs`, counted row by row, that are no padding; shape `[positions]`.
        let places: Tensor
        /// The next item at each place, shape `[positions]`.
        let targets: Tensor
        /// What is here of the whole batch: people by their places in it, and their part of its positions.
        let share: Shard.Share
    }

    /// People by batch.
    private(set) var people: [[Int]] = []
    private let histories: [[Int32]]
    private let length: Int

    /// - Parameter length: Of a longer history only its end is used.
    /// - Parameter positions: The most places of one batch, padding included; a person alone may have more.
    init(_ histories: [[Int32]], length: Int, positions: Int, using random: inout SeededGenerator) {
        (self.histories, self.length) = (histories, length)
        var order = histories.indices.filter { histories[$0].count >= 2 }
        order.shuffle(using: &random)
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

    private func size(of person: Int) -> Int { min(length, histories[person].count - 1) }

    func batch(_ number: Int, _ shard: Shard = .whole, device: Device) throws(TorchError) -> Batch {
        let share = shard.share(ofBatch: people[number].count) { size(of: people[number][$0]) }
        let chosen = share.places.map { people[number][$0] }
        let width = chosen.reduce(0) { max($0, size(of: $1)) }
        var inputs = [Int64](repeating: 0, count: chosen.count * width)
        var (places, targets): ([Int64], [Int64]) = ([], [])
        for (row, person) in chosen.enumerated() {
            let history = histories[person].suffix(size(of: person) + 1)
            for (column, item) in history.dropLast().enumerated() {
                inputs[row * width + column] = Int64(item)
                places.append(Int64(row * width + column))
            }
            targets += history.dropFirst().map { Int64($0) }
        }
        return Batch(
            inputs: try Tensor(inputs, shape: [chosen.count, width], device: device),
            places: try Tensor(places, shape: [places.count], device: device),
            targets: try Tensor(targets, shape: [targets.count], device: device), share: share)
    }
}
