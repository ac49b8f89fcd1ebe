public import Domain
public import Features
public import Recommenders
public import Speech
public import Storage

/// The index of one generation, as serving uses it.
public protocol SearchBackend: Sendable {
    func search(_ call: SearchCall, offers: OfferColumns) throws -> SearchHits
    func suggest(_ prefix: String, limit: Int, language: String?, offers: OfferColumns) throws -> SuggestionHits
    /// The items that pass the filters, prices, stock, numbers and radius of a call, whatever its words; `nil` if it has none.
    func passing(_ call: SearchCall, offers: OfferColumns) throws -> [ItemNumber]?
    /// Puts `<mark>` around what the query matched in a title, escaped for HTML; `nil` if there is nothing to mark.
    ///
    /// Made once for all titles of an answer: it plans the query.
    func highlighter(for call: SearchCall) -> (@Sendable (String) -> String)?
    /// Makes changed items findable, and withdrawn ones not, within a second.
    func update(_ items: [StoredItem]) throws
    /// Categories of the top two levels with how many items they hold.
    func categories() throws -> [(path: [String], count: Int)]
    /// Primary tags of the languages that items are searched in, the shop's own first.
    var languages: [String] { get }
    /// How alike items are by their texts; `nil` where no vectors are published.
    var likeness: (any ItemLikeness)? { get }
    var documentCount: Int { get }
    var segmentCount: Int { get }
    var byteCount: Int { get }
}

/// All that models may know of one request.
public struct RecommendationQuery: Sendable {
    public var scenario: Scenario
    /// What the person bought before `now`, oldest first.
    public var history: [Interaction] = []
    public var user: UserNumber?
    /// Items looked at or chosen in this session, oldest first.
    public var session: [Interaction] = []
    public var basket: [ItemNumber] = []
    public var anchor: ItemNumber?
    public var limit = 12
    public var now: Timestamp
    /// What an item may cost, in minor units of the offers' currency; `nil` for any price.
    public var prices: ClosedRange<Int64>?
    /// The category to keep to, widest level first; empty for any.
    public var category: [String] = []
    public var excluded: Set<ItemNumber> = []
    /// What the person bought a shorter time ago than this part of its usual gap is left out; 0 for nothing.
    public var rhythm = 0.0
    /// How many items of one brand the answer may hold; `nil` for any number.
    public var mostOfBrand: Int?
    /// Categories, by number, that somebody unknown chose.
    public var tastes: [UInt32] = []
    /// What the shop knows beside the models, best first: new arrivals, or what sells at a branch.
    public var proposals: [ScoredItem] = []
    /// What the branch of somebody without purchases sells; `nil` where no branch is known.
    public var branch: BranchWeights?
    /// Vectors of items, for what is like the anchor.
    public var likeness: [any ItemLikeness] = []
    /// What the shop's networks weigh beside the ranker.
    public var networkWeights = NetworkWeights.none
    /// How the list is put together from the best candidates, and what that may know of items.
    public var reranking = Reranking.off
    public var knowledge = ListKnowledge()
    /// Primary tag of the language that reasons are given in.
    public var language = "en"
    /// Whether contributions are to name the parts of a model's knowledge.
    public var explains = false

    public init(scenario: Scenario, now: Timestamp) { (self.scenario, self.now) = (scenario, now) }
}

/// One recommended item with the reason that a shopper reads.
public struct RecommendedHit: Sendable {
    public var number: ItemNumber
    public var score: Double
    public var reason: String
    /// What each model gave, and where asked for each part of its knowledge.
    public var contributions: [Recommendation.Contribution]

    public init(
        number: ItemNumber, score: Double, reason: String, contributions: [Recommendation.Contribution] = []
    ) {
        (self.number, self.score, self.reason, self.contributions) = (number, score, reason, contributions)
    }
}

/// The models of one generation, as serving uses them.
public protocol RecommendationBackend: Sendable {
    func recommend(
        _ query: RecommendationQuery, offers: OfferColumns, facts: ItemFacts, title: (ItemNumber) -> String?
    ) throws -> [RecommendedHit]
    /// Names of the networks that are among them.
    var networks: Set<String> { get }
    /// The last event of the log that the models may have learned from; `nil` where nobody knows.
    var lastSequence: Int64? { get }
    /// Counts what was bought since the models were trained, oldest first, up to a place in the log.
    func learn(_ baskets: [LiveBasket], until sequence: Int64)
    /// What is bought together with an item as a set, without the item; empty for no set.
    func bundle(with anchor: ItemNumber, size: Int, offers: OfferColumns, facts: ItemFacts) -> [ScoredItem]
    /// Categories that somebody unknown may choose from, each with an item of it.
    func tastes(limit: Int, offers: OfferColumns, facts: ItemFacts) -> [NewcomerModel.Proposal]
}

extension RecommendationBackend {
    public var networks: Set<String> { [] }
}

/// The pictures' vectors of one generation, as serving uses them.
public protocol PictureBackend: Sendable {
    /// Pixels of a side of the pictures that are asked for.
    var side: Int { get }
    /// The items that look most like a picture, light on black with shape `[side, side]`, the nearest first.
    ///
    /// - Parameter filtered: If given, only these items are looked at.
    func nearest(
        to pixels: [UInt8], limit: Int, among filtered: [ItemNumber]?, allows: (ItemNumber) -> Bool
    ) -> [PictureHit]
    /// The items that look most like an item, without itself; `nil` for one without a picture.
    func similar(
        to item: ItemNumber, limit: Int, among filtered: [ItemNumber]?, allows: (ItemNumber) -> Bool
    ) -> [PictureHit]?
    /// How alike items look.
    var likeness: any ItemLikeness { get }
}

/// An item whose picture is near, with the cosine of the vectors.
public struct PictureHit: Sendable, Hashable {
    public var item: ItemNumber
    public var similarity: Float

    public init(item: ItemNumber, similarity: Float) { (self.item, self.similarity) = (item, similarity) }
}

/// The speech model of one generation, as serving uses it.
public protocol SpeechBackend: Sendable {
    /// Whether this machine has all that it takes.
    var isUsable: Bool { get }
    /// The words of a recording, with other ways to understand it.
    func transcribe(_ recording: Recording, alternatives limit: Int) throws -> Transcript
}

/// What a generation consists of.
public struct Backends: Sendable {
    public var search: (any SearchBackend)?
    public var recommendation: (any RecommendationBackend)?
    public var pictures: (any PictureBackend)?
    public var speech: (any SpeechBackend)?

    public init(
        search: (any SearchBackend)? = nil, recommendation: (any RecommendationBackend)? = nil,
        pictures: (any PictureBackend)? = nil, speech: (any SpeechBackend)? = nil
    ) {
        (self.search, self.recommendation) = (search, recommendation)
        (self.pictures, self.speech) = (pictures, speech)
    }

    /// Opens what a publication names; called on start and on each reload.
    public typealias Loader = @Sendable (ShopFolder, Publication, SQLiteStore) throws -> Backends
}
