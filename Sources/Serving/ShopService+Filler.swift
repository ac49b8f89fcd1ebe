import Domain
import Foundation
import Storage

/// What a page shows where a search found nothing: no part of the answer, never counted, never part of a run.
public struct SearchFiller: Sendable {
    /// How the cards were found, the nearest way that finds any.
    public enum Step: String, Sendable {
        /// The same words without the shopper's filters, prices and stock.
        case withoutFilters = "without_filters"
        /// What sells best in the chosen category, or the next wider one.
        case category
        /// What sells best in the shop.
        case popular
    }

    public var step: Step
    public var cards: [Card]
}

extension ShopService {
    private static let fillerCount = 12

    /// Fills the page of a search that found nothing; `nil` if the shop has nothing to show.
    func filler(for call: SearchCall, _ snapshot: Snapshot) throws -> SearchFiller? {
        var plain = SearchCall()
        (plain.query, plain.limit, plain.priceList) = (call.query, Self.fillerCount, call.priceList)
        (plain.correctsTypos, plain.language, plain.segments) = (call.correctsTypos, call.language, call.segments)
        let isFiltered =
            !call.filters.isEmpty || call.minimumPrice != nil || call.maximumPrice != nil || call.isInStockOnly
        if isFiltered, !call.query.isEmpty, let cards = try cards(plain, snapshot) {
            return SearchFiller(step: .withoutFilters, cards: cards)
        }
        (plain.query, plain.sort) = ("", .popularity)
        for path in call.filters.filter({ $0.field == "category" }).flatMap(\.values) {
            let levels = path.components(separatedBy: " > ")
            for depth in stride(from: levels.count, through: 1, by: -1) {
                plain.filters = [.init(field: "category", values: [levels.prefix(depth).joined(separator: " > ")])]
                if let cards = try cards(plain, snapshot) { return SearchFiller(step: .category, cards: cards) }
            }
        }
        plain.filters = []
        return try cards(plain, snapshot).map { SearchFiller(step: .popular, cards: $0) }
    }

    /// `nil` if nothing was found.
    private func cards(_ call: SearchCall, _ snapshot: Snapshot) throws -> [Card]? {
        let found = try answer(call, snapshot, rules.matcher)
        let cards = found.entries.map(\.card).filter(\.isInStock)
        return cards.isEmpty ? nil : cards
    }
}
