internal import Storage

/// A vector for each item that says what it is, so that items without a history have one too.
public struct ItemContent: Sendable, Hashable {
    /// Numbers of a vector.
    public let width: Int
    /// Shape `[items, width]`; each of length one, or zero for an item without a vector.
    public let values: [Float]
    /// How often training leaves an item's own vector out, so that its content alone must do.
    public var idDropout = 0.2
    /// Items that are learned from; the own vectors of others say nothing.
    public var isKnown: [Bool]

    /// - Parameter values: Shape `[items, width]`.
    public init(width: Int, values: [Float]) {
        precondition(width > 0 && values.count % width == 0, "whole vectors")
        self.width = width
        isKnown = [Bool](repeating: true, count: values.count / width)
        var scaled = values
        for start in stride(from: 0, to: values.count, by: width) {
            let length = values[start..<start + width].reduce(0) { $0 + $1 * $1 }.squareRoot()
            guard length > 0 else { continue }
            for place in start..<start + width { scaled[place] /= length }
        }
        self.values = scaled
    }

    /// Reads a safetensors file that holds a vector for each item under the item's name, all of one width.
    ///
    /// - Parameter items: Names of the items that are known anyway.
    /// - Returns: The contents, and the names: `items` with those behind them that the file adds, in ascending order.
    /// - Throws: `badData` if no vector is of a known item, or their widths differ; `StorageError` for what cannot be read.
    static func read(_ path: String, items: [String]) throws -> (content: ItemContent, items: [String]) {
        let file = try SafetensorsFile(path: path)
        let known = Set(items)
        guard let first = file.names.first(where: known.contains), let width = file.shape(of: first)?.last, width > 0
        else { throw NeuralError(.badData, "\(path) holds a vector of none of the items. Name tensors as the items.") }
        let all = items + file.names.filter { !known.contains($0) }
        let values = try all.flatMap { name -> [Float] in
            guard let shape = file.shape(of: name) else { return [Float](repeating: 0, count: width) }
            guard shape == [width] else {
                throw NeuralError(.badData, "\(path): `\(name)` has the shape \(shape), `\(first)` \([width]).")
            }
            let vector = try file.floats(name, shape: shape)
            guard vector.allSatisfy(\.isFinite) else {
                throw NeuralError(.badData, "\(path): `\(name)` holds what is no number.")
            }
            return vector
        }
        return (ItemContent(width: width, values: values), all)
    }

    var checksum: DataChecksum { values.reduce(into: DataChecksum()) { $0.add(UInt64($1.bitPattern)) } }
}
