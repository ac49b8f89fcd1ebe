import JSON
import Storage

extension HistoryEncoder {
    /// What the manifest of a model names it.
    public static let kind = "sasrec"
    static let formatVersion = 1

    /// Reads a model's folder: `weights.safetensors`, `items.txt` and `shape.json` under a manifest.
    ///
    /// - Throws: `StorageError` for a folder that is missing, changed, of another kind or with tensors of other shapes, `EncoderError`
    ///   for a shape that this encoder does not compute.
    public init(folder: String) throws {
        let artefact = try Artefact.open(
            folder: folder, kind: Self.kind, formatVersion: Self.formatVersion, verify: .checksums)
        let shape = try Shape(try JSONValue(parsing: artefact.read("shape.json")))
        let names = String(decoding: try artefact.read("items.txt"), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        let reader = BlockReader(
            file: try SafetensorsFile(path: artefact.path(of: "weights.safetensors")), shape: shape)
        (self.shape, self.names) = (shape, names)
        let items = try reader.file.floats("items", shape: [names.count, shape.width])
        var outputs = items
        if shape.temperature > 0 { Self.normalise(&outputs, width: shape.width, to: 1) }
        (self.items, self.outputs) = (items, outputs)
        positions = try reader.file.floats("positions", shape: [shape.length, shape.width])
        blocks = try (0..<shape.blocks).map { try reader.block("blocks.\($0)") }
        norm = try reader.norm("norm")
    }
}

extension HistoryEncoder.Shape {
    init(_ json: JSONValue) throws(EncoderError) {
        func number(_ name: String, _ range: ClosedRange<Int>) throws(EncoderError) -> Int {
            guard let value = json[name]?.integerValue.flatMap({ Int(exactly: $0) }), range.contains(value) else {
                throw EncoderError(
                    .wrongModel, "shape.json: `\(name)` must be from \(range.lowerBound) to \(range.upperBound).")
            }
            return value
        }
        guard let temperature = json["temperature"]?.doubleValue.map({ Float($0) }), (0...100).contains(temperature)
        else {
            throw EncoderError(.wrongModel, "shape.json: `temperature` must be from 0 to 100.")
        }
        self.init(
            width: try number("width", 8...4096), blocks: try number("blocks", 1...48),
            heads: try number("heads", 1...64),
            inner: try number("inner", 8...16_384), length: try number("length", 1...8192), temperature: temperature)
        guard width % heads == 0, width / heads % 8 == 0 else {
            throw EncoderError(.wrongModel, "shape.json: the width of a head must be a multiple of 8.")
        }
    }
}

/// Reads blocks out of a file of weights.
private struct BlockReader {
    let file: SafetensorsFile
    let shape: HistoryEncoder.Shape

    func block(_ name: String) throws(StorageError) -> HistoryEncoder.Block {
        let width = shape.width
        let (attention, perceptron) = (name + ".attention", name + ".perceptron")
        return HistoryEncoder.Block(
            attentionNorm: try norm(attention + ".norm"), joined: try dense(attention + ".in", 3 * width, width),
            output: try dense(attention + ".out", width, width), perceptronNorm: try norm(perceptron + ".norm"),
            inner: try dense(perceptron + ".inner", shape.inner, width),
            outer: try dense(perceptron + ".outer", width, shape.inner))
    }

    func dense(_ name: String, _ width: Int, _ depth: Int) throws(StorageError) -> DenseLayer {
        DenseLayer(
            depth: depth, weights: .float(try file.floats(name + ".weight", shape: [width, depth])),
            bias: try file.floats(name + ".bias", shape: [width]))
    }

    func norm(_ name: String) throws(StorageError) -> LayerNorm {
        LayerNorm(
            weight: try file.floats(name + ".weight", shape: [shape.width]),
            bias: try file.floats(name + ".bias", shape: [shape.width]), epsilon: 1e-8)
    }
}
