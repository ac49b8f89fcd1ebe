internal import Dispatch
internal import Synchronization

/// Makes the batches of one epoch. What is drawn at random for them is drawn in the order in which they are made.
///
/// A value: a copy draws again what the original drew after it.
protocol BatchMaker: Sendable {
    associatedtype Batch: Sendable
    /// Makes the batch with this number, from 0.
    mutating func batch(_ number: Int) -> Batch
}

/// Makes the next batch on another thread while a step computes with the last one.
///
/// Gives what a maker alone gives, in whatever order batches are asked for: if the next one is not that which was made ahead,
/// the maker goes back to where it was before.
final class Prefetch<Maker: BatchMaker>: Sendable {
    private struct State {
        var maker: Maker
        /// A batch that nobody asked for yet, and the maker before it.
        var ahead: (number: Int, batch: Maker.Batch, before: Maker)?

        mutating func take(_ number: Int) -> Maker.Batch {
            guard let ahead else { return maker.batch(number) }
            self.ahead = nil
            if ahead.number == number { return ahead.batch }
            maker = ahead.before
            return maker.batch(number)
        }

        mutating func makeAhead(_ number: Int) {
            let before = maker
            ahead = (number, maker.batch(number), before)
        }
    }

    private let count: Int
    private let state: Mutex<State>
    /// Blocks run here one by one, so that `take` waits for what is being made.
    private let queue = DispatchQueue(label: "souk.batches", qos: .userInitiated)

    /// - Parameter count: The batches that there are; none is made beyond.
    init(_ maker: Maker, count: Int) {
        self.count = count
        state = Mutex(State(maker: maker))
    }

    /// The batch with this number; begins to make the one behind it.
    func take(_ number: Int) -> Maker.Batch {
        let batch = queue.sync { state.withLock { $0.take(number) } }
        if number + 1 < count { queue.async { self.state.withLock { $0.makeAhead(number + 1) } } }
        return batch
    }
}
