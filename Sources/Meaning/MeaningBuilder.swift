public import Domain
import Encoders
import SearchIndex
import Storage
public import VectorIndex

/// Encodes a catalogue: one vector a text, and which text each item has.
public struct MeaningBuilder: Sendable {
    /// How many queries are made up to measure how the nearest are found.
    private static let sampled = 200
    private static let sampleSeed: UInt64 = 1

    private let encoder: SentenceEncoder
    private let quantised: [(name: String, bytes: [UInt8])]
    private var placeOfText: [String: UInt32] = [:]
    private var texts: [String] = []
    private var textOfItem: [UInt32] = []

    /// - Parameter weights: A folder with the files that `SentenceEncoder.init(folder:)` reads.
    public init(weights: String) throws {
        quantised = try SentenceEncoder.quantised(folder: weights)
        // As the server encodes queries and changed items.
        encoder = try SentenceEncoder(folder: weights, isRounded: true)
    }

    public var textCount: Int { texts.count }

    /// Adds an item, unless it is withdrawn.
    public mutating func add(_ stored: StoredItem) {
        guard !stored.isWithdrawn else { return }
        let text = ItemText.text(of: stored.item)
        guard !text.isEmpty else { return }
        let place = placeOfText[text] ?? UInt32(texts.count)
        if place == texts.count {
            placeOfText[text] = place
            texts.append(text)
        }
        let missing = stored.number.index + 1 - textOfItem.count
        if missing > 0 { textOfItem.append(contentsOf: repeatElement(Neighbours.noText, count: missing)) }
        textOfItem[stored.number.index] = place
    }

    /// Encodes all texts on the machine's processors, chooses how the nearest are found, and writes the artefact.
    ///
    /// - Parameters:
    ///   - record: What is kept of the network.
    ///   - nearest: How the nearest are found, whatever is measured; `nil` chooses by recall and time on made-up queries.
    ///   - progress: How many texts are done, of how many; called from one thread at a time.
    /// - Returns: How the nearest are found, and what was measured.
    /// - Complexity: O(tokens); about a third of a billion operations a short text.
    @discardableResult
    public func write(
        to folder: String, record: NetworkRecord = NetworkRecord(), nearest: VectorMethod? = nil,
        progress: @Sendable (Int, Int) -> Void
    ) throws -> (method: VectorMethod, measured: [VectorMeasure]) {
        let encoded = encoder.encodeAll(texts, progress: progress)
        var columns = VectorColumns(width: encoder.shape.width)
        columns.append(encoded)
        let isMeasured = nearest != nil || columns.count >= VectorMethodChoice.fewest
        let sample = QuerySample.queries(of: texts, count: Self.sampled, seed: Self.sampleSeed)
        let choice = VectorMethodChoice(
            columns, vectors: encoded, queries: isMeasured ? encoder.encodeAll(sample) : [],
            limit: PreparedSearch.nearTexts)
        let (vectors, measured) = choice.choose(forced: nearest)
        var writer = SafetensorsWriter()
        VectorFile.add(vectors, to: &writer)
        writer.add("texts", textOfItem, shape: [textOfItem.count])
        var artefact = try ArtefactWriter(
            folder: folder, kind: MeaningIndex.kind, formatVersion: MeaningIndex.format, creator: "souk index",
            seed: nil)
        try artefact.add(MeaningIndex.vectorsFile, writer.encoded())
        for (name, bytes) in quantised { try artefact.add(name, bytes) }
        for (name, bytes) in record.files { try artefact.add(name, bytes) }
        var metrics = ["texts": Double(texts.count), "items": Double(textOfItem.count)]
        for measure in measured { metrics.merge(measure.metrics) { $1 } }
        let inputs = [Manifest.nearestInput: vectors.method.rawValue]
        _ = try artefact.finish(
            metrics: record.metrics.merging(metrics) { $1 }, inputs: record.inputs.merging(inputs) { $1 })
        return (vectors.method, measured)
    }
}

extension VectorMeasure {
    /// Figures of a manifest.
    var metrics: [String: Double] {
        var metrics = [
            "\(method).recall@10": recall, "\(method).microseconds": medianMicroseconds,
            "\(method).build_seconds": buildSeconds, "\(method).bytes": Double(byteCount),
        ]
        if method == .graph { metrics["graph.breadth"] = Double(breadth) }
        return metrics
    }
}
