import Recommenders

/// A sequence model whose parameters a search may set.
public struct TunableModel: Sendable {
    /// Makes models of one training set; what does not depend on the parameters is trained once.
    typealias Trainer = @Sendable (_ values: [Double]) -> any SequenceModel

    public let name: String
    public let space: SearchSpace
    /// Takes sequences, oldest item first, and one more than the largest item.
    let prepare: @Sendable (_ sequences: [[UInt32]], _ itemLimit: Int) -> Trainer

    /// All of them; the shipped default first.
    public static let all = [hybrid, transitions, leastSquares, pairwise, walks]

    public static func named(_ name: String) -> TunableModel? { all.first { $0.name == name } }

    private static let hybrid = TunableModel(
        name: SequenceHybrid.name,
        space: SearchSpace(
            zip(SequenceHybrid.Parameters.names, SequenceHybrid.Parameters().values).map { name, shipped in
                SearchSpace.Parameter(name, 0...1, shipped: shipped)
            })
    ) { sequences, itemLimit in
        let members = SequenceHybrid.Members(sequences, itemLimit: itemLimit)
        return { SequenceHybrid(members, parameters: .init(values: $0)) }
    }

    private static let transitions = TunableModel(
        name: PCTMModel.name,
        space: SearchSpace([
            .init("window", 3...40, shipped: 20), .init("distance_power", 0...1.5, shipped: 0.7),
            .init("smoothing", 100...100_000, isLogarithmic: true, shipped: 11_250),
            .init("history_decay", 0.3...0.95, shipped: 0.6), .init("popularity_weight", -0.3...0.3, shipped: -0.04),
        ])
    ) { sequences, itemLimit in
        { values in
            var parameters = PCTMModel.Parameters()
            parameters.window = Int(values[0].rounded())
            (parameters.distancePower, parameters.smoothing) = (values[1], values[2])
            (parameters.historyDecay, parameters.popularityWeight) = (values[3], values[4])
            return PCTMModel.train(sequences, itemLimit: itemLimit, parameters: parameters)
        }
    }

    private static let leastSquares = TunableModel(
        name: ImplicitALSModel.name,
        space: SearchSpace([
            .init("factors", 16...256, isLogarithmic: true, shipped: 192),
            .init("regularisation", 0.1...300, isLogarithmic: true, shipped: 0.4),
            .init("confidence", 1...100, isLogarithmic: true, shipped: 40),
        ])
    ) { sequences, itemLimit in
        { values in
            var parameters = ImplicitALSModel.Parameters()
            parameters.factors = Int(values[0].rounded())
            (parameters.regularisation, parameters.confidence) = (Float(values[1]), Float(values[2]))
            return ImplicitALSModel.train(sequences, itemLimit: itemLimit, parameters: parameters)
        }
    }

    private static let pairwise = TunableModel(
        name: BPRModel.name,
        space: SearchSpace([
            .init("factors", 16...256, isLogarithmic: true, shipped: 64),
            .init("learning_rate", 0.005...0.3, isLogarithmic: true, shipped: 0.05),
            .init("regularisation", 0.0005...0.1, isLogarithmic: true, shipped: 0.01),
            .init("epochs", 10...150, isLogarithmic: true, shipped: 60),
        ])
    ) { sequences, itemLimit in
        { values in
            var parameters = BPRModel.Parameters()
            (parameters.factors, parameters.epochs) = (Int(values[0].rounded()), Int(values[3].rounded()))
            (parameters.learningRate, parameters.regularisation) = (Float(values[1]), Float(values[2]))
            return BPRModel.train(sequences, itemLimit: itemLimit, parameters: parameters)
        }
    }

    private static let walks = TunableModel(
        name: RP3BetaModel.name,
        space: SearchSpace([
            .init("alpha", 0.3...1.5, shipped: 0.9), .init("beta", 0...1, shipped: 0.4),
            .init("history_decay", 0.4...1, shipped: 1),
        ])
    ) { sequences, itemLimit in
        { values in
            var parameters = RP3BetaModel.Parameters()
            (parameters.alpha, parameters.beta, parameters.historyDecay) = (values[0], values[1], values[2])
            return RP3BetaModel.train(sequences, itemLimit: itemLimit, parameters: parameters)
        }
    }
}
