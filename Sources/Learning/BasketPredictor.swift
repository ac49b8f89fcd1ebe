import Dispatch
import Domain
import Evaluation
import Features
import Recommenders
import Synchronization

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
    static let names =
        models.map { $0.name } + SequencePredictor.names
        + [SequenceRecommender.name, NetworkBlend.sequenceName, PurchaseScorer.name, NetworkBlend.purchaseName]

    /// The network of `souk-train` that a model needs; `nil` for one that needs none.
    static func network(of name: String) -> NetworkRole? {
        switch name {
        case SequenceRecommender.name, NetworkBlend.sequenceName: .sequence
        case PurchaseScorer.name, NetworkBlend.purchaseName: .purchase
        default: nil
        }
    }

    /// Whether a model needs a network that `souk-train` trained.
    static func needsNetwork(_ name: String) -> Bool { network(of: name) != nil }

    /// Whether a model learns from words and properties of items.
    static func needsFeatures(_ name: String) -> Bool { [ContentModel.name, FeatureFactorModel.name].contains(name) }

    /// Whether a model learns from what the shop knows of people.
    static func needsPeople(_ name: String) -> Bool { name == FeatureFactorModel.name }

    /// - Throws: `unusable` for a name that is no model's.
    static func check(_ name: String) throws(LearningError) {
        guard names.contains(name) else {
            throw LearningError(.unusable, "There is no model '\(name)'. Models: \(names.joined(separator: ", ")).")
        }
    }

    /// Trains a model; the shipped default for `nil`.
    ///
    /// - Parameter networkWeight: What the network weighs beside the hybrid, for the model that joins both.
    /// - Throws: `unusable` for a name that is no model's.
    init(
        model name: String?, set: TrainingSet, parameters: ParameterFile? = nil, networkWeight: Double? = nil
    ) throws {
        let name = name ?? RankedBasketModel.name
        try Self.check(name)
        var set = set
        parameters?.apply(to: &set.parameters)
        if name == SequenceRecommender.name {
            self.init(SequenceRecommender.train(set))
        } else if let role = Self.network(of: name) {
            let weight = name == PurchaseScorer.name ? 1 : networkWeight ?? NetworkBlend.defaultWeight
            let hybrid = RankedBasketModel.train(set)
            let blend =
                switch role {
                case .sequence:
                    NetworkBlend(hybrid: hybrid, sequence: .train(set), weights: NetworkWeights(sequence: weight))
                case .purchase:
                    NetworkBlend(
                        hybrid: hybrid, purchase: set.purchaseNetwork, weights: NetworkWeights(purchase: weight))
                }
            self.init(name: name, answer: blend.candidates, answerNew: blend.newItems, scoresAreChances: false)
        } else if let type = Self.models.first(where: { $0.name == name }) {
            self.init(type.train(set))
        } else if let values = parameters?.values(of: name) {
            self = try BasketTuning.model(name).prepare(set)(values)
        } else {
            let purchases = PurchaseSequences(set)
            guard let model = SequenceModels.train(name, on: purchases) else {
                throw LearningError(.unusable, "The model '\(name)' cannot be trained.")
            }
            self.init(SequencePredictor(name, model, purchases))
        }
    }

    init(_ model: SequencePredictor) {
        self.init(name: model.name, answer: model.candidates, scoresAreChances: false)
    }

    init(_ model: some Recommender) {
        let newItems: (@Sendable (RecommendationContext, Int) -> [ScoredItem])? =
            switch model {
            case let hybrid as RankedBasketModel: hybrid.newItems
            case let blend as NextBasketModel: blend.newItems
            default: nil
            }
        self.init(
            name: type(of: model).name, answer: { model.candidates(for: $0, limit: $1) }, answerNew: newItems,
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

    /// Lists of ten for people at the moment of training, on two threads.
    ///
    /// - Parameter areNew: Of items that they never had; of any items otherwise.
    func lists(for users: [UserNumber], in set: TrainingSet, areNew: Bool) -> [[Int32]] {
        let threads = 2
        let parts = Mutex([[[Int32]]](repeating: [], count: threads))
        let size = (users.count + threads - 1) / threads
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            let lists = users.dropFirst(thread * size).prefix(size).map { user in
                let context = set.context(of: user)
                return (areNew ? new(context) : any(context)).map { Int32(bitPattern: $0.rawValue) }
            }
            parts.withLock { $0[thread] = lists }
        }
        return parts.withLock { $0.flatMap(\.self) }
    }
}

/// A model of sequences, asked for baskets: histories are sequences, and what somebody has may come again.
struct SequencePredictor: Sendable {
    /// All that are not asked for baskets in their own way.
    static let names = SequenceModels.names.filter { ![SequenceHybrid.name, PCTMModel.name].contains($0) }

    let name: String
    private let model: any SequenceModel
    private let isKnown: [Bool]

    /// - Parameter purchases: What the model was trained on.
    init(_ name: String, _ model: any SequenceModel, _ purchases: PurchaseSequences) {
        (self.name, self.model) = (name, model)
        var isKnown = [Bool](repeating: false, count: purchases.itemLimit)
        for item in purchases.items.joined() { isKnown[Int(item)] = true }
        self.isKnown = isKnown
    }

    /// Nothing for somebody without a history.
    @Sendable func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard !context.history.isEmpty else { return [] }
        var scores = [Double](repeating: 0, count: isKnown.count)
        if let model = model as? any BasketSequenceModel {
            model.addScores(afterBaskets: PurchaseSequences.baskets(context.history), to: &scores)
        } else {
            model.addScores(after: context.history.map(\.item.rawValue), to: &scores)
        }
        return ScoredItem.best(limit, of: scores, reason: .likeYou) {
            isKnown[$0.index] && context.eligibility.allows($0)
        }
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
