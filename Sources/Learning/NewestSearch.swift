import Domain
import Meaning
import SearchIndex
import Storage

/// Asks a shop's newest index, published or not, as measuring does: without rules, prices or stock.
struct NewestSearch {
    private let snapshot: SearchSnapshot
    private let meaning: MeaningIndex?
    var hasMeaning: Bool { meaning != nil }
    let offers: OfferColumns
    private let usesLists: Bool
    private let reranking: Reranking?
    private let store: any CatalogueStore
    private let fusion: Fusion

    /// A network that puts the first hits in order.
    struct Reranking {
        let reranker: PairReranker
        let depth: Int
    }

    /// - Parameters:
    ///   - usesLists: Whether stop words and the phrases that are understood, which people wrote, take part.
    ///   - usesMeaning: Whether items join whose texts mean something near, if the shop has vectors.
    ///   - reranking: What puts the first hits in order; nothing for `nil`.
    ///   - fusion: How words and meaning become one score.
    init(
        _ workbench: Workbench, usesLists: Bool = true, usesMeaning: Bool = true, reranking: Reranking? = nil,
        fusion: Fusion = .additive()
    ) throws {
        (self.reranking, store, self.fusion) = (reranking, workbench.store, fusion)
        meaning = usesMeaning ? try workbench.newestMeaning() : nil
        snapshot = try workbench.newestIndex().snapshot()
        offers = OfferColumns(
            currency: workbench.config.currency, numberLimit: try workbench.store.numberLimit())
        self.usesLists = usesLists
    }

    /// A query, planned and with what means something near.
    func prepared(_ query: String, limit: Int) throws -> PreparedSearch {
        var request = SearchRequest(query: query)
        request.limit = limit
        request.usesLists = usesLists
        var prepared = try snapshot.prepare(request, decimals: offers.currency.decimals)
        prepared.fusion = fusion
        if let meaning { prepared.addNeighbours(from: meaning) }
        return prepared
    }

    /// The first items for a query, best first.
    ///
    /// - Parameter fusion: Another way to join words and meaning.
    func hits(_ query: String, limit: Int, fusion: Fusion? = nil) throws -> [SearchHit] {
        var prepared = try prepared(query, limit: limit)
        if let fusion { prepared.fusion = fusion }
        let found = prepared.run(offers: offers, widenedBy: meaning).hits
        guard let reranking else { return found }
        return try reranking.reranker.reranked(prepared.meaning, found, depth: reranking.depth, reading: store)
            .map(\.hit)
    }
}
