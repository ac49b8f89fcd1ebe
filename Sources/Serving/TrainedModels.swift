import Dispatch
import Domain
import Features
import Meaning
import Recommenders
import Speech
public import Storage
import Synchronization

/// The published models behind the use cases' face, with what was bought since they were trained.
final class TrainedModels: RecommendationBackend {
    private struct State: Sendable {
        var live: LiveModels
        var lastSequence: Int64?
    }

    private let state: Mutex<State>
    /// The moment before which all lies that the models learned from; `nil` where nobody knows.
    private let trainedAt: Timestamp?

    /// - Parameter lastSequence: The last event that the models may have learned from.
    init(_ models: RecommenderModels, trainedAt: Timestamp? = nil, lastSequence: Int64? = nil) {
        self.trainedAt = trainedAt
        state = Mutex(State(live: LiveModels(models), lastSequence: lastSequence))
    }

    private var models: RecommenderModels { state.withLock { $0.live.models } }

    var lastSequence: Int64? { state.withLock { $0.lastSequence } }

    func learn(_ baskets: [LiveBasket], until sequence: Int64) {
        state.withLock { state in
            state.live.learn(baskets, trainedAt: trainedAt)
            state.lastSequence = sequence
        }
    }

    /// - Parameter path: The artefact's folder, relative to the shop's.
    /// - Parameter networks: Those of the shop's networks, by kind, if it has any.
    convenience init(_ path: String, networks: [String: String], folder: ShopFolder) throws {
        // Lengths here, each file's own checksum while it is read: SHA-256 of all bytes is `souk doctor`'s.
        let artefact = try Artefact.open(
            folder: folder.path + "/" + path, kind: RecommenderModels.artefactKind,
            formatVersion: RecommenderModels.artefactFormat)
        var models = try RecommenderModels(loading: artefact.folder)
        models.sequence = try networks[SequenceRecommender.artefactKind].map {
            try SequenceRecommender(artefact: folder.path + "/" + $0)
        }
        models.purchase = try networks[PurchaseScorer.artefactKind].map {
            try PurchaseScorer(artefact: folder.path + "/" + $0)
        }
        let inputs = artefact.manifest.inputs
        self.init(
            models, trainedAt: inputs["until"].flatMap { Timestamp(iso8601: $0) },
            lastSequence: inputs["last_sequence"].flatMap { Int64($0) })
    }

    var networks: Set<String> {
        let models = models
        return Set(
            [
                models.sequence.map { _ in SequenceRecommender.name }, models.purchase.map { _ in PurchaseScorer.name },
            ].compactMap(\.self))
    }

    func recommend(
        _ query: RecommendationQuery, offers: OfferColumns, facts: ItemFacts, title: (ItemNumber) -> String?
    ) throws -> [RecommendedHit] {
        var context = RecommendationContext(
            now: query.now, user: query.user, history: query.history, session: query.session, basket: query.basket,
            anchor: query.anchor,
            eligibility: Eligibility(offers: offers, hidden: facts.hidden, excluded: query.excluded))
        context.eligibility.prices = query.prices
        if !query.category.isEmpty {
            context.eligibility.types = ItemGroups(
                facts.types, isOpen: facts.types(in: query.category) ?? [], allowsUnknown: false)
        }
        (context.category, context.mostOfBrand) = (query.category, query.mostOfBrand)
        (context.likeness, context.rhythm) = (query.likeness, query.rhythm)
        (context.proposals, context.tastes) = (query.proposals, query.tastes)
        context.networkWeights = query.networkWeights
        (context.reranking, context.knowledge) = (query.reranking, query.knowledge)
        (context.explains, context.branch) = (query.explains, query.branch)
        let recommendations = Recommendations(models: models, facts: facts)
        return recommendations.answer(query.scenario, for: context, limit: query.limit).map { found in
            let reason = found.reason.sentence(language: query.language, title: title) { number in
                facts.categoryPaths.indices.contains(Int(number)) ? facts.categoryPaths[Int(number)] : nil
            }
            return RecommendedHit(
                number: found.item, score: found.score, reason: reason,
                contributions: found.contributions)
        }
    }

    func bundle(with anchor: ItemNumber, size: Int, offers: OfferColumns, facts: ItemFacts) -> [ScoredItem] {
        Recommendations(models: models, facts: facts).bundle(
            with: anchor, size: size, eligibility: Eligibility(offers: offers, hidden: facts.hidden))
    }

    func tastes(limit: Int, offers: OfferColumns, facts: ItemFacts) -> [NewcomerModel.Proposal] {
        let models = models
        return NewcomerModel(models.popularity, facts: facts).proposals(
            models.hybrid.blend, eligibility: Eligibility(offers: offers, hidden: facts.hidden), limit: limit)
    }
}

/// The published pictures' vectors behind the use cases' face.
struct IndexedPictures: PictureBackend {
    let index: PictureIndex
    var side: Int { PictureIndex.side }

    func nearest(
        to pixels: [UInt8], limit: Int, among filtered: [ItemNumber]?, allows: (ItemNumber) -> Bool
    ) -> [PictureHit] {
        index.nearest(to: pixels, limit: limit, among: filtered, allows: allows).map(Self.hit)
    }

    func similar(
        to item: ItemNumber, limit: Int, among filtered: [ItemNumber]?, allows: (ItemNumber) -> Bool
    ) -> [PictureHit]? {
        index.similar(to: item, limit: limit, among: filtered, allows: allows)?.map(Self.hit)
    }

    var likeness: any ItemLikeness { PictureLikeness(index: index) }

    private static func hit(_ hit: PictureIndex.Hit) -> PictureHit {
        PictureHit(item: hit.item, similarity: hit.similarity)
    }
}

extension SpeechModel: SpeechBackend {}

/// Pictures' vectors as a part of likeness.
private struct PictureLikeness: ItemLikeness {
    let index: PictureIndex
    var part: String { "picture" }

    func nearest(to item: ItemNumber, limit: Int, allows: (ItemNumber) -> Bool) -> [ItemNumber] {
        index.similar(to: item, limit: limit, allows: allows)?.map(\.item) ?? []
    }

    func cosines(of item: ItemNumber, with others: [ItemNumber]) -> [Float?] { index.cosines(of: item, with: others) }
}

/// Texts' vectors as a part of likeness.
struct TextLikeness: ItemLikeness {
    let index: MeaningIndex
    var part: String { "text" }

    func nearest(to item: ItemNumber, limit: Int, allows: (ItemNumber) -> Bool) -> [ItemNumber] {
        index.similar(to: item, limit: limit, allows: allows)
    }

    func cosines(of item: ItemNumber, with others: [ItemNumber]) -> [Float?] { index.cosines(of: item, with: others) }
}

extension Backends {
    /// Opens the index and the models that a publication names; a part that it does not name is absent.
    public static func published(
        _ folder: ShopFolder, _ publication: Publication, _ store: SQLiteStore
    ) throws -> Backends {
        let config = try folder.config()
        let language = config.language
        // The parts take about as long: each gets a thread.
        let meaning = Part<MeaningIndex?>()
        let search = Part<IndexedSearch?>()
        let models = Part<TrainedModels?>()
        let pictures = Part<IndexedPictures?>()
        DispatchQueue.concurrentPerform(iterations: 4) { part in
            switch part {
            case 0:
                search.fill {
                    try publication.index.map {
                        try IndexedSearch(folder: folder.path + "/" + $0, language: language, store: store)
                    }
                }
            case 1:
                models.fill {
                    try publication.models[RecommenderModels.artefactKind].map {
                        try TrainedModels($0, networks: publication.models, folder: folder)
                    }
                }
            case 2:
                pictures.fill {
                    try publication.models[PictureIndex.kind].map {
                        IndexedPictures(index: try PictureIndex(folder: folder.path + "/" + $0))
                    }
                }
            default:
                meaning.fill {
                    try publication.models[MeaningIndex.kind].map {
                        try MeaningIndex(folder: folder.path + "/" + $0)
                    }
                }
            }
        }
        var words = try search.value()
        words?.meaning = try meaning.value()
        words?.learnedFusion = try publication.models[FusionModel.kind].map {
            try FusionModel.load(folder: folder.path + "/" + $0)
        }
        words?.fusion = try FusionModel.fusion(of: config, learned: publication.models[FusionModel.kind], in: folder)
        words?.reranker = try publication.models[PairReranker.kind].map {
            try PairReranker(artefact: folder.path + "/" + $0)
        }
        // Its folder is all that is opened here: a decoder is made when somebody speaks.
        let speech = try publication.models[SpeechModel.kind].map { try SpeechModel(folder: folder.path + "/" + $0) }
        return Backends(
            search: words, recommendation: try models.value(), pictures: try pictures.value(), speech: speech)
    }
}
