import Storage

extension HistoryEncoder {
    /// What the manifests of models that it computes name them.
    public enum Kind: String, Sendable, CaseIterable {
        case sasrec
        /// With a gate on each part of a block.
        case esasrec
        /// With a mask for the item that is asked for.
        case bert4rec
    }

    static let formatVersion = 1

    /// Reads a model's folder: `weights.safetensors`, `items.txt` and `shape.json` under a manifest.
    ///
    /// - Parameter kind: Which network the folder holds.
    /// - Throws: `StorageError` for a folder that is missing, changed, of another kind or with tensors of other shapes, `EncoderError`
    ///   for a shape that this encoder does not compute.
    public init(_ kind: Kind, folder: String) throws {
        try self.init(
            kind, SequenceSource(folder: folder, kind: kind.rawValue, formatVersion: Self.formatVersion))
    }

    init(_ kind: Kind, _ source: SequenceSource) throws {
        let shape = try Shape(source.shape)
        let reader = BlockReader(
            file: source.file, width: shape.width, inner: shape.inner, isGated: kind == .esasrec)
        self.shape = shape
        items = try ItemTable(source, width: shape.width, temperature: shape.temperature)
        positions = try reader.file.floats("positions", shape: [shape.length, shape.width])
        blocks = try (0..<shape.blocks).map { try reader.block("blocks.\($0)") }
        norm = try reader.norm("norm")
        mask = kind == .bert4rec ? try reader.file.floats("mask", shape: [shape.width]) : nil
    }
}

extension HistoryEncoder.Shape {
    init(_ reader: ShapeReader) throws(EncoderError) {
        self.init(
            width: try reader.number("width", 8...4096), blocks: try reader.number("blocks", 1...48),
            heads: try reader.number("heads", 1...64), inner: try reader.number("inner", 8...16_384),
            length: try reader.number("length", 1...8192), temperature: try reader.temperature())
        guard width % heads == 0, width / heads % 8 == 0 else {
            throw EncoderError(.wrongModel, "shape.json: the width of a head must be a multiple of 8.")
        }
    }
}

/// Reads blocks out of a file of weights.
struct BlockReader {
    let file: SafetensorsFile
    let width: Int
    /// Of the perceptron's hidden layer.
    let inner: Int
    var isGated = false

    func block(_ name: String) throws(StorageError) -> HistoryEncoder.Block {
        let (attention, perceptron) = (name + ".attention", name + ".perceptron")
        return HistoryEncoder.Block(
            attentionNorm: try norm(attention + ".norm"), joined: try file.dense(attention + ".in", 3 * width, width),
            output: try file.dense(attention + ".out", width, width), perceptronNorm: try norm(perceptron + ".norm"),
            inner: try file.dense(perceptron + ".inner", (isGated ? 2 : 1) * inner, width),
            outer: try file.dense(perceptron + ".outer", width, inner),
            gates: isGated
                ? (
                    attention: try file.dense(attention + ".gate", width, width),
                    perceptron: try file.dense(perceptron + ".gate", width, width)
                ) : nil)
    }

    func norm(_ name: String) throws(StorageError) -> LayerNorm {
        LayerNorm(
            weight: try file.floats(name + ".weight", shape: [width]),
            bias: try file.floats(name + ".bias", shape: [width]), epsilon: 1e-8)
    }
}
