public import Domain
import Encoders
import Numerics
import Storage
import VectorIndex

/// Finds items by what they look like: the pictures whose vectors are nearest to a picture's.
public struct PictureIndex: Sendable {
    public static let kind = "pictures"
    public static let format = 1
    static let vectorsFile = "vectors.safetensors"
    /// Pixels of a side of the pictures that are asked for.
    public static let side = PictureEncoder.side

    /// An item whose picture is near.
    public struct Hit: Sendable, Hashable {
        public var item: ItemNumber
        /// The cosine.
        public var similarity: Float

        public init(item: ItemNumber, similarity: Float) { (self.item, self.similarity) = (item, similarity) }
    }

    private let encoder: PictureEncoder
    private let columns: VectorColumns
    /// By item number; `noPicture` for an item without a picture.
    private let places: [UInt32]
    /// By place: the items that look like this.
    private let items: [[ItemNumber]]

    /// Opens an artefact and checks all of it.
    public init(folder: String) throws {
        let artefact = try Artefact.open(
            folder: folder, kind: Self.kind, formatVersion: Self.format, verify: .checksums)
        encoder = try PictureEncoder(weights: artefact.path(of: PictureEncoder.weightsFile))
        let file = try SafetensorsFile(path: artefact.path(of: Self.vectorsFile))
        let places = try file.uint32s("pictures", shape: [file.shape(of: "pictures")?.first ?? 0])
        guard let columns = try VectorFile.vectors(file, width: encoder.width)?.columns, case let count = columns.count,
            places.allSatisfy({ $0 == PictureIndexBuilder.noPicture || $0 < UInt32(count) })
        else {
            throw StorageError(.corrupt, "\(folder): the vectors do not fit each other. Run `souk index` again.")
        }
        (self.columns, self.places) = (columns, places)
        var items = [[ItemNumber]](repeating: [], count: count)
        for (item, place) in places.enumerated() where place != PictureIndexBuilder.noPicture {
            items[Int(place)].append(ItemNumber(UInt32(item)))
        }
        self.items = items
    }

    public var count: Int { columns.count }

    /// The items that look most like a picture, nearest first, ties by picture.
    ///
    /// - Parameters:
    ///   - pixels: Light on black, shape `[side, side]`.
    ///   - filtered: If given, only these items are looked at.
    ///   - allows: Whether an item may be found.
    /// - Complexity: One pass of the encoder, and that of a scan of all pictures' vectors, or of those of the filtered items.
    public func nearest(
        to pixels: [UInt8], limit: Int, among filtered: [ItemNumber]? = nil, allows: (ItemNumber) -> Bool
    ) -> [Hit] {
        // One picture is too little to share among threads.
        nearest(LinearAlgebra.withThreads(1) { encoder.encode(pixels).embeddings }, limit, filtered, allows)
    }

    /// The items that look most like an item, without itself; `nil` for one without a picture.
    public func similar(
        to item: ItemNumber, limit: Int, among filtered: [ItemNumber]? = nil, allows: (ItemNumber) -> Bool
    ) -> [Hit]? {
        guard let place = place(of: item) else { return nil }
        return nearest(columns.vector(place), limit, filtered) { $0 != item && allows($0) }
    }

    private func place(of item: ItemNumber) -> Int? {
        guard item.index < places.count, places[item.index] != PictureIndexBuilder.noPicture else { return nil }
        return Int(places[item.index])
    }

    /// The cosines of an item's picture with others'; `nil` where one of the two has none.
    ///
    /// - Complexity: O(others × width).
    public func cosines(of item: ItemNumber, with others: [ItemNumber]) -> [Float?] {
        guard let own = place(of: item) else { return others.map { _ in nil } }
        return columns.cosines(columns.vector(own), at: others.map { place(of: $0) })
    }

    /// Looks further while what is found is not allowed.
    private func nearest(
        _ vector: [Float], _ limit: Int, _ filtered: [ItemNumber]?, _ allows: (ItemNumber) -> Bool
    ) -> [Hit] {
        let wanted = filtered.map(Set.init)
        let allowed = wanted.map { Set($0.compactMap { place(of: $0) }).sorted() }
        let count = allowed?.count ?? count
        var depth = limit + 16
        while true {
            var found: [Hit] = []
            for hit in columns.nearest(vector, count: depth, allowed: allowed) {
                for item in items[hit.place] where (wanted?.contains(item) ?? true) && allows(item) {
                    // Rounding to 8 bits may lead beyond 1.
                    found.append(Hit(item: item, similarity: min(1, hit.similarity)))
                }
                if found.count >= limit { break }
            }
            if found.count >= limit || depth >= count { return Array(found.prefix(limit)) }
            depth *= 8
        }
    }
}
