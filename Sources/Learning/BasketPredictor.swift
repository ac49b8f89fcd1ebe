import Domain
import Evaluation
import Features
import Recommenders

/// Ten items of any kind, and ten new ones, from one model.
struct BasketPredictor {
    let name: String
    private let answer: @Sendable (RecommendationContext, Int) -> [ScoredItem]
    private let answerNew: @Sendable (RecommendationContext, Int) -> [ScoredItem]
    /// Whether a score says how likely it is that the item is in the next basket.
    let scoresAreChances: Bool
    private static let length = BasketEvaluation.cutoff

    private static let models: [any Recommender.Type] = [
        RankedBasketModel.self, NextBasketModel.self, PopularityModel.self, PersonalFrequencyModel.self,
        ItemNeighbourModel.self, BoughtTogetherModel.self, PCTMModel.self, ContentModel.self,
        FeatureFactorModel.self, PriorModel.self,
    ]

    /// Every name, the shipped default first.
    static let names = models.map { $0.name } + SequencePredictor.names

    /// Whether a model learns from words and properties of items.
    static func needsFeatures(_ name: String) -> Bool { [ContentModel.name, FeatureFactorModel.name].contains(name) }

    /// Whether a model learns from what the shop knows of people.
    static func needsPeople(_ name: String) -> Bool { name == FeatureFactorModel.name }

    /// - Throws: `unusable` for a name that is no model's.
    init(model name: String?, set: TrainingSet) throws {
        let name = name ?? RankedBasketModel.name
        if SequencePredictor.names.contains(name), let model = SequencePredictor(name, set: set) {
            self.init(name: name, answer: model.candidates, scoresAreChances: false)
            return
        }
        guard let type = Self.models.first(where: { $0.name == name }) else {
            throw LearningError(
                .unusable, "There is no model '\(name)'. Models: \(Self.names.joined(separator: ", ")).")
        }
        let model = type.train(set)
        let newItems: (@Sendable (RecommendationContext, Int) -> [ScoredItem])? =
            switch model {
            case let hybrid as RankedBasketModel: hybrid.newItems
            case let blend as NextBasketModel: blend.newItems
            default: nil
            }
        self.init(
            name: name, answer: { model.candidates(for: $0, limit: $1) }, answerNew: newItems,
            scoresAreChances: (model as? RankedBasketModel)?.givesChances ?? false)
    }

    /// - Parameter answerNew: Items that are not in the history; those of `answer` without it if left out.
    private init(
        name: String, answer: @escaping @Sendable (RecommendationContext, Int) -> [ScoredItem],
        answerNew: (@Sendable (RecommendationContext, Int) -> [ScoredItem])? = nil, scoresAreChances: Bool
    ) {
        (self.name, self.answer, self.scoresAreChances) = (name, answer, scoresAreChances)
        self.answerNew =
            answerNew ?? { context, limit in
                var context = context
                context.eligibility.excluded.formUnion(context.history.map(\.item))
                return answer(context, limit)
            }
    }

    /// The best candidates with their scores.
    func scored(_ context: RecommendationContext, limit: Int) -> [ScoredItem] { answer(context, limit) }

    func any(_ context: RecommendationContext) -> [ItemNumber] { answer(context, Self.length).map(\.item) }

    func new(_ context: RecommendationContext) -> [ItemNumber] { answerNew(context, Self.length).map(\.item) }
}

/// A factor model of sequences, asked for baskets: histories are sequences, and what somebody has may come again.
struct SequencePredictor: Sendable {
    /// Models whose memory does not grow with the square of the catalogue.
    static let names = [
        ImplicitALSModel.name, BPRModel.name, WarmBPRModel.name, ItemEmbeddingModel.name,
    ]

    private let model: any SequenceModel
    private let known: [UInt32]
    private let itemLimit: Int

    /// `nil` for a name that is no model's.
    init?(_ name: String, set: TrainingSet) {
        itemLimit = set.itemLimit
        let sequences = (0..<set.log.userLimit).map { user in
            set.log.range(of: UserNumber(UInt32(user)), before: set.now).map { set.log.items[$0] }
        }
        guard let model = SequenceModels.train(name, on: sequences, itemLimit: itemLimit) else { return nil }
        self.model = model
        known = Set(sequences.flatMap(\.self)).sorted()
    }

    /// Nothing for somebody without a history.
    @Sendable func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard !context.history.isEmpty, limit > 0 else { return [] }
        var scores = [Double](repeating: 0, count: itemLimit)
        model.addScores(after: context.history.map(\.item.rawValue), to: &scores)
        let list = known.lazy.filter { context.eligibility.allows(ItemNumber($0)) }
            .map { ScoredItem(item: ItemNumber($0), score: scores[Int($0)], reason: .likeYou) }
        return Array(list.sorted(by: ScoredItem.precedes).prefix(limit))
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
