public import Ranking

/// What may be set of the models that a shop trains; as shipped unless something else is said.
public struct ModelParameters: Hashable, Sendable {
    public var personal = PersonalFrequencyModel.Parameters()
    public var blend = NextBasketModel.Parameters()
    /// How the trees of the hybrid's two rankers are fitted.
    public var ranker = BasketTeacher.boosting
    public var rankerNetwork = NetworkParameters()
    public var transitions = PCTMModel.basketParameters

    public init() {}

    /// Whether networks speak beside the trees: not where those learn an order.
    public var teachesNetworks: Bool {
        ranker.objective == .logistic && rankerNetwork.share > 0 && rankerNetwork.count > 0
    }
}

extension ModelParameters {
    /// The perceptrons beside the trees of each ranker.
    public struct NetworkParameters: Hashable, Sendable {
        /// What they weigh beside the trees, 0...1; with 0 none are taught, nor where the trees learn an order.
        public var share = 0.6
        /// How many there are, whose mean is taken.
        public var count = 2
        public var fitting = PerceptronFitting()
        public init() {}
    }
}
