import Numerics
import Recommenders
import Testing

@Suite struct FactorModelTests {
    /// Two kinds of people, each with their own fifteen of thirty items.
    static func sequences(seed: UInt64) -> [[UInt32]] {
        var random = SeededGenerator(seed: seed)
        return (0..<120).map { user in
            let first = UInt32(user % 2) * 15
            return (0..<8).map { _ in first + UInt32.random(in: 0..<15, using: &random) }
        }
    }

    @Test(arguments: [
        ImplicitALSModel.name, BPRModel.name, WarmBPRModel.name, ItemEmbeddingModel.name, RP3BetaModel.name,
        VMISModel.name, TIFUModel.name, UPCFModel.name, EASEModel.name,
    ])
    func `a model of taste puts one's own kind of items first`(_ name: String) throws {
        let model = try #require(SequenceModels.train(name, on: Self.sequences(seed: 9), itemLimit: 30))
        for (history, own) in [([2, 5, 11] as [UInt32], 0..<15), ([17, 22, 29], 15..<30)] {
            let list = SequenceModels.lists(
                of: model, after: [history] + Self.sequences(seed: 9), itemLimit: 30, limit: 10)
            let right = try #require(list.first).count { own.contains(Int($0)) }
            #expect(right >= 9)
        }
    }

    @Test func `going on from a model needs fewer epochs than beginning anew`() {
        var parameters = BPRModel.Parameters()
        (parameters.factors, parameters.epochs) = (8, 40)
        let sequences = Self.sequences(seed: 4)
        let full = BPRModel.train(sequences, itemLimit: 30, parameters: parameters)
        parameters.epochs = 1
        let cold = BPRModel.train(sequences, itemLimit: 30, parameters: parameters)
        let warm = BPRModel.train(sequences, itemLimit: 30, parameters: parameters, from: full.start)
        func margin(_ model: BPRModel) -> Double {
            var scores = [Double](repeating: 0, count: 30)
            model.addScores(after: sequences[0], to: &scores)
            return (scores[..<15].reduce(0, +) - scores[15...].reduce(0, +)) / 15
        }
        #expect(margin(warm) > margin(cold) && margin(warm) > 0.5 * margin(full))
    }
}
