import CJansson

extension JSONValue {
    /// Reads one JSON text with jansson: strict RFC 8259, valid UTF-8 only, no repeated member names, no NaN.
    ///
    /// - Parameter maximumBytes: A longer text is refused before it is read.
    /// - Complexity: O(bytes); nesting is bounded by jansson at 2,048 levels.
    public init(parsing bytes: some Collection<UInt8>, maximumBytes: Int = 64 << 20) throws(JSONError) {
        guard bytes.count <= maximumBytes else {
            throw JSONError(.tooLarge, "A JSON text of \(bytes.count) bytes; at most \(maximumBytes) are read.")
        }
        var problem = json_error_t()
        let flags = Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL)
        let contiguous = bytes.withContiguousStorageIfAvailable { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) {
                unsafe json_loadb($0.baseAddress, $0.count, flags, &problem)
            }
        }
        let root: UnsafeMutablePointer<json_t>?
        if let loaded = unsafe contiguous {
            unsafe root = loaded
        } else {
            unsafe root = Array(bytes).withUnsafeBufferPointer { buffer in
                unsafe buffer.withMemoryRebound(to: CChar.self) {
                    unsafe json_loadb($0.baseAddress, $0.count, flags, &problem)
                }
            }
        }
        guard let root = unsafe root else { throw JSONError(problem) }
        defer { unsafe json_decref(root) }
        unsafe self.init(root)
    }

    public init(parsing text: String, maximumBytes: Int = 64 << 20) throws(JSONError) {
        var text = text
        text.makeContiguousUTF8()
        try self.init(parsing: text.utf8, maximumBytes: maximumBytes)
    }

    private init(_ node: UnsafeMutablePointer<json_t>) {
        switch unsafe node.pointee.type {
        case JSON_OBJECT: unsafe self = .object(Self.members(of: node))
        case JSON_ARRAY:
            let count = unsafe json_array_size(node)
            self = .array((0..<count).map { index in unsafe JSONValue(json_array_get(node, index)) })
        case JSON_STRING: unsafe self = .string(Self.text(json_string_value(node), json_string_length(node)))
        case JSON_INTEGER: unsafe self = .integer(Int64(json_integer_value(node)))
        case JSON_REAL: unsafe self = .number(json_real_value(node))
        case JSON_TRUE: self = .bool(true)
        case JSON_FALSE: self = .bool(false)
        default: self = .null
        }
    }

    private static func members(of node: UnsafeMutablePointer<json_t>) -> [Member] {
        var members: [Member] = []
        unsafe members.reserveCapacity(json_object_size(node))
        var cursor = unsafe json_object_iter(node)
        while let here = unsafe cursor {
            // Keys cannot hold NUL: jansson refuses them.
            let name = unsafe String(cString: json_object_iter_key(here))
            unsafe members.append(Member(name, JSONValue(json_object_iter_value(here))))
            unsafe cursor = json_object_iter_next(node, here)
        }
        return members
    }

    private static func text(_ start: UnsafePointer<CChar>, _ count: Int) -> String {
        unsafe start.withMemoryRebound(to: UInt8.self, capacity: count) {
            unsafe String(decoding: UnsafeBufferPointer(start: $0, count: count), as: UTF8.self)
        }
    }
}

extension JSONError {
    fileprivate init(_ problem: json_error_t) {
        let text = unsafe withUnsafeBytes(of: problem.text) {
            unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        // jansson quotes the input near the fault: cut it, for input may hold personal data.
        let reason = text.split(separator: " near ", maxSplits: 1).first.map(String.init) ?? text
        let code: Code = reason.contains("decode byte") || reason.contains("UTF-8") ? .notUTF8 : .syntax
        self.init(code, "Not valid JSON: \(reason)", line: Int(problem.line), column: Int(problem.column))
    }
}
