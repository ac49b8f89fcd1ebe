import Foundation
import Synchronization
import TextAnalysis

/// The categories of a catalogue with the words of their names and how many items they hold.
///
/// Made anew when it is asked for after a change; the words of names that are known are kept.
final class CategoryDirectory: Sendable {
    struct Entry: Sendable {
        let path: String
        let count: Int
        /// Of the last level.
        let tokens: [Token]

        var levels: [String] { path.components(separatedBy: FacetBuilder.separator) }
    }

    private struct State {
        var version = 0
        var entries: [Entry] = []
        var tokens: [String: [Token]] = [:]
    }

    private let state = Mutex(State())

    /// Largest first. Complexity: O(documents) once a version, else O(1).
    func entries(of snapshot: SearchSnapshot) -> [Entry] {
        state.withLock { state in
            if state.version == snapshot.version { return state.entries }
            let entries = Self.counts(snapshot).map { path, count in
                let leaf = path.components(separatedBy: FacetBuilder.separator).last ?? path
                let tokens = state.tokens[leaf] ?? snapshot.analyzer.tokens(of: leaf, limit: 16)
                state.tokens[leaf] = tokens
                return Entry(path: path, count: count, tokens: tokens)
            }
            state.entries = entries.sorted { ($1.count, $0.path) < ($0.count, $1.path) }
            state.version = snapshot.version
            return state.entries
        }
    }

    private static func counts(_ snapshot: SearchSnapshot) -> [String: Int] {
        var found: [String: Int] = [:]
        for part in snapshot.parts {
            guard let facet = part.segment.facets.first(where: { $0.name == FacetBuilder.categoryName }) else {
                continue
            }
            var tally = FacetTally(name: facet.name)
            tally.count(part.dead.complement(limit: part.segment.count), facet, of: part.segment)
            for value in tally.values(selected: [], limit: facet.values.count) {
                found[value.value, default: 0] += value.count
            }
        }
        return found
    }
}
