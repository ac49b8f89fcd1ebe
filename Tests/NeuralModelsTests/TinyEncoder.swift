import Encoders
import JSON
import Numerics
import Storage

@testable import NeuralModels

/// A sentence encoder of two layers with seeded weights.
enum TinyEncoder {
    enum Change { case none, leftOut, misshapen, eightBits, notFinite }

    static let positions = 16
    static let vocabulary = Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nc\nd\n##a\n##b".utf8)
    static let config = """
        {"model_type":"bert","hidden_act":"gelu","hidden_size":16,"intermediate_size":24,"num_hidden_layers":2,
        "num_attention_heads":2,"vocab_size":10,"max_position_embeddings":16}
        """

    static func shape() throws -> SentenceEncoder.Shape {
        try SentenceEncoder.Shape(JSONValue(parsing: config))
    }

    static func weights(changing changed: String = "", _ change: Change = .none) throws -> [UInt8] {
        try weights(SentenceNetwork.tensors(shape()), changing: changed, change)
    }

    static func write(to folder: String) throws {
        try AtomicFile.write(try weights(), to: folder + "/model.safetensors")
        try AtomicFile.write(Array(config.utf8), to: folder + "/config.json")
        try AtomicFile.write(vocabulary, to: folder + "/vocab.txt")
    }

    private static func weights(
        _ tensors: [(name: String, shape: [Int])], changing changed: String, _ change: Change
    ) throws -> [UInt8] {
        var writer = SafetensorsWriter()
        var random = SeededGenerator(seed: 3)
        for (name, shape) in tensors {
            let count = shape.reduce(1, *)
            // Scales of normalisation about one, all else about zero.
            let centre: Float = name.hasSuffix("LayerNorm.weight") ? 1 : 0
            var values = (0..<count).map { _ in centre + Float(random.unit() - 0.5) }
            switch name == changed ? change : .none {
            case .none: writer.add(name, values, shape: shape)
            case .leftOut: break
            case .misshapen: writer.add(name, values + values, shape: [2 * count])
            case .eightBits: writer.add(name, [Int8](repeating: 1, count: count), shape: shape)
            case .notFinite:
                values[count / 2] = .nan
                writer.add(name, values, shape: shape)
            }
        }
        return writer.encoded()
    }
}
