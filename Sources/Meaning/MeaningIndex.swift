public import Domain
import Encoders
public import SearchIndex
import Storage
import Synchronization
import VectorIndex

/// Finds items by what a query means: their texts' vectors nearest to the query's.
///
/// Changes of items show at once: their texts are encoded anew and stand beside the published ones.
public final class MeaningIndex: Sendable {
    public static let kind = "meaning"
    public static let format = 2
    /// Artefacts of this format know no graph; they are still read.
    static let formatWithoutGraph = 1
    static let vectorsFile = "vectors.safetensors"
    static let rememberedQueries = 2048

    private struct Live {
        /// Texts that changed after the artefact was written; their places follow the published ones.
        var columns: VectorColumns
        var places: [String: UInt32] = [:]
        /// By place among `columns`: the items that the text was given to.
        var items: [[ItemNumber]] = []
        /// By item number.
        var textOfItem: [UInt32]
    }

    /// What was found for a query among the published texts.
    private struct Found {
        var vector: [Float]
        var hits: [VectorHit]
        var limit: Int
    }

    private let encoder: SentenceEncoder
    private let vectors: NearestVectors
    private var columns: VectorColumns { vectors.columns }
    /// The items of text `t` are `items[starts[t]..<starts[t + 1]]`, by number.
    private let starts: [Int]
    private let items: [ItemNumber]
    private let live: Mutex<Live>
    private let remembered = Mutex(GenerationalCache<String, Found>(capacity: rememberedQueries))

    /// Opens an artefact and checks all of it.
    public init(folder: String) throws {
        let artefact = try Artefact.open(
            folder: folder, kind: Self.kind, formatVersion: Self.format, oldest: Self.formatWithoutGraph,
            verify: .checksums)
        encoder = try SentenceEncoder(folder: artefact.folder)
        let file = try SafetensorsFile(path: artefact.path(of: Self.vectorsFile))
        let width = encoder.shape.width
        let textOfItem = try file.uint32s("texts", shape: [file.shape(of: "texts")?.first ?? 0])
        guard let vectors = try VectorFile.vectors(file, width: width),
            textOfItem.allSatisfy({ $0 == Neighbours.noText || $0 < UInt32(vectors.columns.count) })
        else {
            throw StorageError(.corrupt, "\(folder): the vectors do not fit each other. Run `souk index` again.")
        }
        self.vectors = vectors
        (starts, items) = Self.itemsByText(textOfItem, count: vectors.columns.count)
        live = Mutex(Live(columns: VectorColumns(width: width), textOfItem: textOfItem))
    }

    private static func itemsByText(_ textOfItem: [UInt32], count: Int) -> (starts: [Int], items: [ItemNumber]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for text in textOfItem where text != Neighbours.noText { starts[Int(text) + 1] += 1 }
        for text in 0..<count { starts[text + 1] += starts[text] }
        var next = starts
        var items = [ItemNumber](repeating: ItemNumber(0), count: starts[count])
        for (item, text) in textOfItem.enumerated() where text != Neighbours.noText {
            items[next[Int(text)]] = ItemNumber(UInt32(item))
            next[Int(text)] += 1
        }
        return (starts, items)
    }

    /// How many texts are encoded.
    public var textCount: Int { columns.count + live.withLock { $0.columns.count } }

    /// The texts that are nearest to a query, nearest first.
    ///
    /// - Parameters:
    ///   - limit: How many texts are looked for; each may stand for many items.
    ///   - filtered: If given, as many texts that are nearest among those of these items are looked for as well.
    /// - Complexity: One pass of the encoder and that of `NearestVectors.nearest` for a new query; O(limit + changed texts × width) for one
    ///   that was asked before. With `filtered` also O(filtered) and that of `NearestVectors.nearest` among their texts.
    public func neighbours(of query: String, texts limit: Int, among filtered: [ItemNumber]? = nil) -> Neighbours {
        let found = found(query, limit)
        let live = live.withLock { $0 }
        var texts = self.texts(found.hits)
        if live.columns.count > 0 {
            texts += self.texts(live.columns.nearest(found.vector, count: limit), live)
            Self.order(&texts, limit)
        }
        guard let filtered else { return Neighbours(texts: texts, textOfItem: live.textOfItem) }
        let places = Self.places(of: filtered, live.textOfItem)
        let published = places.prefix { $0 < columns.count }
        var own = self.texts(vectors.nearest(found.vector, count: limit, allowed: Array(published)))
        let changed = places[published.endIndex...].map { $0 - columns.count }
        own += self.texts(live.columns.nearest(found.vector, count: limit, allowed: changed), live)
        Self.order(&own, limit)
        let known = Set(texts.map(\.place))
        texts += own.filter { !known.contains($0.place) }
        Self.order(&texts, texts.count)
        return Neighbours(texts: texts, textOfItem: live.textOfItem, filteredTexts: places.count)
    }

    private func texts(_ hits: [VectorHit]) -> [Neighbours.Text] {
        hits.map { hit in
            Neighbours.Text(
                place: UInt32(hit.place), similarity: hit.similarity,
                items: items[starts[hit.place]..<starts[hit.place + 1]])
        }
    }

    /// The same for texts that changed, by their place among those.
    private func texts(_ hits: [VectorHit], _ live: Live) -> [Neighbours.Text] {
        hits.map { hit in
            Neighbours.Text(
                place: UInt32(columns.count + hit.place), similarity: hit.similarity, items: live.items[hit.place][...])
        }
    }

    /// The first `limit`, nearest first; of equal ones the changed first: items have left the published one.
    private static func order(_ texts: inout [Neighbours.Text], _ limit: Int) {
        texts.sort { ($0.similarity, $0.place) > ($1.similarity, $1.place) }
        texts.removeSubrange(min(limit, texts.count)...)
    }

    /// The texts of items, each once, ascending.
    private static func places(of items: [ItemNumber], _ textOfItem: [UInt32]) -> [Int] {
        Set(items.compactMap { $0.index < textOfItem.count ? textOfItem[$0.index] : nil })
            .subtracting([Neighbours.noText]).map { Int($0) }.sorted()
    }

    /// Takes over changed items; withdrawn ones are found no more.
    public func update(_ changed: [StoredItem]) {
        let texts = changed.map { $0.isWithdrawn ? "" : ItemText.text(of: $0.item) }
        let unknown = live.withLock { live in Set(texts.filter { !$0.isEmpty && live.places[$0] == nil }) }.sorted()
        let vectors = encoder.encode(unknown)
        live.withLock { live in
            for (row, text) in unknown.enumerated() where live.places[text] == nil {
                live.places[text] = UInt32(columns.count + live.columns.count)
                live.columns.append(Array(vectors[row * columns.width..<(row + 1) * columns.width]))
                live.items.append([])
            }
            for (stored, text) in zip(changed, texts) {
                let number = stored.number
                while live.textOfItem.count <= number.index { live.textOfItem.append(Neighbours.noText) }
                let place = live.places[text] ?? Neighbours.noText
                guard live.textOfItem[number.index] != place else { continue }
                live.textOfItem[number.index] = place
                guard place != Neighbours.noText else { continue }
                let own = Int(place) - columns.count
                if !live.items[own].contains(number) { live.items[own].append(number) }
            }
        }
    }

    /// Items whose texts are nearest to an item's, the nearest first; those of one text by number.
    ///
    /// Texts that changed since the index was published are compared with, and found only by `neighbours(of:)`.
    /// - Complexity: That of `NearestVectors.nearest`, and O(items of the texts found).
    public func similar(to item: ItemNumber, limit: Int, allows: (ItemNumber) -> Bool) -> [ItemNumber] {
        guard let vector = vector(of: item) else { return [] }
        var found: [ItemNumber] = []
        for hit in vectors.nearest(vector, count: limit) {
            for other in items[starts[hit.place]..<starts[hit.place + 1]] where other != item && allows(other) {
                found.append(other)
                if found.count >= limit { return found }
            }
        }
        return found
    }

    /// The cosines of an item's text with others'; `nil` where one of the two has none.
    ///
    /// - Complexity: O(others × width).
    public func cosines(of item: ItemNumber, with others: [ItemNumber]) -> [Float?] {
        guard let vector = vector(of: item) else { return others.map { _ in nil } }
        let live = live.withLock { $0 }
        let places = others.map { other -> Int? in
            guard other.index < live.textOfItem.count, live.textOfItem[other.index] != Neighbours.noText else {
                return nil
            }
            return Int(live.textOfItem[other.index])
        }
        let published = columns.cosines(vector, at: places.map { $0.flatMap { $0 < columns.count ? $0 : nil } })
        let changed = live.columns.cosines(
            vector, at: places.map { $0.flatMap { $0 < columns.count ? nil : $0 - columns.count } })
        return zip(published, changed).map { $0 ?? $1 }
    }

    /// The vector of an item's text as it is now.
    private func vector(of item: ItemNumber) -> [Float]? {
        live.withLock { live in
            guard item.index < live.textOfItem.count, live.textOfItem[item.index] != Neighbours.noText else {
                return nil
            }
            let place = Int(live.textOfItem[item.index])
            return place < columns.count ? columns.vector(place) : live.columns.vector(place - columns.count)
        }
    }

    private func found(_ query: String, _ limit: Int) -> Found {
        if let known = remembered.withLock({ $0.value(query) }), known.limit == limit { return known }
        let vector = encoder.encode([query])
        let found = Found(vector: vector, hits: vectors.nearest(vector, count: limit), limit: limit)
        remembered.withLock { $0.insert(found, for: query) }
        return found
    }
}
