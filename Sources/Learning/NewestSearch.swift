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

    /// - Parameters:
    ///   - usesLists: Whether stop words and the phrases that are understood, which people wrote, take part.
    ///   - usesMeaning: Whether items join whose texts mean something near, if the shop has vectors.
    init(_ workbench: Workbench, usesLists: Bool = true, usesMeaning: Bool = true) throws {
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
        return prepared.run(offers: offers, widenedBy: meaning).hits
    }
}
