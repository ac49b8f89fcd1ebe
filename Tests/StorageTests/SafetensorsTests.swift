import Storage
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    @Test func `tensors come back as they were written`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        writer.add("a", [1.5, -2, 3, 4, 5, 6] as [Float], shape: [2, 3])
        writer.add("b", [1, -2, 3] as [Int8], shape: [3])
        writer.add("c", [7, 8] as [UInt32], shape: [2, 1])
        writer.metadata["kind"] = "test"
        let path = folder.path + "/t.safetensors"
        try AtomicFile.write(writer.encoded(), to: path)
        let file = try SafetensorsFile(path: path)
        #expect(file.names == ["a", "b", "c"])
        #expect(file.metadata == ["kind": "test"])
        #expect(try file.floats("a", shape: [2, 3]) == [1.5, -2, 3, 4, 5, 6])
        #expect(try file.int8s("b", shape: [3]) == [1, -2, 3])
        #expect(try file.uint32s("c", shape: [2, 1]) == [7, 8])
        #expect(throws: StorageError.self) { try file.floats("a", shape: [3, 2]) }
        #expect(throws: StorageError.self) { try file.floats("b", shape: [3]) }
        #expect(throws: StorageError.self) { try file.floats("none", shape: [1]) }
    }

    @Test func `every truncated or damaged header is an error`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        writer.add("a", [1, 2, 3] as [Float], shape: [3])
        let whole = writer.encoded()
        let path = folder.path + "/t.safetensors"
        for length in 0..<whole.count {
            try AtomicFile.write(Array(whole.prefix(length)), to: path)
            #expect(throws: (any Error).self, "\(length) bytes") { try SafetensorsFile(path: path) }
        }
        // A flipped byte of the header gives an error or other names and numbers, never a trap.
        for position in 0..<whole.count - 12 {
            for bit: UInt8 in [1, 16, 128] {
                var flipped = whole
                flipped[position] ^= bit
                try AtomicFile.write(flipped, to: path)
                do {
                    let file = try SafetensorsFile(path: path)
                    for name in file.names { _ = try file.floats(name, shape: file.shape(of: name) ?? []) }
                } catch {}  // Always a `StorageError`, by its type.
            }
        }
    }
}
