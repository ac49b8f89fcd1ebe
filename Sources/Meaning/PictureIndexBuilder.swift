import Dispatch
public import Domain
import Encoders
import Numerics
public import Storage
import Synchronization
import VectorIndex

/// Encodes what a shop's items look like: one vector a picture, and which picture each item has.
public struct PictureIndexBuilder: Sendable {
    /// Stands for an item without a picture.
    static let noPicture = UInt32.max
    /// Pictures that a thread encodes before it reports.
    private static let part = 64

    private let encoder: PictureEncoder
    private let weights: [UInt8]
    private let table: PictureTable
    private var places: [UInt32] = []

    /// - Parameters:
    ///   - weights: A folder that `souk-train cnn` wrote.
    ///   - table: Pictures dark on light, of `PictureIndex.side` pixels a side.
    public init(weights folder: String, table: PictureTable) throws {
        encoder = try PictureEncoder(folder: folder)
        weights = try FileSystem.read(folder + "/" + PictureEncoder.weightsFile, maximumBytes: 256 << 20)
        guard table.width == PictureIndex.side, table.height == PictureIndex.side else {
            throw StorageError(
                .unknownFormat,
                "The shop's pictures have \(table.width) × \(table.height) pixels, not \(PictureIndex.side) × \(PictureIndex.side)."
            )
        }
        self.table = table
    }

    public var pictureCount: Int { table.count }

    /// Adds an item, unless it is withdrawn or has no picture.
    public mutating func add(_ stored: StoredItem) {
        guard !stored.isWithdrawn, let place = table.place(of: stored.number) else { return }
        let missing = stored.number.index + 1 - places.count
        if missing > 0 { places.append(contentsOf: repeatElement(Self.noPicture, count: missing)) }
        places[stored.number.index] = UInt32(place)
    }

    /// Encodes all pictures on the machine's processors and writes the artefact.
    ///
    /// - Parameter record: What is kept of the network.
    /// - Parameter progress: How many pictures are done, of how many; called from one thread at a time.
    public func write(
        to folder: String, record: NetworkRecord = NetworkRecord(), progress: @Sendable (Int, Int) -> Void
    ) throws {
        let (width, total) = (encoder.width, table.count)
        let all = Mutex((vectors: [Float](repeating: 0, count: total * width), done: 0))
        // Each thread multiplies its own matrices.
        LinearAlgebra.withThreads(1) {
            DispatchQueue.concurrentPerform(iterations: (total + Self.part - 1) / Self.part) { number in
                let range = number * Self.part..<min(total, (number + 1) * Self.part)
                // The network was trained on pictures light on black.
                let vectors = encoder.encode(range.flatMap { table.pixels(at: $0).map { 255 - $0 } }).embeddings
                all.withLock { state in
                    state.vectors.replaceSubrange(range.lowerBound * width..<range.upperBound * width, with: vectors)
                    state.done += range.count
                    progress(state.done, total)
                }
            }
        }
        var columns = VectorColumns(width: width)
        columns.append(all.withLock { $0.vectors })
        var writer = SafetensorsWriter()
        VectorFile.add(NearestVectors(columns, method: .scan), to: &writer)
        writer.add("pictures", places, shape: [places.count])
        var artefact = try ArtefactWriter(
            folder: folder, kind: PictureIndex.kind, formatVersion: PictureIndex.format, creator: "souk index",
            seed: nil)
        try artefact.add(PictureIndex.vectorsFile, writer.encoded())
        try artefact.add(PictureEncoder.weightsFile, weights)
        for (name, bytes) in record.files { try artefact.add(name, bytes) }
        let counts = ["pictures": Double(columns.count), "items": Double(places.count)]
        _ = try artefact.finish(metrics: record.metrics.merging(counts) { $1 }, inputs: record.inputs)
    }
}
