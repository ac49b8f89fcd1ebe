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
    public static let format = 1
    static let vectorsFile = "vectors.safetensors"
    /// Stands for an item without a text.
    static let noText = UInt32.max
    static let rememberedQueries = 2048

    private struct Live {
        /// Texts that changed after the artefact was written.
        var columns: VectorColumns
        var places: [String: Int] = [:]
        var items: [Int: [ItemNumber]] = [:]
        /// Items whose published text holds no longer.
        var changed: Set<ItemNumber> = []
    }

    private let encoder: SentenceEncoder
    private let columns: VectorColumns
    /// The items of text `t` are `items[starts[t]..<starts[t + 1]]`, by number.
    private let starts: [Int]
    private let items: [ItemNumber]
    private let live: Mutex<Live>
    private let remembered = Mutex<[String: [Float]]>([:])

    /// Opens an artefact and checks all of it.
    public init(folder: String) throws {
        let artefact = try Artefact.open(
            folder: folder, kind: Self.kind, formatVersion: Self.format, verify: .checksums)
        encoder = try SentenceEncoder(folder: artefact.folder)
        let file = try SafetensorsFile(path: artefact.path(of: Self.vectorsFile))
        let width = encoder.shape.width
        let count = file.shape(of: "factors")?.first ?? 0
        let textOfItem = try file.uint32s("texts", shape: [file.shape(of: "texts")?.first ?? 0])
        let columns = VectorColumns(
            width: width, numbers: try file.int8s("numbers", shape: [count, width]),
            factors: try file.floats("factors", shape: [count]))
        guard let columns, textOfItem.allSatisfy({ $0 == Self.noText || $0 < UInt32(count) }) else {
            throw StorageError(.corrupt, "\(folder): the vectors do not fit each other. Run `souk index` again.")
        }
        self.columns = columns
        (starts, items) = Self.itemsByText(textOfItem, count: count)
        live = Mutex(Live(columns: VectorColumns(width: width)))
    }

    private static func itemsByText(_ textOfItem: [UInt32], count: Int) -> (starts: [Int], items: [ItemNumber]) {
        var starts = [Int](repeating: 0, count: count + 1)
        for text in textOfItem where text != noText { starts[Int(text) + 1] += 1 }
        for text in 0..<count { starts[text + 1] += starts[text] }
        var next = starts
        var items = [ItemNumber](repeating: ItemNumber(0), count: starts[count])
        for (item, text) in textOfItem.enumerated() where text != noText {
            items[next[Int(text)]] = ItemNumber(UInt32(item))
            next[Int(text)] += 1
        }
        return (starts, items)
    }

    /// How many texts are encoded.
    public var textCount: Int { columns.count + live.withLock { $0.columns.count } }

    /// The items whose texts are nearest to a query, nearest text first.
    ///
    /// - Parameters:
    ///   - texts: How many texts are looked for; each may stand for many items.
    /// - Complexity: One pass of the encoder for a new query, then O(texts × width) over all of them.
    public func neighbours(of query: String, texts limit: Int) -> Neighbours {
        let vector = self.vector(of: query)
        var found: [(similarity: Float, items: [ItemNumber])] = []
        let live = live.withLock { $0 }
        for hit in columns.nearest(vector, count: limit) {
            let own = items[starts[hit.place]..<starts[hit.place + 1]]
            found.append(
                (hit.similarity, live.changed.isEmpty ? Array(own) : own.filter { !live.changed.contains($0) }))
        }
        for hit in live.columns.nearest(vector, count: limit) {
            found.append((hit.similarity, live.items[hit.place] ?? []))
        }
        let nearest = found.sorted { $0.similarity > $1.similarity }.prefix(limit)
        return Neighbours(
            nearest.flatMap { text in
                text.items.map { Neighbours.Item(number: $0, similarity: text.similarity) }
            })
    }

    /// Takes over changed items; withdrawn ones are found no more.
    public func update(_ changed: [StoredItem]) {
        let texts = changed.map { $0.isWithdrawn ? "" : ItemText.text(of: $0.item) }
        let unknown = live.withLock { live in Set(texts.filter { !$0.isEmpty && live.places[$0] == nil }) }.sorted()
        let vectors = encoder.encode(unknown)
        live.withLock { live in
            for (row, text) in unknown.enumerated() where live.places[text] == nil {
                live.places[text] = live.columns.count
                live.columns.append(Array(vectors[row * columns.width..<(row + 1) * columns.width]))
            }
            for (stored, text) in zip(changed, texts) {
                if live.changed.contains(stored.number) {
                    for place in live.items.keys { live.items[place]?.removeAll { $0 == stored.number } }
                }
                live.changed.insert(stored.number)
                if let place = live.places[text] { live.items[place, default: []].append(stored.number) }
            }
        }
    }

    private func vector(of query: String) -> [Float] {
        if let known = remembered.withLock({ $0[query] }) { return known }
        let vector = encoder.encode([query])
        remembered.withLock { queries in
            if queries.count >= Self.rememberedQueries { queries = [:] }
            queries[query] = vector
        }
        return vector
    }
}
