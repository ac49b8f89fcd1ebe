import Domain
import Evaluation
import Features
import Recommenders

/// Ten items of any kind, and ten new ones, from one model.
struct BasketPredictor {
    let name: String
    private let model: any Recommender
    private static let length = BasketEvaluation.cutoff

    /// - Throws: `unusable` for a name that is no model's.
    init(model name: String?, set: TrainingSet) throws {
        self.name = name ?? RankedBasketModel.name
        model =
            switch self.name {
            case RankedBasketModel.name: RankedBasketModel.train(set)
            case NextBasketModel.name: NextBasketModel.train(set)
            case PopularityModel.name: PopularityModel.train(set)
            case PersonalFrequencyModel.name: PersonalFrequencyModel.train(set)
            case ItemNeighbourModel.name: ItemNeighbourModel.train(set)
            case BoughtTogetherModel.name: BoughtTogetherModel.train(set)
            case PCTMModel.name: PCTMModel.train(set)
            case let other:
                throw LearningError(
                    .unusable,
                    "There is no model '\(other)'. Models: \((RecommenderModels.names + [NextBasketModel.name]).joined(separator: ", "))."
                )
            }
    }

    /// Whether a score says how likely it is that the item is in the next basket.
    var scoresAreChances: Bool { (model as? RankedBasketModel)?.givesChances ?? false }

    /// The best candidates with their scores.
    func scored(_ context: RecommendationContext, limit: Int) -> [ScoredItem] {
        model.candidates(for: context, limit: limit)
    }

    func any(_ context: RecommendationContext) -> [ItemNumber] {
        model.candidates(for: context, limit: Self.length).map(\.item)
    }

    func new(_ context: RecommendationContext) -> [ItemNumber] {
        if let hybrid = model as? RankedBasketModel {
            return hybrid.newItems(for: context, limit: Self.length).map(\.item)
        }
        if let blend = model as? NextBasketModel {
            return blend.newItems(for: context, limit: Self.length).map(\.item)
        }
        var context = context
        context.eligibility.excluded.formUnion(context.history.map(\.item))
        return model.candidates(for: context, limit: Self.length).map(\.item)
    }
}

extension TrainingSet {
    /// What is known of somebody at the moment of training; of nobody without a number.
    func context(of user: UserNumber?) -> RecommendationContext {
        RecommendationContext(
            now: now, user: user, history: user.map { log.history(of: $0, before: now) } ?? [],
            eligibility: Eligibility(hidden: facts.hidden))
    }
}
