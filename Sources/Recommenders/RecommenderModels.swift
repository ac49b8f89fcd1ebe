public import Storage

/// All models of one generation, as one value.
public struct RecommenderModels: Sendable {
    /// Kind and format of the artefact that holds one file a model.
    public static let artefactKind = "recommenders"
    public static let artefactFormat = 4
    /// Where the artefact's manifest says before which moment all events lie that the models learned from.
    public static let untilInput = "until"

    public var popularity: PopularityModel
    public var personal: PersonalFrequencyModel
    public var together: BoughtTogetherModel
    public var neighbours: ItemNeighbourModel
    public var hybrid: RankedBasketModel
    /// What a trained network of people's histories tells; it lies in an artefact of its own. `nil` for a shop without one.
    public var sequence: SequenceRecommender?
    /// The same of purchases.
    public var purchase: PurchaseScorer?

    public static let names = [
        PopularityModel.name, PersonalFrequencyModel.name, BoughtTogetherModel.name, ItemNeighbourModel.name,
        RankedBasketModel.name,
    ]

    /// Trains every model; `progress` hears the name of each before it starts.
    ///
    /// - Parameter old: The default model whose rankers are kept, see `RankedBasketModel.train(_:keepingRankersOf:)`; they are taught
    ///   anew without it.
    public static func train(
        _ set: TrainingSet, keepingRankersOf old: RankedBasketModel? = nil, progress: (String) -> Void = { _ in }
    ) -> RecommenderModels {
        func step<Model: Recommender>(_ training: (TrainingSet) -> Model) -> Model {
            progress(Model.name)
            return training(set)
        }
        return RecommenderModels(
            popularity: step(PopularityModel.train), personal: step(PersonalFrequencyModel.train),
            together: step(BoughtTogetherModel.train), neighbours: step(ItemNeighbourModel.train),
            hybrid: step { RankedBasketModel.train($0, keepingRankersOf: old) })
    }

    /// The files of all models by name: what an artefact of recommenders holds.
    public func encoded() -> [(name: String, bytes: [UInt8])] {
        func file<Model: Recommender>(_ model: Model) -> (name: String, bytes: [UInt8]) {
            ("\(Model.name).columns", model.columns().encoded())
        }
        return [
            file(popularity), file(personal), file(together), file(neighbours), file(hybrid),
        ]
    }

    /// Writes every model into a folder that exists.
    public func save(to folder: String) throws(StorageError) {
        for (name, bytes) in encoded() { try AtomicFile.write(bytes, to: folder + "/" + name) }
    }
}

extension RecommenderModels {
    /// Reads every model from a folder.
    public init(loading folder: String) throws(StorageError) {
        self.init(
            popularity: try PopularityModel(loading: folder), personal: try PersonalFrequencyModel(loading: folder),
            together: try BoughtTogetherModel(loading: folder), neighbours: try ItemNeighbourModel(loading: folder),
            hybrid: try RankedBasketModel(loading: folder))
        // Reading takes about as much again.
        ProcessMemory.releaseFreed()
    }
}
