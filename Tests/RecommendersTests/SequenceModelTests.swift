import Numerics
import Recommenders
import Testing

@Suite struct SequenceModelTests {
    /// Walks around a ring of 30 items, with some noise.
    static func sequences(seed: UInt64) -> [[UInt32]] {
        var random = SeededGenerator(seed: seed)
        return (0..<200).map { _ in
            var item = UInt32.random(in: 0..<30, using: &random)
            return (0..<8).map { _ in
                item = random.unit() < 0.2 ? UInt32.random(in: 0..<30, using: &random) : (item + 1) % 30
                return item
            }
        }
    }

    @Test(arguments: SequenceModels.names)
    func `a sequence model keeps its promises`(_ name: String) throws {
        let sequences = Self.sequences(seed: 3)
        let model = try #require(SequenceModels.train(name, on: sequences, itemLimit: 32))
        let again = try #require(SequenceModels.train(name, on: sequences, itemLimit: 32))
        for history in [[4, 5, 6], [], [31], [7], Array(repeating: 3, count: 500)] as [[UInt32]] {
            var (scores, same) = ([Double](repeating: 0, count: 32), [Double](repeating: 0, count: 32))
            model.addScores(after: history, to: &scores)
            again.addScores(after: history, to: &same)
            #expect(scores == same && scores.allSatisfy { $0.isFinite })
        }
        let lists = SequenceModels.lists(of: model, after: sequences, itemLimit: 32, limit: 10)
        #expect(lists.count == sequences.count)
        for (list, sequence) in zip(lists, sequences) {
            #expect(list.count == 10 && Set(list).count == 10)
            #expect(Set(list).isDisjoint(with: sequence + [30, 31]))
        }
    }

    @Test(arguments: [SequenceHybrid.name, PCTMModel.name, SequentialRulesModel.name, MarkovChainModel.name])
    func `models of order find the next step of the ring`(_ name: String) throws {
        let model = try #require(SequenceModels.train(name, on: Self.sequences(seed: 3), itemLimit: 32))
        var found = 0
        for start: UInt32 in 0..<26 {
            var scores = [Double](repeating: 0, count: 32)
            model.addScores(after: [start, start + 1, start + 2], to: &scores)
            let best = scores.indices.filter { !(Int(start)...Int(start) + 2).contains($0) && $0 < 30 }
                .max { scores[$0] < scores[$1] }
            found += best == Int(start) + 3 ? 1 : 0
        }
        // The hybrid also listens to neighbours without an order: a near tie may go to the step after.
        #expect(found >= 24)
    }

    @Test func `an unknown name is no model, and nothing at all can be trained on`() {
        let oracle = SequenceModels.train("oracle", on: [], itemLimit: 0)
        #expect(oracle == nil)
        for name in SequenceModels.names {
            let model = SequenceModels.train(name, on: [], itemLimit: 0)
            #expect(model.map { SequenceModels.lists(of: $0, after: [], itemLimit: 0, limit: 10) } == [])
        }
    }

    @Test func `EASE is the closed form`() throws {
        // XᵀX of two items that four people share and one has alone, solved by hand with λ = 500.
        let sequences: [[UInt32]] = [[0, 1], [0, 1], [0, 1], [0, 1], [0]]
        let model = EASEModel.train(sequences, itemLimit: 2)
        var scores = [0.0, 0.0]
        model.addScores(after: [0], to: &scores)
        #expect(abs(scores[1] - 4.0 / 505.0) < 1e-7 && abs(scores[0]) < 1e-7)
    }

    @Test func `personal frequency is counted in baskets where there are baskets`() {
        // Two groups of one basket, ages 0 and 1: weights 1/2 and .5/2, no neighbours' part.
        var tifu = TIFUModel.Parameters()
        (tifu.groupSize, tifu.betweenDecay, tifu.neighbourShare) = (1, 0.5, 0)
        let histories: [[[UInt32]]] = [[[0, 1], [1]], [[2]]]
        let model = TIFUModel.train(baskets: histories, itemLimit: 3, parameters: tifu)
        var scores = [0.0, 0.0, 0.0]
        model.addScores(afterBaskets: histories[0], to: &scores)
        #expect(scores == [0.25, 0.75, 0])
        // The same events without baskets are three baskets of one item.
        scores = [0, 0, 0]
        model.addScores(after: [0, 1, 1], to: &scores)
        #expect(zip(scores, [0.25 / 3, 1.5 / 3, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func `recent popularity counts the newest baskets, and nearer people more with more locality`() {
        var parameters = UPCFModel.Parameters()
        (parameters.window, parameters.asymmetry, parameters.locality) = (2, 0.5, 2)
        // Shares of the last two baskets: (0: 1, 1: ½), (0: 1, 2: 1); cosine (1 / √1.25 / √2).
        let histories: [[[UInt32]]] = [[[2], [0, 1], [0]], [[0, 2], [0, 2]]]
        let model = UPCFModel.train(baskets: histories, itemLimit: 3, parameters: parameters)
        var scores = [0.0, 0.0, 0.0]
        model.addScores(afterBaskets: histories[0], to: &scores)
        let square = 1 / (1.25 * 2)
        #expect(zip(scores, [1 + square, 0.5, square]).allSatisfy { abs($0 - $1) < 1e-6 })
    }
}
