import Domain
import Foundation
import Meaning
import SearchIndex
import Storage

/// What the shop does today where a network would write phrases: corrections of words, and what it suggests by counts.
///
/// Both know all of the catalogue, also the phrases that a network must not learn from.
struct PhraseRivals {
    private let snapshot: SearchSnapshot
    private let offers: OfferColumns
    private let store: SQLiteStore

    init(_ workbench: Workbench) throws {
        snapshot = try workbench.newestIndex().snapshot()
        store = workbench.store
        offers = OfferColumns(currency: workbench.config.currency, numberLimit: try store.numberLimit())
    }

    /// The query with its words corrected, then with less likely corrections, then what the shop suggests for it.
    func rewritten(_ query: String, limit: Int) throws -> [String] {
        var request = SearchRequest(query: query)
        (request.limit, request.understands) = (1, false)
        let steps = try snapshot.search(request, offers: offers).applied
        var texts = [query]
        for step in steps {
            switch step {
            case .typo(let from, let to), .didYouMean(let from, let to):
                texts = texts.flatMap { text in to.prefix(limit).map { Self.replacing(from, by: $0, in: text) } }
            case .split(let from, let to): texts = texts.map { Self.replacing(from, by: to, in: $0) }
            default: break
            }
            texts = Array(texts.prefix(limit))
        }
        if texts.count < limit { texts += try suggested(texts[0], limit: limit) }
        return Self.distinct(texts, limit: limit)
    }

    /// Categories with the typed words, largest first, then names of the items that are found first.
    func suggested(_ prefix: String, limit: Int) throws -> [String] {
        let categories = snapshot.suggestCategories(prefix, limit: limit).compactMap(\.path.last)
        var names: [String] = []
        if categories.count < limit {
            var request = SearchRequest(query: prefix)
            (request.limit, request.isPrefix, request.countsMatches) = (limit, true, false)
            let hits = try snapshot.search(request, offers: offers).hits
            let items = try store.items(hits.map(\.number))
            let named = Dictionary(items.map { ($0.number, $0.item) }, uniquingKeysWith: { first, _ in first })
            names = hits.compactMap { hit in named[hit.number].map { Meaning.ItemText.name(of: $0) } }
        }
        return Self.distinct(categories + names, limit: limit)
    }

    /// A text with the words of another in place of those of `from`, which stand side by side.
    static func replacing(_ from: String, by to: String, in text: String) -> String {
        guard let from = ShopPhrases.folded(from)?.split(separator: " ") else { return text }
        var words = text.split(separator: " ")
        guard let start = words.indices.first(where: { words[$0...].starts(with: from) }) else { return text }
        words.replaceSubrange(start..<start + from.count, with: to.split(separator: " "))
        return words.joined(separator: " ")
    }

    private static func distinct(_ texts: [String], limit: Int) -> [String] {
        var seen: Set<String> = []
        return Array(texts.compactMap(ShopPhrases.folded).filter { seen.insert($0).inserted }.prefix(limit))
    }
}
