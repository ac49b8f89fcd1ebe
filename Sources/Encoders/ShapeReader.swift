import JSON
import Storage

/// Reads the numbers of a network's `shape.json`.
struct ShapeReader {
    private let json: JSONValue

    init(_ artefact: Artefact) throws { try self.init(artefact.read("shape.json")) }

    init(_ bytes: [UInt8]) throws { json = try JSONValue(parsing: bytes) }

    func number(_ name: String, _ range: ClosedRange<Int>) throws(EncoderError) -> Int {
        guard let value = json[name]?.integerValue.flatMap({ Int(exactly: $0) }), range.contains(value) else {
            throw EncoderError(
                .wrongModel, "shape.json: `\(name)` must be from \(range.lowerBound) to \(range.upperBound).")
        }
        return value
    }

    /// What a cosine is divided by; 0 for plain products.
    func temperature() throws(EncoderError) -> Float {
        guard let value = json["temperature"]?.doubleValue.map({ Float($0) }), (0...100).contains(value) else {
            throw EncoderError(.wrongModel, "shape.json: `temperature` must be from 0 to 100.")
        }
        return value
    }
}

extension SafetensorsFile {
    /// The layer `NAME.weight`, shape `[width, depth]`, with `NAME.bias`.
    func dense(_ name: String, _ width: Int, _ depth: Int) throws(StorageError) -> DenseLayer {
        DenseLayer(
            depth: depth, weights: .float(try floats(name + ".weight", shape: [width, depth])),
            bias: try floats(name + ".bias", shape: [width]))
    }
}
