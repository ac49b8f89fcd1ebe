public import Ranking

/// What may be set of the models that a shop trains; as shipped unless something else is said.
public struct ModelParameters: Hashable, Sendable {
    public var personal = PersonalFrequencyModel.Parameters()
    public var blend = NextBasketModel.Parameters()
    /// How the trees of the hybrid's two rankers are fitted.
    public var ranker = BasketTeacher.boosting
    public var transitions = PCTMModel.basketParameters

    public init() {}
}
