import Dispatch
public import Domain
import Encoders
import Numerics
import SearchIndex
import Storage
import Synchronization
import VectorIndex

/// Encodes a catalogue: one vector a text, and which text each item has.
public struct MeaningBuilder: Sendable {
    /// Texts that are encoded together; of like length, so that no thread waits long for another.
    static let batch = 32

    private let encoder: SentenceEncoder
    private let quantised: [(name: String, bytes: [UInt8])]
    private var placeOfText: [String: UInt32] = [:]
    private var texts: [String] = []
    private var textOfItem: [UInt32] = []

    /// - Parameter weights: A folder with the files that `SentenceEncoder.init(folder:)` reads.
    public init(weights: String) throws {
        quantised = try SentenceEncoder.quantised(folder: weights)
        encoder = try SentenceEncoder(folder: weights)
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
    /// - Parameter progress: How many texts are done, of how many; called from one thread at a time.
    /// - Complexity: O(tokens); about a third of a billion operations a short text.
    public func write(to folder: String, progress: @Sendable (Int, Int) -> Void) throws {
        let vectors = encodeAll(progress)
        var columns = VectorColumns(width: encoder.shape.width)
        columns.append(vectors)
        var writer = SafetensorsWriter()
        writer.add("numbers", columns.numbers, shape: [columns.count, columns.width])
        writer.add("factors", columns.factors, shape: [columns.count])
        writer.add("texts", textOfItem, shape: [textOfItem.count])
        var artefact = try ArtefactWriter(
            folder: folder, kind: MeaningIndex.kind, formatVersion: MeaningIndex.format, creator: "souk index",
            seed: nil)
        try artefact.add(MeaningIndex.vectorsFile, writer.encoded())
        for (name, bytes) in quantised { try artefact.add(name, bytes) }
        _ = try artefact.finish(metrics: ["texts": Double(texts.count), "items": Double(textOfItem.count)])
    }

    private func encodeAll(_ progress: @Sendable (Int, Int) -> Void) -> [Float] {
        let width = encoder.shape.width
        let order = texts.indices.sorted { texts[$0].utf8.count < texts[$1].utf8.count }
        let batches = stride(from: 0, to: order.count, by: Self.batch).map { start in
            Array(order[start..<min(start + Self.batch, order.count)])
        }
        let all = Mutex((vectors: [Float](repeating: 0, count: texts.count * width), done: 0))
        LinearAlgebra.withThreads(1) {
            DispatchQueue.concurrentPerform(iterations: batches.count) { number in
                let places = batches[number]
                let vectors = encoder.encode(places.map { texts[$0] })
                all.withLock { state in
                    for (row, place) in places.enumerated() {
                        for column in 0..<width {
                            state.vectors[place * width + column] = vectors[row * width + column]
                        }
                    }
                    state.done += places.count
                    progress(state.done, texts.count)
                }
            }
        }
        return all.withLock { $0.vectors }
    }
}
