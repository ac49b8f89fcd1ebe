import Dispatch
import Synchronization

extension SentenceEncoder {
    /// Texts that are encoded together; of like length, so that no thread waits long for another.
    static let batch = 32

    /// Texts as vectors, shape `[texts.count, width]`, on all of the machine's processors.
    ///
    /// - Parameter progress: How many texts are done, of how many; called from one thread at a time.
    /// - Complexity: That of `encode`, shared among the processors.
    public func encodeAll(_ texts: [String], progress: @Sendable (Int, Int) -> Void = { _, _ in }) -> [Float] {
        let width = shape.width
        let order = texts.indices.sorted { texts[$0].utf8.count < texts[$1].utf8.count }
        let batches = stride(from: 0, to: order.count, by: Self.batch).map { start in
            Array(order[start..<min(start + Self.batch, order.count)])
        }
        let all = Mutex((vectors: [Float](repeating: 0, count: texts.count * width), done: 0))
        DispatchQueue.concurrentPerform(iterations: batches.count) { number in
            let places = batches[number]
            let vectors = encode(places.map { texts[$0] })
            all.withLock { state in
                for (row, place) in places.enumerated() {
                    for column in 0..<width { state.vectors[place * width + column] = vectors[row * width + column] }
                }
                state.done += places.count
                progress(state.done, texts.count)
            }
        }
        return all.withLock { $0.vectors }
    }
}
