import Foundation
import JSON
import Storage
import TestSupport
import Testing

@testable import Encoders

@Suite struct SentenceEncoderTests {
    @Test func `vectors are those of the reference within 1e-4, alone and in a batch`() throws {
        guard let folder = Golden.folder() else { return }
        let encoder = try SentenceEncoder(folder: folder)
        let cases = try Golden.cases()
        let width = encoder.shape.width
        let batch = encoder.encode(cases.map(\.text))
        for (number, golden) in cases.enumerated() {
            let alone = encoder.encode([golden.text])
            for (place, expected) in golden.vector.enumerated() {
                #expect(abs(alone[place * 8] - expected) < 1e-4, "\(golden.text) at \(place * 8)")
                #expect(abs(batch[number * width + place * 8] - expected) < 1e-4, "\(golden.text) in a batch")
            }
        }
    }

    @Test func `8-bit weights keep the direction of every vector`() throws {
        guard let folder = Golden.folder() else { return }
        let temporary = try TemporaryFolder()
        for (name, bytes) in try SentenceEncoder.quantised(folder: folder) {
            try AtomicFile.write(bytes, to: temporary.path + "/" + name)
        }
        let (full, small) = (try SentenceEncoder(folder: folder), try SentenceEncoder(folder: temporary.path))
        let width = full.shape.width
        let texts = try Golden.cases().map(\.text)
        let (left, right) = (full.encode(texts), small.encode(texts))
        for (number, text) in texts.enumerated() {
            var cosine: Float = 0
            for column in 0..<width { cosine += left[number * width + column] * right[number * width + column] }
            #expect(cosine > 0.97, "\(text): \(cosine)")
        }
        #expect(try SentenceEncoder(folder: folder, isRounded: true).encode(texts) == right)
        #expect(try FileSystem.size(of: temporary.path + "/model.safetensors") < 26_000_000)
    }

    @Test func `no texts give no vectors`() throws {
        let encoder = try tiny(in: TemporaryFolder())
        #expect(encoder.encode([]).isEmpty)
        #expect(encoder.encode(["a b", ""]).count == 16)
    }

    @Test func `weights that do not fit the configuration are refused by name`() throws {
        let folder = try TemporaryFolder()
        _ = try tiny(in: folder)
        let good = try FileSystem.read(folder.path + "/model.safetensors")
        try AtomicFile.write(Array(good.prefix(good.count / 2)), to: folder.path + "/model.safetensors")
        #expect(throws: StorageError.self) { try SentenceEncoder(folder: folder.path) }
        try AtomicFile.write(Tiny.weights(width: 16), to: folder.path + "/model.safetensors")
        let error = #expect(throws: StorageError.self) { try SentenceEncoder(folder: folder.path) }
        #expect(error?.code == .unknownFormat)
        #expect(error?.description.contains("embeddings") == true)
    }

    @Test func `one matrix in 8 bits beside two in single precision is refused by name`() throws {
        let folder = try TemporaryFolder()
        let encoder = try tiny(in: folder)
        #expect(encoder.encode(["a b c"]).count == 8)
        let mixed = Tiny.weights(width: 8, eightBits: "encoder.layer.1.attention.self.key.weight")
        try AtomicFile.write(mixed, to: folder.path + "/model.safetensors")
        let error = #expect(throws: StorageError.self) { try SentenceEncoder(folder: folder.path) }
        #expect(error?.code == .unknownFormat)
        #expect(error?.description.contains("encoder.layer.1.attention.self") == true)
    }

    @Test func `what stands behind the longest text that fits changes nothing`() throws {
        let encoder = try tiny(in: TemporaryFolder())
        let (whole, longer) = (Array(repeating: "a", count: 14), Array(repeating: "b", count: 5000))
        let cut = encoder.encode([(whole + longer).joined(separator: " ")])
        #expect(cut == encoder.encode([whole.joined(separator: " ")]))
        #expect(cut != encoder.encode([(whole.dropLast() + ["b"]).joined(separator: " ")]))
    }

    private func tiny(in folder: TemporaryFolder) throws -> SentenceEncoder {
        try AtomicFile.write(Tiny.weights(width: 8), to: folder.path + "/model.safetensors")
        try AtomicFile.write(Array(Tiny.config.utf8), to: folder.path + "/config.json")
        try AtomicFile.write(Array("[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\nc\nd".utf8), to: folder.path + "/vocab.txt")
        return try SentenceEncoder(folder: folder.path)
    }
}

/// A model of two layers with the smallest shape that is allowed.
enum Tiny {
    static let config = """
        {"model_type":"bert","hidden_act":"gelu","hidden_size":8,"intermediate_size":16,"num_hidden_layers":2,
        "num_attention_heads":1,"vocab_size":8,"max_position_embeddings":16}
        """

    /// - Parameter eightBits: The name of a matrix that is written as 8-bit numbers.
    static func weights(width: Int, eightBits: String? = nil) -> [UInt8] {
        var writer = SafetensorsWriter()
        var next: Float = 0
        func add(_ name: String, _ shape: [Int]) {
            let count = shape.reduce(1, *)
            if name == eightBits {
                writer.add(name, [Int8](repeating: 1, count: count), shape: shape)
                writer.add(name + ".factors", [Float](repeating: 1, count: shape[0]), shape: [shape[0]])
                return
            }
            writer.add(
                name,
                (0..<count).map { _ in
                    next += 1
                    return (next * 0.37).truncatingRemainder(dividingBy: 1) - 0.5
                }, shape: shape)
        }
        func dense(_ name: String, _ rows: Int, _ columns: Int) {
            add("\(name).weight", [rows, columns])
            add("\(name).bias", [rows])
        }
        func norm(_ name: String) {
            add("\(name).weight", [width])
            add("\(name).bias", [width])
        }
        add("embeddings.word_embeddings.weight", [8, width])
        add("embeddings.position_embeddings.weight", [16, width])
        add("embeddings.token_type_embeddings.weight", [2, width])
        norm("embeddings.LayerNorm")
        for layer in 0..<2 {
            let name = "encoder.layer.\(layer)"
            for part in [
                "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
            ] {
                dense("\(name).\(part)", width, width)
            }
            norm("\(name).attention.output.LayerNorm")
            dense("\(name).intermediate.dense", 16, width)
            dense("\(name).output.dense", width, 16)
            norm("\(name).output.LayerNorm")
        }
        return writer.encoded()
    }
}
