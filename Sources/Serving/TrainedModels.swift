import Dispatch
import Domain
import Features
import Recommenders
public import Storage

/// The published models behind the use cases' face.
struct TrainedModels: RecommendationBackend {
    private let models: RecommenderModels

    init(_ models: [String: String], folder: ShopFolder) throws {
        guard let path = models["recommenders"] ?? models.values.min() else {
            throw ServingError(.notPublished, "The publication names no models: train and publish again.")
        }
        // Lengths here, each file's own checksum while it is read: SHA-256 of all bytes is `souk doctor`'s.
        let artefact = try Artefact.open(
            folder: folder.path + "/" + path, kind: RecommenderModels.artefactKind,
            formatVersion: RecommenderModels.artefactFormat)
        self.models = try RecommenderModels(loading: artefact.folder)
    }

    func recommend(
        _ query: RecommendationQuery, offers: OfferColumns, facts: ItemFacts, title: (ItemNumber) -> String?
    ) throws -> [RecommendedHit] {
        let context = RecommendationContext(
            now: query.now, user: query.user, history: query.history, session: query.session, basket: query.basket,
            anchor: query.anchor, eligibility: Eligibility(offers: offers, hidden: facts.hidden))
        let recommendations = Recommendations(models: models, facts: facts)
        return recommendations.answer(query.scenario, for: context, limit: query.limit).map { found in
            let reason = found.reason.sentence(title: title) { number in
                facts.categoryPaths.indices.contains(Int(number)) ? facts.categoryPaths[Int(number)] : nil
            }
            return RecommendedHit(
                number: found.item, score: found.score, reason: reason,
                contributions: found.contributions.map { ($0.model, $0.value) })
        }
    }
}

extension Backends {
    /// Opens the index and the models that a publication names; a part that it does not name is absent.
    public static func published(
        _ folder: ShopFolder, _ publication: Publication, _ store: SQLiteStore
    ) throws -> Backends {
        let language = try folder.config().language
        // Both halves take about as long: each gets a thread.
        let search = Part<IndexedSearch?>()
        let models = Part<TrainedModels?>()
        DispatchQueue.concurrentPerform(iterations: 2) { part in
            if part == 0 {
                search.fill {
                    try publication.index.map {
                        try IndexedSearch(folder: folder.path + "/" + $0, language: language, store: store)
                    }
                }
            } else {
                models.fill {
                    publication.models.isEmpty ? nil : try TrainedModels(publication.models, folder: folder)
                }
            }
        }
        return Backends(search: try search.value(), recommendation: try models.value())
    }
}
