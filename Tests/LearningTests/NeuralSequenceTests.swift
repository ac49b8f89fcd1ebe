import Foundation
import JSON
import Learning
import Storage
import TestSupport
import Testing

@Suite struct NeuralSequenceTests {
    private static let items = 12

    /// A network without blocks' influence: an item scores by the product of its vector with the last item's, which is highest
    /// for the next item of a circle.
    private static func writeNetwork(_ path: String, names: [String]) throws {
        let (width, inner) = (16, 8)
        var weights = SafetensorsWriter()
        func add(_ name: String, _ shape: [Int], _ value: (Int) -> Float) {
            weights.add(name, (0..<shape.reduce(1, *)).map(value), shape: shape)
        }
        // Item n is large at place n; the last normalisation keeps the largest place, moved by the perceptron's bias to none.
        add("items", [names.count, width]) { $0 / width == $0 % width ? 1 : 0 }
        add("positions", [4, width]) { _ in 0 }
        for norm in ["blocks.0.attention.norm", "blocks.0.perceptron.norm", "norm"] {
            add(norm + ".weight", [width]) { _ in 1 }
            add(norm + ".bias", [width]) { _ in 0 }
        }
        // The perceptron's part stays zero; attention gives the value of what it sees, one place on.
        add("blocks.0.perceptron.inner.weight", [inner, width]) { _ in 0 }
        add("blocks.0.perceptron.inner.bias", [inner]) { _ in 0 }
        add("blocks.0.perceptron.outer.weight", [width, inner]) { _ in 0 }
        add("blocks.0.perceptron.outer.bias", [width]) { _ in 0 }
        add("blocks.0.attention.in.weight", [3 * width, width]) { place in
            let (row, column) = (place / width, place % width)
            return row >= 2 * width && (row - 2 * width) % names.count == (column + 1) % names.count ? 1 : 0
        }
        add("blocks.0.attention.in.bias", [3 * width]) { _ in 0 }
        add("blocks.0.attention.out.weight", [width, width]) { $0 / width == $0 % width ? 1 : 0 }
        add("blocks.0.attention.out.bias", [width]) { _ in 0 }
        var writer = try ArtefactWriter(folder: path, kind: "sasrec", formatVersion: 1, creator: "test", seed: 1)
        try writer.add("weights.safetensors", weights.encoded())
        try writer.add("items.txt", Array(names.joined(separator: "\n").utf8))
        let shape = #"{"width":16,"blocks":1,"heads":1,"inner":8,"length":4,"temperature":0}"#
        try writer.add("shape.json", Array(shape.utf8))
        _ = try writer.finish()
    }

    /// People walk on a circle of items, one step at a time; `length` items and one more to be told.
    private static func writeData(_ path: String) throws {
        let lines = (0..<40).map { user in
            "u\(user) " + (0..<5).map { String(100 + (user + $0) % items) }.joined(separator: " ") + "\n"
        }
        try AtomicFile.write(Array(lines.joined().utf8), to: path)
    }

    private static func request(_ folder: TemporaryFolder, _ model: String) throws -> SequenceTask.Request {
        try writeData(folder.file("data.txt"))
        try writeNetwork(folder.file("network"), names: (0..<items).map { String(100 + $0) })
        var request = SequenceTask.Request(data: folder.file("data.txt"), run: folder.file("run.txt"))
        (request.model, request.weights) = (model, folder.file("network"))
        return request
    }

    private static func ndcg(_ request: SequenceTask.Request) throws -> Double {
        let result = try JSONValue(parsing: try SequenceTask.evaluate(request) { _, _ in })
        return try #require(result["ndcg@10"]?.doubleValue)
    }

    @Test(arguments: ["sasrec", "sasrec_hybrid"])
    func `a network ranks all items that a person does not have`(model: String) throws {
        let folder = try TemporaryFolder()
        var request = try Self.request(folder, model)
        request.report = folder.file("report.html")
        #expect(try Self.ndcg(request) > 0.6)
        let lines = String(decoding: try FileSystem.read(request.run), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 40 && lines[0].split(separator: " ").count == 1 + Self.items - 4)
        #expect(FileSystem.exists(folder.file("report.html")))
    }

    @Test func `a network that weighs nothing leaves the counting hybrid`() throws {
        let folder = try TemporaryFolder()
        var request = try Self.request(folder, "sasrec_hybrid")
        request.weight = 0
        _ = try SequenceTask.evaluate(request) { _, _ in }
        let blended = try FileSystem.read(request.run)
        (request.model, request.weights) = ("hybrid", nil)
        _ = try SequenceTask.evaluate(request) { _, _ in }
        #expect(try FileSystem.read(request.run) == blended)
    }

    @Test func `the validation part never sees the last item`() throws {
        let folder = try TemporaryFolder()
        var request = try Self.request(folder, "sasrec")
        request.isValidation = true
        _ = try SequenceTask.evaluate(request) { _, _ in }
        let before = try FileSystem.read(request.run)
        let text = String(decoding: try FileSystem.read(request.data), as: UTF8.self)
        let lines = text.split(separator: "\n").map { $0.split(separator: " ") }
        let moved = lines.indices.map {
            (lines[$0].dropLast() + [lines[($0 + 1) % 40][5]]).joined(separator: " ") + "\n"
        }
        try AtomicFile.write(Array(moved.joined().utf8), to: request.data)
        _ = try SequenceTask.evaluate(request) { _, _ in }
        #expect(try FileSystem.read(request.run) == before)
    }

    @Test func `weights without their model, a model without weights and a network of other items are refused`() throws
    {
        let folder = try TemporaryFolder()
        var request = try Self.request(folder, "hybrid")
        #expect(throws: LearningError.self) { try SequenceTask.evaluate(request) { _, _ in } }
        (request.model, request.weights) = ("sasrec", nil)
        let error = #expect(throws: LearningError.self) { try SequenceTask.evaluate(request) { _, _ in } }
        #expect("\(try #require(error))".contains("--weights"))
        try Self.writeNetwork(folder.file("other"), names: ["x", "y", "z"])
        (request.model, request.weights) = ("gru4rec", folder.file("other"))
        #expect(throws: StorageError.self) { try SequenceTask.evaluate(request) { _, _ in } }
        request.model = "sasrec"
        #expect(throws: LearningError.self) { try SequenceTask.evaluate(request) { _, _ in } }
        try AtomicFile.write(Array("a 1 2\n".utf8), to: request.data)
        request.isValidation = true
        #expect(throws: LearningError.self) { try SequenceTask.evaluate(request) { _, _ in } }
    }
}
