import Numerics
import Recommenders
import Testing

@Suite struct FactorModelTests {
    /// Any model, history by history: what lists of many histories at once are checked against.
    private struct OneByOne: SequenceScorer {
        let model: any SequenceScorer
        func addScores(after history: [UInt32], to scores: inout [Double]) {
            model.addScores(after: history, to: &scores)
        }
    }

    @Test(arguments: [ImplicitALSModel.name, BPRModel.name, WarmBPRModel.name, ItemEmbeddingModel.name])
    func `lists of many histories at once are those of each alone`(_ name: String) throws {
        var random = SeededGenerator(seed: 12)
        // More items than one tile holds, more histories than a block; some items occur nowhere.
        let itemLimit = 1100
        let sequences = (0..<331).map { _ in
            (0..<Int.random(in: 0..<9, using: &random)).map { _ in UInt32.random(in: 0..<1000, using: &random) }
        }
        let model = try #require(SequenceModels.train(name, on: sequences, itemLimit: itemLimit))
        let many = SequenceModels.lists(of: model, after: sequences, itemLimit: itemLimit, limit: 10)
        let single = SequenceModels.lists(
            of: OneByOne(model: model), after: sequences, itemLimit: itemLimit, limit: 10)
        try #require(many.count == sequences.count)
        var moved = 0
        for (place, history) in sequences.enumerated() {
            var scores = [Double](repeating: 0, count: itemLimit)
            model.addScores(after: history, to: &scores)
            moved += many[place] == single[place] ? 0 : 1
            #expect(Set(many[place]).isDisjoint(with: history) && Set(many[place]).count == 10)
            for (left, right) in zip(many[place], single[place]) {
                let (left, right) = (scores[Int(left)], scores[Int(right)])
                #expect(abs(left - right) <= 1e-4 * max(1e-3, abs(right)))
            }
        }
        // Only near ties may change places.
        #expect(moved <= sequences.count / 20)
    }

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

    /// Few factors make items' systems larger than themselves, many make them smaller: both ways are least squares.
    @Test(arguments: [4, 8, 64])
    func `least squares tells kinds of people apart with any number of factors`(_ factors: Int) {
        var parameters = ImplicitALSModel.Parameters()
        (parameters.factors, parameters.regularisation) = (factors, 1)
        let model = ImplicitALSModel.train(Self.sequences(seed: 9), itemLimit: 30, parameters: parameters)
        // A long history, in which items come twice, and a short one.
        for history in [[2, 5, 11], Array(0..<14) + Array(0..<14)] as [[UInt32]] {
            var scores = [Double](repeating: 0, count: 30)
            model.addScores(after: history, to: &scores)
            let (own, others) = (scores[..<15].reduce(0, +) / 15, scores[15...].reduce(0, +) / 15)
            #expect(own > others + 0.2 && others < 0.3 && scores[2] > 0.5)
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
