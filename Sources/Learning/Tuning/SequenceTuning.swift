import Recommenders

/// The sequence models whose parameters a search may set.
enum SequenceTuning {
    /// The shipped default first.
    static let models = [
        hybrid, transitions, leastSquares, pairwise, walks, personalFrequency, recentPopularity, autoencoder,
    ]

    static func model(_ name: String) throws(LearningError) -> TunableSequenceModel {
        try .named(name, of: models)
    }

    private static let hybrid = TunableSequenceModel(
        name: SequenceHybrid.name,
        space: SearchSpace(
            zip(SequenceHybrid.Parameters.names, SequenceHybrid.Parameters().values).map { name, shipped in
                SearchSpace.Parameter(name, 0...1, shipped: shipped)
            })
    ) { purchases in
        let members = SequenceHybrid.Members(purchases.items, itemLimit: purchases.itemLimit)
        return { SequenceHybrid(members, parameters: .init(values: $0)) }
    }

    private static let transitions = TunableSequenceModel(name: PCTMModel.name, space: PCTMModel.Parameters.space) {
        purchases in
        { values in
            PCTMModel.train(
                purchases.items, itemLimit: purchases.itemLimit, parameters: PCTMModel.Parameters().with(values))
        }
    }

    private static let leastSquares = TunableSequenceModel(
        name: ImplicitALSModel.name,
        space: SearchSpace([
            .init("factors", 16...256, isLogarithmic: true, isWhole: true, shipped: 192),
            .init("regularisation", 0.1...300, isLogarithmic: true, shipped: 0.4),
            .init("confidence", 1...100, isLogarithmic: true, shipped: 40),
        ])
    ) { purchases in
        { values in
            var parameters = ImplicitALSModel.Parameters()
            parameters.factors = Int(values[0])
            (parameters.regularisation, parameters.confidence) = (Float(values[1]), Float(values[2]))
            return ImplicitALSModel.train(purchases.items, itemLimit: purchases.itemLimit, parameters: parameters)
        }
    }

    private static let pairwise = TunableSequenceModel(
        name: BPRModel.name,
        space: SearchSpace([
            .init("factors", 16...256, isLogarithmic: true, isWhole: true, shipped: 64),
            .init("learning_rate", 0.005...0.3, isLogarithmic: true, shipped: 0.05),
            .init("regularisation", 0.0005...0.1, isLogarithmic: true, shipped: 0.01),
            .init("epochs", 10...150, isLogarithmic: true, isWhole: true, shipped: 60),
        ])
    ) { purchases in
        { values in
            var parameters = BPRModel.Parameters()
            (parameters.factors, parameters.epochs) = (Int(values[0]), Int(values[3]))
            (parameters.learningRate, parameters.regularisation) = (Float(values[1]), Float(values[2]))
            return BPRModel.train(purchases.items, itemLimit: purchases.itemLimit, parameters: parameters)
        }
    }

    private static let walks = TunableSequenceModel(
        name: RP3BetaModel.name,
        space: SearchSpace([
            .init("alpha", 0.3...1.5, shipped: 0.9), .init("beta", 0...1, shipped: 0.4),
            .init("history_decay", 0.4...1, shipped: 1),
        ])
    ) { purchases in
        { values in
            var parameters = RP3BetaModel.Parameters()
            (parameters.alpha, parameters.beta, parameters.historyDecay) = (values[0], values[1], values[2])
            return RP3BetaModel.train(purchases.items, itemLimit: purchases.itemLimit, parameters: parameters)
        }
    }

    private static let personalFrequency = TunableSequenceModel(
        name: TIFUModel.name,
        space: SearchSpace([
            .init("within_decay", 0.5...1, shipped: 0.9), .init("between_decay", 0.3...1, shipped: 0.7),
            .init("group_size", 1...20, isWhole: true, shipped: 7), .init("neighbour_share", 0...1, shipped: 0.7),
            .init("neighbours", 20...900, isLogarithmic: true, isWhole: true, shipped: 300),
        ])
    ) { purchases in
        let baskets = purchases.baskets
        return { values in
            var parameters = TIFUModel.Parameters()
            (parameters.withinDecay, parameters.betweenDecay) = (values[0], values[1])
            (parameters.groupSize, parameters.neighbourShare) = (Int(values[2]), values[3])
            parameters.neighbourCount = Int(values[4])
            return TIFUModel.train(baskets: baskets, itemLimit: purchases.itemLimit, parameters: parameters)
        }
    }

    private static let recentPopularity = TunableSequenceModel(
        name: UPCFModel.name,
        space: SearchSpace([
            .init("window", 1...100, isLogarithmic: true, isWhole: true, shipped: 25),
            .init("asymmetry", 0...1, shipped: 0.25),
            .init("locality", 0.5...100, isLogarithmic: true, shipped: 1),
            .init("neighbours", 20...900, isLogarithmic: true, isWhole: true, shipped: 600),
        ])
    ) { purchases in
        let baskets = purchases.baskets
        return { values in
            var parameters = UPCFModel.Parameters()
            (parameters.window, parameters.asymmetry) = (Int(values[0]), values[1])
            (parameters.locality, parameters.neighbourCount) = (values[2], Int(values[3]))
            return UPCFModel.train(baskets: baskets, itemLimit: purchases.itemLimit, parameters: parameters)
        }
    }

    private static let autoencoder = TunableSequenceModel(
        name: EASEModel.name,
        space: SearchSpace([
            .init("regularisation", 10...5000, isLogarithmic: true, shipped: 500),
            .init("history_decay", 0.4...1, shipped: 0.6),
        ])
    ) { purchases in
        { values in
            var parameters = EASEModel.Parameters()
            (parameters.regularisation, parameters.historyDecay) = (Float(values[0]), values[1])
            return EASEModel.train(purchases.items, itemLimit: purchases.itemLimit, parameters: parameters)
        }
    }
}

extension PCTMModel.Parameters {
    static let space = SearchSpace([
        .init("window", 3...40, isWhole: true, shipped: 20), .init("distance_power", 0...1.5, shipped: 0.7),
        .init("smoothing", 100...100_000, isLogarithmic: true, shipped: 11_250),
        .init("history_decay", 0.3...0.95, shipped: 0.6), .init("popularity_weight", -0.3...0.3, shipped: -0.04),
    ])

    /// With values of the space.
    func with(_ values: [Double]) -> PCTMModel.Parameters {
        var parameters = self
        parameters.window = Int(values[0])
        (parameters.distancePower, parameters.smoothing) = (values[1], values[2])
        (parameters.historyDecay, parameters.popularityWeight) = (values[3], values[4])
        return parameters
    }
}
