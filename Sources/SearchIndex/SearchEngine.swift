public import Domain
import Storage
import Synchronization
import TextAnalysis

/// The index of one shop while it is served: immutable segments on disk, and a small one in memory for what changed since.
///
/// A request takes `snapshot()` once. Changes build a new segment beside the old ones and become visible at once.
public final class SearchEngine: Sendable {
    public static let kind = "index"
    public static let formatVersion = 1
    static let segmentName = "segment.bin"

    private struct State {
        var snapshot: SearchSnapshot
        /// What changed since the index was built, by item number.
        var changed: [ItemNumber: StoredItem] = [:]
    }

    private let state: Mutex<State>
    private let popularity: [Float]

    /// Opens an index that `IndexBuilder` wrote, after checking its checksums.
    ///
    /// Throws `StorageError` for missing or damaged files, `SearchError` for contents that make no segment.
    public init(folder: String, language: String = "en") throws {
        let artefact = try Artefact.open(
            folder: folder, kind: Self.kind, formatVersion: Self.formatVersion, verify: .checksums)
        let analyzer = Analyzer(language: language)
        let segment = try Segment(SegmentBytes(path: artefact.path(of: Self.segmentName)))
        let expansions = try Expansions(reading: artefact.path(of: Expansions.fileName), analyzer: analyzer)
        let part = SearchSnapshot.Part(segment: segment, dead: Array(repeating: false, count: segment.count))
        popularity = (0..<segment.count).map { segment.popularity[$0] }
        state = Mutex(
            State(snapshot: SearchSnapshot(parts: [part], expansions: expansions, analyzer: analyzer, version: 1)))
    }

    /// An index in memory, for tests and tiny catalogues.
    public init(items: [StoredItem], expansions: [Expansions.Entry] = [], language: String = "en") throws(SearchError) {
        let analyzer = Analyzer(language: language)
        var builder = SegmentBuilder(analyzer: analyzer)
        for item in items where IndexBuilder.isVisible(item) { builder.add(item, popularity: 0) }
        let segment = try Segment(SegmentBytes(copying: builder.finish()))
        let known = Expansions(bytes: Expansions.encode(expansions), analyzer: analyzer)
        let part = SearchSnapshot.Part(segment: segment, dead: Array(repeating: false, count: segment.count))
        popularity = []
        state = Mutex(
            State(
                snapshot: SearchSnapshot(
                    parts: [part], expansions: known, analyzer: analyzer,
                    version: 1)))
    }

    public func snapshot() -> SearchSnapshot { state.withLock { $0.snapshot } }

    /// Takes over new, changed and withdrawn items: visible to the next snapshot.
    ///
    /// Complexity: O(all changes since the index was built), so rebuild after some ten thousand.
    public func apply(_ items: [StoredItem]) throws(SearchError) {
        guard !items.isEmpty else { return }
        let outcome: Result<Void, SearchError> = state.withLock { state in
            for item in items { state.changed[item.number] = item }
            let base = state.snapshot.parts[0]
            var dead = base.dead
            var builder = SegmentBuilder(analyzer: state.snapshot.analyzer, reference: base.segment)
            for (number, item) in state.changed.sorted(by: { $0.key < $1.key }) {
                let document = base.segment.documentOfNumber[number.rawValue]
                if let document { dead[Int(document)] = true }
                guard IndexBuilder.isVisible(item) else { continue }
                builder.add(item, popularity: document.map { base.segment.popularity[Int($0)] } ?? 0)
            }
            do throws(SearchError) {
                let segment = try Segment(SegmentBytes(copying: builder.finish()))
                let parts = [
                    SearchSnapshot.Part(segment: base.segment, dead: dead),
                    SearchSnapshot.Part(segment: segment, dead: Array(repeating: false, count: segment.count)),
                ]
                state.snapshot = SearchSnapshot(
                    parts: parts, expansions: state.snapshot.expansions, analyzer: state.snapshot.analyzer,
                    version: state.snapshot.version + 1)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }
}
