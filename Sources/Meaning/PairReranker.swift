public import Domain
internal import Encoders
internal import Foundation
public import SearchIndex
public import Storage

/// Puts the first items of a search in another order, by a network that reads the query and an item's text together.
///
/// score′ = score + share × best × exp(c − highest c): the likeliest text gains as much as a cosine of one does beside the words, and
/// one that is e times less likely by the network's softmax gains e times less. As nothing is taken away, the rest of the list stays
/// behind.
public struct PairReranker: Sendable {
    /// What the likeliest text gains, as a share of the first item's score; that of meaning, not tuned.
    public static let share = 0.3
    /// How many items are read where nobody says how many.
    public static let usualDepth = 50

    private let scores: @Sendable (String, [String]) -> [Float]

    /// - Parameter scores: One for each text, such that differences are of log-likelihoods.
    init(scores: @escaping @Sendable (String, [String]) -> [Float]) { self.scores = scores }

    /// The kind of its artefacts, and the folder's name below a shop's models.
    public static var kind: String { CrossEncoder.kind }

    /// Opens what `souk-train cross-encoder` wrote or a shop has taken, with weights rounded to 8 bits.
    ///
    /// - Throws: `StorageError` for a folder that is none, or was changed.
    public init(artefact folder: String) throws {
        _ = try Artefact.open(
            folder: folder, kind: CrossEncoder.kind, formatVersion: CrossEncoder.format, verify: .checksums)
        let network = try CrossEncoder(folder: folder, isRounded: true)
        self.init { network.scores($0, $1) }
    }

    /// What each of the first hits gains. Equal texts are read once.
    ///
    /// - Parameter query: Words as the search read them; empty for none, then nothing gains.
    /// - Parameter hits: Best first, with finite scores above 0.
    /// - Parameter texts: `ItemText` of each hit; one that is missing or empty gains nothing.
    /// - Complexity: O(tokens of the different texts), some .1 ms for each.
    public func gains(_ query: String, _ hits: [SearchHit], texts: [ItemNumber: String]) -> [Double] {
        var placeOf: [String: Int] = [:]
        var distinct: [String] = []
        let places = hits.map { hit -> Int? in
            guard let text = texts[hit.number], !text.isEmpty else { return nil }
            if let place = placeOf[text] { return place }
            placeOf[text] = distinct.count
            distinct.append(text)
            return distinct.count - 1
        }
        let best = hits.map(\.score).max() ?? 0
        guard !query.isEmpty, !distinct.isEmpty, best > 0, best.isFinite else { return hits.map { _ in 0 } }
        let scores = scores(query, distinct)
        let highest = scores.max() ?? 0
        return places.map { place in place.map { Self.share * best * Double(Foundation.exp(scores[$0] - highest)) } ?? 0
        }
    }

    /// The same, with the texts of a shop's items.
    public func reranked(
        _ query: String, _ hits: [SearchHit], depth: Int, reading store: any CatalogueStore
    ) throws -> [(hit: SearchHit, gain: Double)] {
        let items = try store.items(hits.prefix(depth).map(\.number))
        let texts = Dictionary(items.map { ($0.number, ItemText.text(of: $0.item)) }) { first, _ in first }
        return reranked(query, hits, depth: depth, texts: texts)
    }

    /// The hits with what they gain, the first `depth` in their new order; ties go to the lower item number.
    public func reranked(
        _ query: String, _ hits: [SearchHit], depth: Int, texts: [ItemNumber: String]
    ) -> [(hit: SearchHit, gain: Double)] {
        let first = Array(hits.prefix(depth))
        let gained = zip(first, gains(query, first, texts: texts)).map { hit, gain in
            var hit = hit
            hit.score += gain
            return (hit: hit, gain: gain)
        }
        return gained.sorted { ($1.hit.score, $0.hit.number) < ($0.hit.score, $1.hit.number) }
            + hits.dropFirst(depth).map { ($0, 0) }
    }
}
