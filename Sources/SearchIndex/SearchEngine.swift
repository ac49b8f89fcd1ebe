public import Domain
import Storage
import Synchronization
import TextAnalysis

/// The index of one shop while it is served: an immutable segment on disk, and small ones in memory for what changed since.
///
/// A request takes `snapshot()` once. Changes build new segments beside the old ones and become visible at once; readers
/// never wait for them.
public final class SearchEngine: Sendable {
    public static let kind = "index"
    public static let formatVersion = 2
    static let segmentName = "segment.bin"
    private static let translationPrefix = "segment-"

    static func segmentName(of translation: String) -> String { "\(translationPrefix)\(translation).bin" }

    /// Lets one change in at a time; the lists are the living items of the segments in memory, oldest first.
    private let layers = Mutex<[[StoredItem]]>([])
    private let current: Mutex<SearchSnapshot>

    /// Opens an index that `IndexBuilder` wrote, after checking its checksums.
    ///
    /// Throws `StorageError` for missing or damaged files, `SearchError` for contents that make no segment.
    public convenience init(folder: String, language: String = "en") throws {
        try self.init(Self.artefact(folder), language: language)
    }

    private init(_ artefact: Artefact, language: String) throws {
        let analyzer = Analyzer(language: language)
        let segment = try Segment(SegmentBytes(path: artefact.path(of: Self.segmentName)))
        let expansions = try Expansions(reading: artefact.path(of: Expansions.fileName), analyzer: analyzer)
        current = Mutex(SearchSnapshot(base: segment, expansions: expansions, analyzer: analyzer))
    }

    /// The same documents in a further language: without words of like meaning, which are learned for the own language.
    private init(_ artefact: Artefact, translation language: String) throws {
        let analyzer = Analyzer(language: language)
        let segment = try Segment(SegmentBytes(path: artefact.path(of: Self.segmentName(of: language))))
        let expansions = Expansions(bytes: Expansions.encode([]), analyzer: analyzer)
        current = Mutex(SearchSnapshot(base: segment, expansions: expansions, analyzer: analyzer))
    }

    private static func artefact(_ folder: String) throws(StorageError) -> Artefact {
        try Artefact.open(folder: folder, kind: kind, formatVersion: formatVersion, verify: .checksums)
    }

    /// Opens an index in the shop's language and in each further one that it was built for, by primary tag.
    ///
    /// Throws as `init(folder:language:)`.
    public static func open(folder: String, language: String) throws -> (
        own: SearchEngine, translations: [String: SearchEngine]
    ) {
        let artefact = try artefact(folder)
        var translations: [String: SearchEngine] = [:]
        for name in artefact.manifest.files.keys where name.hasPrefix(translationPrefix) && name.hasSuffix(".bin") {
            let tag = String(name.dropFirst(translationPrefix.count).dropLast(4))
            translations[tag] = try SearchEngine(artefact, translation: tag)
        }
        return (try SearchEngine(artefact, language: language), translations)
    }

    /// An index in memory, for tests and tiny catalogues.
    public convenience init(
        items: [StoredItem], expansions: [Expansions.Entry] = [], language: String = "en"
    ) throws(SearchError) {
        var builder = IndexBuilder(language: language)
        builder.add(contentsOf: items)
        try self.init(inMemory: builder, expansions: expansions, language: language)
    }

    /// Opens what a builder gathered without writing it to disk.
    ///
    /// - Parameter language: The builder's.
    public init(
        inMemory builder: consuming IndexBuilder, expansions: [Expansions.Entry] = [], language: String = "en"
    ) throws(SearchError) {
        let analyzer = Analyzer(language: language)
        let segment = try Segment(SegmentBytes(copying: builder.finish()))
        let known = Expansions(bytes: Expansions.encode(expansions), analyzer: analyzer)
        current = Mutex(SearchSnapshot(base: segment, expansions: known, analyzer: analyzer))
    }

    public func snapshot() -> SearchSnapshot { current.withLock { $0 } }

    /// Takes over new, changed and withdrawn items: visible to the next snapshot.
    ///
    /// The changes make a segment of their own; segments of like size are merged (O'Neil et al., 1996), so that there are
    /// O(log changes) of them. Complexity: O(items · log changes), amortised.
    public func apply(_ items: [StoredItem]) throws(SearchError) {
        guard !items.isEmpty else { return }
        let outcome: Result<Void, SearchError> = layers.withLock { layers in
            Result { () throws(SearchError) in try change(items, &layers) }
        }
        try outcome.get()
    }

    private func change(_ items: [StoredItem], _ layers: inout [[StoredItem]]) throws(SearchError) {
        // Of an item that is named twice, the last one counts.
        let newest = Dictionary(items.map { ($0.number, $0) }) { $1 }
        let before = snapshot()
        var parts = before.parts
        var next = layers.map { layer in layer.filter { newest[$0.number] == nil } }
        for part in parts.indices {
            for number in newest.keys {
                if let document = parts[part].segment.document(of: number) { parts[part].dead.insert(document) }
            }
        }
        let visible = newest.values.filter(IndexBuilder.isVisible).sorted { $0.number < $1.number }
        // How many segments in memory stand as they were, but for their dead documents, and what the new one holds.
        var kept = next.count
        var merged = visible
        while kept > 0, next[kept - 1].count <= 2 * merged.count {
            kept -= 1
            merged = (next[kept] + merged).sorted { $0.number < $1.number }
        }
        next.removeLast(next.count - kept)
        parts.removeLast(parts.count - 1 - kept)
        if !merged.isEmpty {
            next.append(merged)
            parts.append(try part(of: merged, base: before.parts[0].segment, analyzer: before.analyzer))
        }
        layers = next
        let changed = SearchSnapshot(after: before, parts: parts)
        current.withLock { $0 = changed }
    }

    private func part(of items: [StoredItem], base: Segment, analyzer: Analyzer) throws(SearchError)
        -> SearchSnapshot.Part
    {
        var builder = SegmentBuilder(analyzer: analyzer, reference: base)
        for item in items {
            builder.add(item, popularity: base.document(of: item.number).map { base.popularity[$0] } ?? 0)
        }
        let segment = try Segment(SegmentBytes(copying: builder.finish()))
        return SearchSnapshot.Part(segment: segment, dead: DocumentSet(limit: segment.count))
    }
}
