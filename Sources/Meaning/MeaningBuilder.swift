public import Domain
import Encoders
import SearchIndex
import Storage
import VectorIndex

/// Encodes a catalogue: one vector a text, and which text each item has.
public struct MeaningBuilder: Sendable {
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

    /// Encodes all texts on the machine's processors and writes the artefact.
    ///
    /// - Parameter record: What is kept of the network.
    /// - Parameter progress: How many texts are done, of how many; called from one thread at a time.
    /// - Complexity: O(tokens); about a third of a billion operations a short text.
    public func write(
        to folder: String, record: NetworkRecord = NetworkRecord(), progress: @Sendable (Int, Int) -> Void
    ) throws {
        try write(
            to: folder, record: record, reductionThreshold: NearestVectors.reductionThreshold, progress: progress)
    }

    func write(
        to folder: String, record: NetworkRecord = NetworkRecord(), reductionThreshold: Int,
        progress: @Sendable (Int, Int) -> Void
    ) throws {
        let vectors = encoder.encodeAll(texts, progress: progress)
        var columns = VectorColumns(width: encoder.shape.width)
        columns.append(vectors)
        var writer = SafetensorsWriter()
        writer.add("numbers", columns.numbers, shape: [columns.count, columns.width])
        writer.add("factors", columns.factors, shape: [columns.count])
        writer.add("texts", textOfItem, shape: [textOfItem.count])
        if let reduction = NearestVectors(columns, threshold: reductionThreshold).reduction {
            let (directions, reduced) = (reduction.directions, reduction.columns)
            writer.add("directions", directions.rows, shape: [directions.count, directions.width])
            writer.add("reduced", reduced.numbers, shape: [reduced.count, reduced.width])
            writer.add("reduced.factors", reduced.factors, shape: [reduced.count])
        }
        var artefact = try ArtefactWriter(
            folder: folder, kind: MeaningIndex.kind, formatVersion: MeaningIndex.format, creator: "souk index",
            seed: nil)
        try artefact.add(MeaningIndex.vectorsFile, writer.encoded())
        for (name, bytes) in quantised { try artefact.add(name, bytes) }
        for (name, bytes) in record.files { try artefact.add(name, bytes) }
        let counts = ["texts": Double(texts.count), "items": Double(textOfItem.count)]
        _ = try artefact.finish(metrics: record.metrics.merging(counts) { $1 }, inputs: record.inputs)
    }
}
