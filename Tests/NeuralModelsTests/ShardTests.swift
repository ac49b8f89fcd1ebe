import TestSupport
import Testing

@testable import NeuralModels

@Suite struct ShardTests {
    @Test(arguments: [1, 2, 3, 7]) func `shares take every example once and their weights add up to one`(count: Int) {
        for examples in [1, 2, 5, 16] {
            let shares = (0..<count).map {
                Shard(rank: $0, count: count).share(ofBatch: examples) { 1 + $0 % 3 }
            }
            #expect(shares.filter { $0.weight > 0 }.flatMap(\.places).sorted() == Array(0..<examples))
            #expect(abs(shares.reduce(0) { $0 + $1.weight } - 1) < 1e-12)
            #expect(shares.allSatisfy { !$0.places.isEmpty })
        }
    }

    /// Sums of what the shards of a task give, and what the whole gives, over the batches of two epochs.
    private func compare(_ make: () throws -> any TrainingTask, shards: Int) throws {
        let (whole, parts) = (try make(), try (0..<shards).map { _ in try make() })
        for (rank, part) in parts.enumerated() { part.shard = Shard(rank: rank, count: shards) }
        for epoch in 0..<2 {
            try whole.begin(epoch: epoch)
            for part in parts { try part.begin(epoch: epoch) }
            for batch in 0..<whole.batchCount {
                let expected = try SmallTasks.gradients(whole, batch: batch)
                var sum = [Float](repeating: 0, count: expected.count)
                for part in parts {
                    for (place, number) in try SmallTasks.gradients(part, batch: batch).enumerated() {
                        sum[place] += number
                    }
                }
                let scale = expected.reduce(1) { max($0, abs($1)) }
                let worst = zip(sum, expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
                #expect(worst < 1e-5 * scale, "epoch \(epoch), batch \(batch): \(worst) of \(scale)")
                #expect(expected.contains { abs($0) > 1e-3 })
            }
        }
    }

    @Test(arguments: [2, 3]) func `gradients of shards add up to those of the whole: perceptron`(shards: Int) throws {
        try compare({ try SmallTasks.perceptron() }, shards: shards)
    }

    @Test(arguments: [NextItemTask.Contrast.all, .drawn(8), .batch(drawn: 5), .pairs(drawn: 6)])
    func `gradients of shards add up to those of the whole: sasrec`(contrast: NextItemTask.Contrast) throws {
        try compare({ try SmallTasks.sasrec(contrast) }, shards: 2)
        try compare({ try SmallTasks.sasrec(contrast, count: 7) }, shards: 5)
    }

    @Test(arguments: [2, 3, 7])
    func `gradients of shards add up to those of the whole: questions that some examples know`(shards: Int) throws {
        // Some of the batches hold no click, and the last one fewer examples than there are shards.
        try compare({ try SmallTasks.purchases(63, clicks: 6, batch: 8).task }, shards: shards)
    }

    @Test func `gradients of shards add up to those of the whole: sentence encoder`() throws {
        let folder = try TemporaryFolder()
        var job = try EncoderJobTests.job(folder, "model")
        (job.dropout, job.temperature) = (0, 0.5)
        try compare({ try job.task(on: EncoderJobTests.pairs()) }, shards: 3)
    }
}
