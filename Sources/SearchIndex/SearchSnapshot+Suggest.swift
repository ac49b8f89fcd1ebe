import Domain
import Foundation
import TextAnalysis

/// A category that a typed text leads to.
public struct CategorySuggestion: Hashable, Sendable {
    /// Widest level first.
    public let path: [String]
    /// How many items it holds.
    public let count: Int
}

extension SearchSnapshot {
    /// Categories whose last level holds all typed words, the last of them perhaps begun only; largest first.
    ///
    /// - Complexity: O(values of the category facet).
    public func suggestCategories(_ text: String, limit: Int) -> [CategorySuggestion] {
        let typed = analyzer.tokens(of: text, limit: 8)
        guard let last = typed.last, text.utf8.count <= SearchRequest.maximumQueryBytes else { return [] }
        var found: [String: Int] = [:]
        for part in parts {
            guard let facet = part.segment.facets.first(where: { $0.name == "category" }) else { continue }
            let tally = tally(facet, part)
            for ordinal in 0..<facet.values.count where tally[ordinal] > 0 {
                let path = facet.values.text(ordinal)
                let leaf = path.components(separatedBy: FacetBuilder.separator).last ?? path
                let tokens = analyzer.tokens(of: leaf, limit: 16)
                let terms = Set(tokens.map(\.term))
                let isMatch =
                    typed.dropLast().allSatisfy { terms.contains($0.term) }
                    && (terms.contains(last.term) || tokens.contains { $0.word.starts(with: last.word) })
                if isMatch { found[path, default: 0] += Int(tally[ordinal]) }
            }
        }
        return found.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(limit).map {
            CategorySuggestion(path: $0.key.components(separatedBy: FacetBuilder.separator), count: $0.value)
        }
    }

    /// All categories down to `levels` levels with how many items they hold, by path.
    public func categories(levels: Int) -> [CategorySuggestion] {
        var found: [String: Int] = [:]
        for part in parts {
            guard let facet = part.segment.facets.first(where: { $0.name == "category" }) else { continue }
            for (ordinal, count) in tally(facet, part).enumerated() where count > 0 {
                found[facet.values.text(ordinal), default: 0] += Int(count)
            }
        }
        return found.map {
            CategorySuggestion(path: $0.key.components(separatedBy: FacetBuilder.separator), count: $0.value)
        }
        .filter { $0.path.count <= levels }
        .sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }

    private func tally(_ facet: Segment.Facet, _ part: Part) -> [Int32] {
        var tally = [Int32](repeating: 0, count: facet.values.count)
        for document in 0..<part.segment.count where !part.dead[document] {
            for place in Int(facet.offsets[document])..<Int(facet.offsets[document + 1]) {
                tally[Int(facet.ordinals[place])] += 1
            }
        }
        return tally
    }
}
