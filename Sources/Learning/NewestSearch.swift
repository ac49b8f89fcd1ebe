import Domain
import Meaning
import SearchIndex
import Storage

/// Asks a shop's newest index, published or not, as measuring does: without rules, prices or stock.
struct NewestSearch {
    private let snapshot: SearchSnapshot
    private let meaning: MeaningIndex?
    private let offers: OfferColumns
    private let usesLists: Bool
    private let reranking: Reranking?
    private let store: any CatalogueStore

    /// A network that puts the first hits in order.
    struct Reranking {
        let reranker: PairReranker
        let depth: Int
    }

    /// - Parameters:
    ///   - usesLists: Whether stop words and the phrases that are understood, which people wrote, take part.
    ///   - usesMeaning: Whether items join whose texts mean something near, if the shop has vectors.
    ///   - reranking: What puts the first hits in order; nothing for `nil`.
    init(
        _ workbench: Workbench, usesLists: Bool = true, usesMeaning: Bool = true, reranking: Reranking? = nil
    ) throws {
        (self.reranking, store) = (reranking, workbench.store)
        meaning = usesMeaning ? try workbench.newestMeaning() : nil
        snapshot = try workbench.newestIndex().snapshot()
        offers = OfferColumns(
            currency: workbench.config.currency, numberLimit: try workbench.store.numberLimit())
        self.usesLists = usesLists
    }

    /// The first items for a query, best first.
    func hits(_ query: String, limit: Int) throws -> [SearchHit] {
        var request = SearchRequest(query: query)
        request.limit = limit
        request.usesLists = usesLists
        var prepared = try snapshot.prepare(request, decimals: offers.currency.decimals)
        if let meaning { prepared.addNeighbours(from: meaning) }
        let found = prepared.run(offers: offers, widenedBy: meaning).hits
        guard let reranking else { return found }
        return try reranking.reranker.reranked(prepared.meaning, found, depth: reranking.depth, reading: store)
            .map(\.hit)
    }
}
