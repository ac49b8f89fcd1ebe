internal import JSON

/// Named tensors in one mapped file, or in its bytes: a header of JSON and the raw numbers behind it (the safetensors format).
public struct SafetensorsFile: Sendable {
    /// The number types that Souk reads, by their name in the file.
    public enum Element: String, Sendable {
        case float = "F32"
        case int8 = "I8"
        case uint32 = "U32"
        case int64 = "I64"

        var size: Int {
            switch self {
            case .float, .uint32: 4
            case .int8: 1
            case .int64: 8
            }
        }
    }

    struct Entry: Sendable {
        var element: Element
        var shape: [Int]
        /// Where the numbers lie, from the start of the file.
        var bytes: Range<Int>
    }

    private enum Source: Sendable {
        case mapped(MappedFile)
        case held([UInt8], name: String)

        var path: String {
            switch self {
            case .mapped(let file): file.path
            case .held(_, let name): name
            }
        }

        func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
            switch self {
            case .mapped(let file): file.withBytes(body)
            case .held(let bytes, _): unsafe body(bytes.span.bytes)
            }
        }
    }

    static let maximumHeader = 64 << 20
    private let source: Source
    private let entries: [String: Entry]
    /// Texts that the writer left, such as the kind of model.
    public let metadata: [String: String]

    /// Maps a file and checks that every tensor lies inside it and has as many bytes as its shape says.
    public init(path: String) throws(StorageError) { try self.init(.mapped(try MappedFile(path: path))) }

    /// Reads the bytes of a file as `init(path:)` does.
    ///
    /// - Parameter name: What errors call it.
    public init(bytes: [UInt8], name: String) throws(StorageError) { try self.init(.held(bytes, name: name)) }

    private init(_ source: Source) throws(StorageError) {
        self.source = source
        let (path, count) = (source.path, source.withBytes { $0.byteCount })
        guard count >= 8 else { throw Self.damaged(path, "it has no header") }
        let (length, header) = source.withBytes { bytes in
            let length = unsafe bytes.unsafeLoadUnaligned(as: UInt64.self)
            let end = Int(clamping: min(length, UInt64(bytes.byteCount - 8)))
            return unsafe (length, bytes.extracting(8..<8 + end).withUnsafeBytes { unsafe Array($0) })
        }
        guard length <= Self.maximumHeader, Int(length) <= count - 8 else {
            throw Self.damaged(path, "its header ends beyond the file")
        }
        let root: JSONValue
        do {
            root = try JSONValue(parsing: header)
        } catch {
            throw Self.damaged(path, "its header is no JSON")
        }
        var (entries, metadata): ([String: Entry], [String: String]) = ([:], [:])
        for member in root.objectValue ?? [] {
            if member.name == "__metadata__" {
                for text in member.value.objectValue ?? [] { metadata[text.name] = text.value.stringValue }
            } else {
                entries[member.name] = try Self.entry(member, path, start: 8 + Int(length), end: count)
            }
        }
        (self.entries, self.metadata) = (entries, metadata)
    }

    private static func damaged(_ path: String, _ what: String) -> StorageError {
        StorageError(.corrupt, "\(path) is damaged: \(what). Get the weights again.")
    }

    private static func entry(
        _ member: JSONValue.Member, _ path: String, start: Int, end: Int
    ) throws(StorageError) -> Entry {
        let name = member.name.prefix(128)
        guard let text = member.value["dtype"]?.stringValue, let element = Element(rawValue: text) else {
            throw StorageError(
                .unknownFormat,
                "\(path): tensor \(name) has numbers of a type that Souk does not read. Convert it to F32.")
        }
        let shape = member.value["shape"]?.arrayValue?.compactMap { $0.integerValue.flatMap { Int(exactly: $0) } }
        let offsets = member.value["data_offsets"]?.arrayValue?
            .compactMap { $0.integerValue.flatMap { Int(exactly: $0) } }
        guard let shape, let offsets, offsets.count == 2, shape.allSatisfy({ $0 >= 0 && $0 <= 1 << 40 }),
            shape.count <= 8, offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= end - start
        else { throw damaged(path, "tensor \(name) lies outside the file") }
        var count = 1
        for length in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: length)
            guard !overflow, product <= 1 << 40 else {
                throw damaged(path, "tensor \(name) has a shape beyond all bounds")
            }
            count = product
        }
        guard count * element.size == offsets[1] - offsets[0] else {
            throw damaged(path, "tensor \(name) has not as many bytes as its shape says")
        }
        return Entry(element: element, shape: shape, bytes: start + offsets[0]..<start + offsets[1])
    }

    public var names: [String] { entries.keys.sorted() }

    /// The shape of a tensor; `nil` if there is none of that name.
    public func shape(of name: String) -> [Int]? { entries[name]?.shape }

    public func floats(_ name: String, shape: [Int]) throws(StorageError) -> [Float] {
        try load(name, .float, shape, Float(0))
    }
    public func int8s(_ name: String, shape: [Int]) throws(StorageError) -> [Int8] {
        try load(name, .int8, shape, Int8(0))
    }
    public func uint32s(_ name: String, shape: [Int]) throws(StorageError) -> [UInt32] {
        try load(name, .uint32, shape, UInt32(0))
    }

    /// A tensor with exactly this shape, copied.
    private func load<Number: BitwiseCopyable>(
        _ name: String, _ element: Element, _ shape: [Int], _ zero: Number
    ) throws(StorageError) -> [Number] {
        guard let entry = entries[name] else {
            throw StorageError(.unknownFormat, "\(source.path) has no tensor \(name). Use the weights of this model.")
        }
        guard entry.element == element, entry.shape == shape else {
            throw StorageError(
                .unknownFormat,
                "\(source.path): tensor \(name) is \(entry.element.rawValue) \(entry.shape), not \(element.rawValue) \(shape)."
            )
        }
        var numbers = [Number](repeating: zero, count: shape.reduce(1, *))
        source.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { source in
                unsafe numbers.withUnsafeMutableBytes { target in
                    unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[entry.bytes]))
                }
            }
        }
        return numbers
    }
}
