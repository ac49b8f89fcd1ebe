import Ranking
import Recommenders

/// The models of baskets whose parameters a search may set.
enum BasketTuning {
    /// The shipped default first.
    static let models =
        [ranker, trained(NextBasketModel.self), trained(PersonalFrequencyModel.self), trained(PCTMModel.self)]
        + SequenceTuning.models.filter { SequencePredictor.names.contains($0.name) }.map(bridged)

    static func model(_ name: String) throws(LearningError) -> TunableBasketModel { try .named(name, of: models) }

    /// Examples are made once: trials fit trees to them.
    private static let ranker = TunableBasketModel(
        name: RankedBasketModel.name, space: BasketParameters.spaces[RankedBasketModel.name] ?? SearchSpace([])
    ) { set in
        let schooling = RankedBasketModel.Schooling(set)
        return { values in
            var parameters = set.parameters
            BasketParameters.set(RankedBasketModel.name, to: values, in: &parameters)
            return BasketPredictor(schooling.model(parameters))
        }
    }

    /// A model whose parameters belong to a training set.
    private static func trained(_ type: (some Recommender).Type) -> TunableBasketModel {
        TunableBasketModel(name: type.name, space: BasketParameters.spaces[type.name] ?? SearchSpace([])) { set in
            { values in
                var set = set
                BasketParameters.set(type.name, to: values, in: &set.parameters)
                return BasketPredictor(type.train(set))
            }
        }
    }

    /// A model of sequences that is asked for baskets.
    private static func bridged(_ model: TunableSequenceModel) -> TunableBasketModel {
        TunableBasketModel(name: model.name, space: model.space) { set in
            let purchases = PurchaseSequences(set)
            let trainer = model.prepare(purchases)
            return { BasketPredictor(SequencePredictor(model.name, trainer($0), purchases)) }
        }
    }
}

/// The search spaces of models whose parameters belong to a training set, and where their values belong in it.
enum BasketParameters {
    /// What `souk train` trains of them.
    static let served = [NextBasketModel.name, PersonalFrequencyModel.name, RankedBasketModel.name]

    static let spaces: [String: SearchSpace] = [
        PersonalFrequencyModel.name: SearchSpace([
            .init("decay", 0.9...0.999, shipped: 0.98), .init("due_slope", 0.5...10, shipped: 4),
            .init("due_centre", 0...1.5, shipped: 0.5),
            .init("repeat_weight", 0.001...1, isLogarithmic: true, shipped: 0.01),
        ]),
        NextBasketModel.name: SearchSpace([
            .init("decay", 0.9...0.999, shipped: 0.98), .init("resting_share", 0...1, shipped: 0.5),
            .init("times_weight", 0...0.5, shipped: 0.1), .init("neighbour_weight", 0...1.5, shipped: 0.3),
            .init("neighbours", 20...300, isLogarithmic: true, isWhole: true, shipped: 100),
            .init("share_weight", 1e-4...10, isLogarithmic: true, shipped: 1e-3),
        ]),
        RankedBasketModel.name: SearchSpace([
            .init("objective", choices: objectives.map(\.rawValue), shipped: shippedRanker.objective.rawValue),
            .init("trees", 30...400, isLogarithmic: true, isWhole: true, shipped: Double(shippedRanker.rounds)),
            .init("depth", 2...8, isWhole: true, shipped: Double(shippedRanker.depth)),
            .init("learning_rate", 0.02...0.3, isLogarithmic: true, shipped: shippedRanker.learningRate),
            .init("feature_share", 0.2...1, shipped: shippedRanker.featureShare),
            .init("row_share", 0.3...1, shipped: shippedRanker.rowShare),
            .init("leaf_weight", 1...100, isLogarithmic: true, shipped: shippedRanker.minimumLeafWeight),
            .init("bags", 1...6, isWhole: true, shipped: Double(shippedRanker.bags)),
            .init("network_share", 0...1, shipped: shippedNetwork.share),
            .init("networks", 1...8, isWhole: true, shipped: Double(shippedNetwork.count)),
            .init("network_epochs", 1...20, isWhole: true, shipped: Double(shippedNetwork.fitting.epochs)),
            .init(
                "network_rate", 1e-4...1e-2, isLogarithmic: true, shipped: shippedNetwork.fitting.learningRate),
            .init("network_dropout", 0...0.5, shipped: shippedNetwork.fitting.dropout),
        ]),
        PCTMModel.name: PCTMModel.Parameters.space,
    ]

    private static let objectives = GradientBoosting.Objective.allCases
    private static let shippedRanker = ModelParameters().ranker
    private static let shippedNetwork = ModelParameters().rankerNetwork

    /// Sets the parameters of a model to values of its space; those of others stay.
    static func set(_ name: String, to values: [Double], in parameters: inout ModelParameters) {
        switch name {
        case PersonalFrequencyModel.name:
            (parameters.personal.decay, parameters.personal.dueSlope) = (values[0], values[1])
            (parameters.personal.dueCentre, parameters.personal.repeatWeight) = (values[2], values[3])
        case NextBasketModel.name:
            (parameters.blend.decay, parameters.blend.restingShare) = (values[0], values[1])
            (parameters.blend.timesWeight, parameters.blend.neighbourWeight) = (values[2], values[3])
            (parameters.blend.neighbourCount, parameters.blend.shareWeight) = (Int(values[4]), values[5])
        case RankedBasketModel.name:
            parameters.ranker.objective = objectives[Int(values[0])]
            (parameters.ranker.rounds, parameters.ranker.depth) = (Int(values[1]), Int(values[2]))
            parameters.ranker.learningRate = values[3]
            (parameters.ranker.featureShare, parameters.ranker.rowShare) = (values[4], values[5])
            (parameters.ranker.minimumLeafWeight, parameters.ranker.bags) = (values[6], Int(values[7]))
            (parameters.rankerNetwork.share, parameters.rankerNetwork.count) = (values[8], Int(values[9]))
            parameters.rankerNetwork.fitting.epochs = Int(values[10])
            parameters.rankerNetwork.fitting.learningRate = values[11]
            parameters.rankerNetwork.fitting.dropout = values[12]
        case PCTMModel.name: parameters.transitions = parameters.transitions.with(values)
        default: preconditionFailure("\(name) has no parameters in a training set")
        }
    }
}
