import Domain
import JSON

/// Takes typed values out of one record, with one clear message for whatever is wrong.
///
/// `null` and a missing member are the same: absent.
struct FieldReader {
    let members: [JSONValue.Member]
    /// Looked up after `members`: GA4's `params`.
    private let inner: [JSONValue.Member]

    init(_ value: JSONValue, inner innerName: String? = nil) throws(FeedError) {
        guard case .object(let members) = value else {
            throw FeedError(.wrongType, "A record must be an object; it is \(value.kind).")
        }
        self.members = members
        guard let innerName, let nested = value[innerName], !nested.isNull else {
            inner = []
            return
        }
        guard case .object(let members) = nested else {
            throw FeedError(.wrongType, "`\(innerName)` must be an object; it is \(nested.kind).", field: innerName)
        }
        inner = members
    }

    /// The first of `names` that is present.
    func find(_ names: [String]) -> (name: String, value: JSONValue)? {
        for name in names {
            let member = members.first { $0.name == name } ?? inner.first { $0.name == name }
            if let member, !member.value.isNull { return (name, member.value) }
        }
        return nil
    }

    /// A text without control characters, trimmed; `nil` if absent or empty.
    func text(_ names: String..., maximumBytes: Int, allowsNumber: Bool = false) throws(FeedError) -> String? {
        guard let (name, value) = find(names) else { return nil }
        let text = try Self.text(value, name, maximumBytes: maximumBytes, allowsNumber: allowsNumber)
        return text.isEmpty ? nil : text
    }

    /// An identifier: a string, or an integer that is taken as its digits; 1 to `maximumBytes` bytes.
    func identifier(_ names: String..., maximumBytes: Int = ItemID.maximumBytes) throws(FeedError) -> String? {
        guard let (name, value) = find(names) else { return nil }
        let text: String
        switch value {
        case .string(let string): text = string
        case .integer(let number): text = String(number)
        default: throw FeedError(.wrongType, "`\(name)` must be a string; it is \(value.kind).", field: name)
        }
        guard text.utf8.count <= maximumBytes else {
            let message = "`\(name)` has \(text.utf8.count) bytes; at most \(maximumBytes) are allowed."
            throw FeedError(.tooLong, message, field: name)
        }
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else {
            throw FeedError(.invalidValue, "`\(name)` is empty or holds control characters.", field: name)
        }
        return text
    }

    func itemID(_ names: String...) throws(FeedError) -> ItemID? {
        for name in names {
            guard let text = try identifier(name) else { continue }
            guard let id = ItemID(text) else {
                throw FeedError(.invalidValue, "`\(name)` is no valid identifier of an item.", field: name)
            }
            return id
        }
        return nil
    }

    /// An integer, written as a number or as digits in a string.
    func integer(_ names: String..., in range: ClosedRange<Int64>) throws(FeedError) -> Int64? {
        guard let (name, value) = find(names) else { return nil }
        var number = value.integerValue
        if case .string(let text) = value { number = Int64(text) }
        guard let number else {
            throw FeedError(.wrongType, "`\(name)` must be a whole number.", field: name)
        }
        guard range.contains(number) else {
            let message = "`\(name)` must be from \(range.lowerBound) to \(range.upperBound)."
            throw FeedError(.invalidValue, message, field: name)
        }
        return number
    }

    /// A finite number, written as a number or as digits in a string.
    func number(_ names: String..., in range: ClosedRange<Double>) throws(FeedError) -> Double? {
        guard let (name, value) = find(names) else { return nil }
        var number = value.doubleValue
        if case .string(let text) = value { number = Double(text) }
        guard let number else { throw FeedError(.wrongType, "`\(name)` must be a number.", field: name) }
        guard number.isFinite, range.contains(number) else {
            let message = "`\(name)` must be from \(range.lowerBound) to \(range.upperBound)."
            throw FeedError(.invalidValue, message, field: name)
        }
        return number
    }

    func flag(_ names: String...) throws(FeedError) -> Bool? {
        guard let (name, value) = find(names) else { return nil }
        switch value {
        case .bool(let flag): return flag
        case .string(let text) where ["true", "yes", "1"].contains(text.lowercased()): return true
        case .string(let text) where ["false", "no", "0"].contains(text.lowercased()): return false
        default: throw FeedError(.wrongType, "`\(name)` must be true or false.", field: name)
        }
    }

    func currency(_ names: String...) throws(FeedError) -> Currency? {
        guard let (name, value) = find(names) else { return nil }
        guard case .string(let code) = value else {
            throw FeedError(.wrongType, "`\(name)` must be a string; it is \(value.kind).", field: name)
        }
        guard let currency = Currency(code) else {
            throw FeedError(.invalidValue, "`\(name)` names no currency of ISO 4217, such as USD.", field: name)
        }
        return currency
    }

    static func text(
        _ value: JSONValue, _ name: String, maximumBytes: Int, allowsNumber: Bool = false
    ) throws(FeedError) -> String {
        let text: String
        switch value {
        case .string(let string): text = string
        case .integer(let number) where allowsNumber: text = String(number)
        case .number(let number) where allowsNumber: text = "\(number)"
        default: throw FeedError(.wrongType, "`\(name)` must be a string; it is \(value.kind).", field: name)
        }
        guard text.utf8.count <= maximumBytes else {
            let message = "`\(name)` has \(text.utf8.count) bytes; at most \(maximumBytes) are allowed."
            throw FeedError(.tooLong, message, field: name)
        }
        return plain(text)
    }

    /// Control characters as spaces, and no space at either end.
    static func plain(_ text: String) -> String {
        var bytes = text.utf8.map { $0 < 32 || $0 == 127 ? UInt8(32) : $0 }[...]
        while bytes.first == 32 { bytes.removeFirst() }
        while bytes.last == 32 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
