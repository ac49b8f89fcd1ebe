import Domain
public import Meaning
import Storage

extension Workbench {
    /// Kinds of vectors by their names with commas between; `nil` for others.
    public static func vectorKinds(named text: String) -> [ShopVectors.Kind]? { ShopVectors.kinds(named: text) }

    /// Writes what `souk index` made of each item as safetensors: a tensor of one axis under the item's identifier.
    ///
    /// - Parameter kinds: What vectors are of; `nil` for all that the shop has. Those of several kinds stand one after the other.
    /// - Returns: How many items have a vector, and of how many numbers.
    /// - Throws: `missing` for a shop without vectors; `StorageError` `notFound` for a kind that it lacks.
    public func exportVectors(_ kinds: [ShopVectors.Kind]?, to path: String) throws -> (items: Int, width: Int) {
        let kinds = try kinds ?? ShopVectors.kinds(of: folder)
        guard !kinds.isEmpty else {
            throw LearningError(
                .missing,
                "\(folder.path) has no vectors: run `souk index --shop \(folder.path)` where the sentence encoder is installed."
            )
        }
        let vectors = try ShopVectors(folder, kinds: kinds)
        var writer = SafetensorsWriter()
        writer.metadata = ["of": kinds.map(\.rawValue).joined(separator: ","), "shop": config.shop.rawValue]
        var count = 0
        try forEachItem { stored in
            guard !stored.isWithdrawn, let vector = vectors.vector(of: stored.number) else { return }
            writer.add(stored.item.id.rawValue, vector, shape: [vectors.width])
            count += 1
        }
        try AtomicFile.write(writer.encoded(), to: path)
        return (count, vectors.width)
    }
}
