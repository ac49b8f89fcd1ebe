public import Torch

/// Which part of every batch one of several processes computes: the examples rank, rank + count, … of it.
///
/// A task draws what is random for a whole batch, whatever its shard, and then computes its share of it: so all processes
/// draw alike, and their gradients add up to that of the whole batch.
public struct Shard: Sendable, Hashable {
    public let rank: Int
    /// How many processes there are.
    public let count: Int

    /// Every batch as a whole.
    public static let whole = Shard(rank: 0, count: 1)

    public init(rank: Int, count: Int) {
        precondition(count > 0 && (0..<count).contains(rank), "a rank is one of as many as there are")
        (self.rank, self.count) = (rank, count)
    }

    /// What a process computes of a batch.
    public struct Share: Sendable, Hashable {
        /// Its examples, by their places in the batch.
        public let places: [Int]
        /// Its terms of the loss by all terms of the batch.
        public let weight: Double

        /// The share's part of a batch's mean loss, of the share's own mean: the parts of all processes add up to the whole.
        public func part(ofMean loss: Tensor) throws(TorchError) -> Tensor { weight == 1 ? loss : try loss * weight }
    }

    /// The share of a batch of so many examples, each with its number of terms in the loss.
    ///
    /// Of fewer examples than processes some processes have none: they compute the first with weight 0, so that every process
    /// has gradients of the same shapes.
    public func share(ofBatch examples: Int, terms: (Int) -> Int = { _ in 1 }) -> Share {
        guard count > 1 else { return Share(places: Array(0..<examples), weight: 1) }
        guard rank < examples else { return Share(places: Array(0..<min(1, examples)), weight: 0) }
        let places = Array(stride(from: rank, to: examples, by: count))
        let all = (0..<examples).reduce(0) { $0 + terms($1) }
        return Share(places: places, weight: Double(places.reduce(0) { $0 + terms($1) }) / Double(max(1, all)))
    }
}
