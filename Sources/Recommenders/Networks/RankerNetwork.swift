import Encoders
import Numerics
import Ranking
import Storage

/// What some perceptrons say of the ranker's rows: the mean of their logarithms of odds.
///
/// They learn what the trees learn, from more weeks (`BasketTeacher`), and err otherwise: one begins from other weights than the next,
/// and none cuts its numbers into steps as trees do. Their mean is an ensemble after Hansen and Salamon (IEEE PAMI 12, 1990).
struct RankerNetwork: Sendable {
    /// Rows that the scaling is learned from, spread over all.
    private static let scalingRows = 100_000
    private static let mostMembers = 16

    let scaling: FeatureScaling
    let members: [Perceptron]

    /// The scores of rows, shape `[count, BasketFeature.count]`.
    ///
    /// - Complexity: O(count × weights of all members).
    func scores(_ rows: [Float]) -> [Float] {
        let inputs = scaling.apply(rows)
        let share = 1 / Float(members.count)
        var sums = [Float](repeating: 0, count: rows.count / BasketFeature.count)
        for member in members {
            for (place, output) in member.outputs(of: inputs).enumerated() { sums[place] += share * output }
        }
        return sums
    }

    /// What each feature of a row adds to its score beside the scores of others, shape `[others, BasketFeature.count]`: by DeepLIFT, see
    /// `Perceptron.attributions(of:beside:)`. That a value is missing counts with the feature that lacks it.
    func attributions(of row: [Float], beside others: [Float]) -> [Float] {
        let (own, inputs) = (scaling.apply(row), scaling.apply(others))
        let columns = scaling.names.count
        var result = [Float](repeating: 0, count: others.count)
        let share = 1 / Float(members.count)
        for member in members {
            let values = member.attributions(of: own, beside: inputs)
            for other in 0..<others.count / columns {
                for column in 0..<scaling.width {
                    let feature = column < columns ? column : scaling.indicators[column - columns]
                    result[other * columns + feature] += values[other * scaling.width + column] * share
                }
            }
        }
        return result
    }
}

extension RankerNetwork {
    /// Examples of one ranker with the scaling that all members share.
    struct Lesson: Sendable {
        private let scaling: FeatureScaling
        private let recent: [Float]
        private let older: [Float]
        private let labels: [Float]
        private let weights: [Float]

        init(recent: RankingExamples, older: RankingExamples) {
            (self.recent, self.older) = (recent.features, older.features)
            labels = recent.labels + older.labels
            weights = RankingExamples.rowWeights(of: [recent, older])
            let (columns, step) = (BasketFeature.count, max(1, labels.count / RankerNetwork.scalingRows))
            let sample = [recent, older].flatMap { part in
                stride(from: 0, to: part.rowCount, by: step).flatMap {
                    part.features[$0 * columns..<($0 + 1) * columns]
                }
            }
            scaling = FeatureScaling(learning: sample, names: PurchaseExamples.features)
        }

        /// Fits one member, on one thread; `nil` where there is nothing to learn, or weights end as no numbers.
        func member(_ fitting: PerceptronFitting, seed: UInt64) -> Perceptron? {
            let border = recent.count / BasketFeature.count
            let examples = PerceptronFitting.Examples(width: scaling.width, labels: labels, weights: weights) {
                if $0 < border {
                    scaling.apply(recent, row: $0, into: &$1, at: $2)
                } else {
                    scaling.apply(older, row: $0 - border, into: &$1, at: $2)
                }
            }
            return LinearAlgebra.withThreads(1) {
                try? fitting.train(examples, seed: seed)  // The other members speak without it, or the trees alone.
            }
        }

        func network(_ members: [Perceptron]) -> RankerNetwork? {
            members.isEmpty ? nil : RankerNetwork(scaling: scaling, members: members)
        }
    }
}

extension RankerNetwork {
    func store(in file: inout ColumnFile, name: String) {
        file.set("\(name)_means", scaling.means)
        file.set("\(name)_deviations", scaling.deviations)
        file.set("\(name)_indicators", scaling.indicators.map { UInt32($0) })
        file.set("\(name)_units", members[0].layers.map { UInt32($0.bias.count) })
        file.set("\(name)_weights", members.flatMap { $0.layers.flatMap(\.weights) })
        file.set("\(name)_biases", members.flatMap { $0.layers.flatMap(\.bias) })
    }

    /// `nil` where the file holds no network of that name.
    init?(_ file: ColumnFile, name: String) throws(StorageError) {
        guard file.columns["\(name)_units"] != nil else { return nil }
        let damage = file.damaged("the networks of its rankers do not fit together")
        let (means, deviations) = (try file.floats("\(name)_means"), try file.floats("\(name)_deviations"))
        let indicators = try file.uint32s("\(name)_indicators").map { Int($0) }
        guard
            let scaling = FeatureScaling(
                names: PurchaseExamples.features, means: means, deviations: deviations, indicators: indicators)
        else { throw damage }
        let units = try file.uint32s("\(name)_units").map { Int($0) }
        let (weights, biases) = (try file.floats("\(name)_weights"), try file.floats("\(name)_biases"))
        let each = units.reduce(0, +)
        guard each > 0, units.last == 1, biases.count % each == 0, (1...Self.mostMembers).contains(biases.count / each)
        else { throw damage }
        var (members, taken, begun): ([Perceptron], Int, Int) = ([], 0, 0)
        for _ in 0..<biases.count / each {
            var (layers, inputs): ([Perceptron.Layer], Int) = ([], scaling.width)
            for width in units {
                let end = taken + inputs * width
                guard end <= weights.count else { throw damage }
                do {
                    layers.append(
                        try .init(
                            inputs: inputs, weights: Array(weights[taken..<end]),
                            bias: Array(biases[begun..<begun + width])))
                } catch { throw damage }
                (taken, begun, inputs) = (end, begun + width, width)
            }
            do { members.append(try Perceptron(layers)) } catch { throw damage }
        }
        guard taken == weights.count else { throw damage }
        self.init(scaling: scaling, members: members)
    }
}
