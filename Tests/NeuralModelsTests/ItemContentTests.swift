import Encoders
import Foundation
import JSON
import Numerics
import Storage
import TestSupport
import Testing

@testable import NeuralModels

@Suite struct ItemContentTests {
    private static let groups = 8

    /// Vectors of items `i0`, `i1`, …: one place for the item's group, and noise.
    private static func writeContent(_ path: String, items: Range<Int>, width: Int = 12) throws {
        var random = SeededGenerator(seed: 2)
        var writer = SafetensorsWriter()
        for item in items {
            let vector = (0..<width).map { Float($0 == item % groups ? 1 : 0.2 * random.unit()) }
            writer.add("i\(item)", vector, shape: [width])
        }
        try AtomicFile.write(writer.encoded(), to: path)
    }

    /// Everybody keeps to one group of the items `i0` to `i31`.
    private static func writeData(_ path: String) throws {
        var random = SeededGenerator(seed: 3)
        let lines = (0..<160).map { user in
            let items = Array(0..<4).shuffled(using: &random).map { "i\(user % groups + $0 * groups)" }
            return "u\(user) " + items.joined(separator: " ") + "\n"
        }
        try AtomicFile.write(Array(lines.joined().utf8), to: path)
    }

    @Test(arguments: [SequenceKind.sasrec, .twoTower, .bert4rec])
    func `an item without any event stands where its content puts it`(kind: SequenceKind) throws {
        let folder = try TemporaryFolder()
        try Self.writeData(folder.file("data.txt"))
        try Self.writeContent(folder.file("content.safetensors"), items: 0..<40)
        var job = SequenceJob(
            .init(kind, .init(width: 16, layers: 1, heads: 2, inner: 16, length: 8)), data: folder.file("data.txt"),
            folder: folder.file("model"))
        (job.positions, job.negatives, job.content, job.idDropout) = (64, 16, folder.file("content.safetensors"), 0.4)
        // A cloze asks for fewer items in an epoch.
        let epochs = kind.isCloze ? 16 : 8
        (job.inputDropout, job.dropout, job.settings.epochs, job.settings.rate) = (0.1, 0, epochs, 0.01)
        let path = try #require(try job.run(resume: false) { _, _ in }["folder"]?.stringValue)
        let encoder = try SequenceEncoders.open(kind.rawValue, folder: path)
        let numbers = Dictionary(uniqueKeysWithValues: zip(encoder.names, encoder.names.indices))
        #expect(encoder.names.count == 40)
        func number(_ item: Int) throws -> Int { try #require(numbers["i\(item)"]) }
        // Of the eight items that nobody had, a person's group has one.
        var places: [Int] = []
        for group in 0..<Self.groups {
            let scores = encoder.scores(after: [try number(group), try number(group + 16)])
            let own = scores[try number(32 + group)]
            places.append(try (32..<40).filter { scores[try number($0)] > own }.count)
        }
        #expect(places.reduce(0, +) <= 6, "chance is 28: \(places)")
    }

    @Test func `vectors are read by name, scaled to length one, and what does not fit is refused`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("content.safetensors")
        try Self.writeContent(path, items: 2..<6)
        let (content, items) = try ItemContent.read(path, items: ["i4", "other", "i2"])
        #expect(items == ["i4", "other", "i2", "i3", "i5"] && content.width == 12)
        let lengths = (0..<5).map { item in
            content.values[item * 12..<(item + 1) * 12].reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        #expect(zip(lengths, [1, 0, 1, 1, 1]).allSatisfy { abs($0 - Float($1)) < 1e-5 })
        #expect(throws: NeuralError.self) { try ItemContent.read(path, items: ["a", "b"]) }
        for (vector, shape) in [([1, 2] as [Float], [2]), ([.nan] + [Float](repeating: 0, count: 11), [12])] {
            var writer = SafetensorsWriter()
            writer.add("a", [Float](repeating: 1, count: 12), shape: [12])
            writer.add("b", vector, shape: shape)
            try AtomicFile.write(writer.encoded(), to: path)
            #expect(throws: NeuralError.self) { try ItemContent.read(path, items: ["a", "b"]) }
        }
        try AtomicFile.write([1, 2, 3], to: path)
        #expect(throws: StorageError.self) { try ItemContent.read(path, items: ["a"]) }
    }
}
