import Domain
import Encoders
import Meaning
import Numerics
import Storage
import TestSupport
import Testing

@Suite struct PictureIndexTests {
    /// A network with seeded weights, in the folder of a model.
    private static func weights(_ folder: TemporaryFolder) throws -> String {
        var random = SeededGenerator(seed: 3)
        var writer = SafetensorsWriter()
        func add(_ name: String, _ shape: [Int], from least: Double = -0.5) {
            writer.add(name, (0..<shape.reduce(1, *)).map { _ in Float(random.unit() + least) }, shape: shape)
        }
        let layers = [
            ("full", 1, 8), ("half", 8, 8), ("half.residual", 8, 8), ("quarter", 8, 16), ("quarter.residual", 16, 16),
        ]
        for (name, inputs, outputs) in layers {
            add(name + ".weight", [outputs, inputs, 3, 3])
            for part in ["weight", "bias", "running_mean"] { add("\(name).norm.\(part)", [outputs]) }
            add(name + ".norm.running_var", [outputs], from: 0.5)
        }
        add("classes.weight", [10, 16])
        add("classes.bias", [10])
        var artefact = try ArtefactWriter(
            folder: folder.file("cnn"), kind: PictureEncoder.kind, formatVersion: 1, creator: "test", seed: 3)
        try artefact.add(PictureEncoder.weightsFile, writer.encoded())
        return try artefact.finish().folder
    }

    /// Thirty items with pictures, the last without one; item 5 looks as item 4 does.
    private static func table(_ folder: TemporaryFolder) throws -> (table: PictureTable, pictures: [[UInt8]]) {
        var random = SeededGenerator(seed: 5)
        var pictures: [[UInt8]] = []
        var writer = PictureTableWriter(width: 28, height: 28)
        for number in 0..<29 {
            // Squares of seven pixels, more of them dark with every picture.
            let dark = (0..<16).map { _ in Int.random(in: 0..<29, using: &random) < number }
            let shade = UInt8(8 * number)
            let picture = (0..<784).map { dark[$0 / 196 * 4 + $0 % 28 / 7] ? shade : 255 }
            pictures.append(number == 5 ? pictures[4] : picture)
            writer.add(pictures[number], for: ItemNumber(UInt32(number)))
        }
        try writer.write(to: folder.file("pictures.bin"))
        return (try PictureTable(path: folder.file("pictures.bin")), pictures)
    }

    private static func stored(_ number: Int) -> StoredItem {
        StoredItem(
            number: ItemNumber(UInt32(number)), item: Item(id: ItemID("i\(number)")!, title: "Item"),
            isWithdrawn: number == 7)
    }

    @Test func `a picture finds its item, and an item what looks like it but not itself`() throws {
        let folder = try TemporaryFolder()
        let (table, pictures) = try Self.table(folder)
        var builder = try PictureIndexBuilder(weights: Self.weights(folder), table: table)
        for number in 0..<30 { builder.add(Self.stored(number)) }
        try builder.write(to: folder.file("pictures")) { #expect($0 <= $1) }
        let index = try PictureIndex(folder: folder.file("pictures"))
        #expect(index.count == 29)
        for number in [0, 4, 12, 28] {
            let found = index.nearest(to: pictures[number].map { 255 - $0 }, limit: 29) { _ in true }
            #expect(found.count == 28 && zip(found, found.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })
            let own = try #require(found.first { $0.item.index == number })
            // What 8 bits lose.
            #expect(own.similarity > 0.995 && own.similarity > found[0].similarity - 0.005)
        }
        let like = try #require(index.similar(to: ItemNumber(4), limit: 50) { _ in true })
        #expect(like.count == 27 && !like.contains { $0.item.index == 4 })
        let twin = try #require(like.first { $0.item.index == 5 })
        #expect(twin.similarity > 0.995 && like.allSatisfy { $0.similarity <= 1 })
        // Withdrawn, without a picture and beyond the catalogue.
        for number in [7, 29, 1000] {
            #expect(index.similar(to: ItemNumber(UInt32(number)), limit: 3) { _ in true } == nil)
        }
        let odd = try #require(index.similar(to: ItemNumber(4), limit: 5) { $0.index > 20 })
        #expect(odd.count == 5 && odd.allSatisfy { $0.item.index > 20 })

        // Inside the search: the likest of the filtered items, in the order of all, and nothing else. Items 4 and 5 look the same.
        let all = index.nearest(to: pictures[4].map { 255 - $0 }, limit: 29) { _ in true }
        for wanted in [[3, 5, 20], [4, 11, 12, 29], [7], []] {
            let items = wanted.map { ItemNumber(UInt32($0)) }
            let found = index.nearest(to: pictures[4].map { 255 - $0 }, limit: 10, among: items) { _ in true }
            #expect(found == all.filter { items.contains($0.item) })
            let others = index.similar(to: ItemNumber(4), limit: 10, among: items) { _ in true }
            #expect(others?.contains { $0.item == ItemNumber(4) || !items.contains($0.item) } == false)
        }
    }

    @Test func `pictures of another size and damaged artefacts are refused`() throws {
        let folder = try TemporaryFolder()
        let weights = try Self.weights(folder)
        var small = PictureTableWriter(width: 4, height: 4)
        small.add([UInt8](repeating: 0, count: 16), for: ItemNumber(0))
        try small.write(to: folder.file("small.bin"))
        let table = try PictureTable(path: folder.file("small.bin"))
        #expect(throws: StorageError.self) { try PictureIndexBuilder(weights: weights, table: table) }
        var builder = try PictureIndexBuilder(weights: weights, table: Self.table(folder).table)
        builder.add(Self.stored(0))
        try builder.write(to: folder.file("pictures")) { _, _ in }
        let path = folder.file("pictures/vectors.safetensors")
        try AtomicFile.write(Array(try FileSystem.read(path, maximumBytes: 1 << 20).dropLast(4)), to: path)
        #expect(throws: StorageError.self) { try PictureIndex(folder: folder.file("pictures")) }
    }
}
