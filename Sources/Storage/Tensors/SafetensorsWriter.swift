internal import JSON

/// Collects named tensors and gives the bytes of a safetensors file.
///
/// Equal tensors give equal bytes: they are written in the order of their names, each aligned to its number's size.
public struct SafetensorsWriter {
    private struct Tensor {
        var element: SafetensorsFile.Element
        var shape: [Int]
        var bytes: [UInt8]
    }

    private var tensors: [String: Tensor] = [:]
    public var metadata: [String: String] = [:]

    public init() {}

    public mutating func add(_ name: String, _ numbers: [Float], shape: [Int]) { add(name, numbers, shape, .float) }
    public mutating func add(_ name: String, _ numbers: [Int8], shape: [Int]) { add(name, numbers, shape, .int8) }
    public mutating func add(_ name: String, _ numbers: [UInt32], shape: [Int]) { add(name, numbers, shape, .uint32) }

    private mutating func add<Number: BitwiseCopyable>(
        _ name: String, _ numbers: [Number], _ shape: [Int], _ element: SafetensorsFile.Element
    ) {
        precondition(numbers.count == shape.reduce(1, *), "a tensor has as many numbers as its shape says")
        let bytes = unsafe numbers.withUnsafeBytes { unsafe Array($0) }
        tensors[name] = Tensor(element: element, shape: shape, bytes: bytes)
    }

    public func encoded() -> [UInt8] {
        // The widest numbers first: then every tensor begins at a multiple of its number's size.
        let sorted = tensors.sorted { ($1.value.element.size, $0.key) < ($0.value.element.size, $1.key) }
        var writer = JSONWriter()
        var offset = 0
        writer.object { header in
            if !metadata.isEmpty {
                header.object("__metadata__") { texts in
                    for (name, text) in metadata.sorted(by: { $0.key < $1.key }) {
                        texts.name(dynamic: name)
                        texts.value(text)
                    }
                }
            }
            for (name, tensor) in sorted {
                header.name(dynamic: name)
                header.object { entry in
                    entry.member("dtype", tensor.element.rawValue)
                    entry.array("shape") { shape in tensor.shape.forEach { shape.value($0) } }
                    entry.array("data_offsets") { offsets in
                        offsets.value(offset)
                        offsets.value(offset + tensor.bytes.count)
                    }
                }
                offset += tensor.bytes.count
            }
        }
        var header = writer.finish()
        while header.count & 7 != 0 { header.append(UInt8(ascii: " ")) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.count + offset)
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift))) }
        bytes += header
        for (_, tensor) in sorted { bytes += tensor.bytes }
        return bytes
    }
}
