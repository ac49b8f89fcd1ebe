import Dispatch
import Domain
import Features
import Recommenders
public import Storage
import Synchronization

/// The published models behind the use cases' face.
struct TrainedModels: RecommendationBackend {
    /// What counts as a purchase in a history.
    private static let bought: Set<EventName> = [.purchase]

    private let recommendations: Recommendations
    /// Where a demonstration's log ends: its time stands still there, or all habits would be years old.
    private let end: Timestamp?

    init(_ models: [String: String], folder: ShopFolder, store: SQLiteStore) throws {
        guard let path = models["recommenders"] ?? models.values.min() else {
            throw ServingError(.notPublished, "The publication names no models: train and publish again.")
        }
        let loaded = try RecommenderModels(loading: folder.path + "/" + path)
        recommendations = Recommendations(models: loaded, facts: try ItemFacts(reading: store))
        end = try folder.config().isDemo ? Self.logEnd(store) : nil
    }

    func recommend(
        _ query: RecommendationQuery, offers: OfferColumns, title: (ItemNumber) -> String?
    ) throws -> [RecommendedHit] {
        let now = end ?? query.now
        var history = Interaction.list(of: query.history, names: Self.bought)
        for index in history.indices where history[index].time >= now {
            history[index].time = Timestamp(milliseconds: now.milliseconds - 1)
        }
        let session = query.session.map {
            Interaction(item: $0, time: Timestamp(milliseconds: now.milliseconds - 1), name: .viewItem)
        }
        let eligibility = Eligibility(offers: offers, hidden: recommendations.facts.hidden)
        let context = RecommendationContext(
            now: now, user: query.user, history: history, session: session, basket: query.basket,
            anchor: query.anchor, eligibility: eligibility)
        let facts = recommendations.facts
        return recommendations.answer(query.scenario, for: context, limit: query.limit).map { found in
            let reason = found.reason.sentence(title: title) { number in
                facts.categoryPaths.indices.contains(Int(number)) ? facts.categoryPaths[Int(number)] : nil
            }
            return RecommendedHit(
                number: found.item, score: found.score, reason: reason,
                contributions: found.contributions.map { ($0.model, $0.value) })
        }
    }

    /// The time of the newest real interaction that is more than a month old; `nil` if none is near the log's end.
    ///
    /// Looks further and further back, since simulated events and those of a demonstration's visitors lie behind it.
    private static func logEnd(_ store: SQLiteStore) throws -> Timestamp? {
        let last = try store.lastSequence()
        let old = SystemClock.now().adding(days: -30)
        var end: Timestamp?
        for depth: Int64 in [5_000, 50_000, 500_000] where end == nil {
            let filter = EventFilter(afterSequence: max(0, last - depth), before: old, includesSynthetic: false)
            try store.forEachInteraction(filter) { row in end = max(end ?? row.time, row.time) }
        }
        return end.map { Timestamp(milliseconds: $0.milliseconds + 1) }
    }
}

extension Backends {
    /// Opens the index and the models that a publication names; a part that it does not name is absent.
    public static func published(
        _ folder: ShopFolder, _ publication: Publication, _ store: SQLiteStore
    ) throws -> Backends {
        let language = try folder.config().language
        // Both halves take about as long: each gets a thread.
        let loaded = Mutex<(search: Result<Backends, any Error>?, models: Result<Backends, any Error>?)>((nil, nil))
        DispatchQueue.concurrentPerform(iterations: 2) { part in
            let result = Result<Backends, any Error> {
                if part == 0 {
                    return Backends(
                        search: try publication.index.map {
                            try IndexedSearch(folder: folder.path + "/" + $0, language: language, store: store)
                        })
                }
                guard !publication.models.isEmpty else { return Backends() }
                return Backends(
                    recommendation: try TrainedModels(publication.models, folder: folder, store: store))
            }
            loaded.withLock { if part == 0 { $0.search = result } else { $0.models = result } }
        }
        let (search, models) = loaded.withLock { $0 }
        return Backends(search: try search?.get().search, recommendation: try models?.get().recommendation)
    }
}
