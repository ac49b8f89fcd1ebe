import Domain
import JSON

/// The members of one object of a rule file, checked as they are read.
struct RuleFields {
    private let value: JSONValue
    private let place: String

    init(_ value: JSONValue, _ place: String) { (self.value, self.place) = (value, place) }

    func error(_ name: String, _ message: String) -> RuleError { RuleError(.invalid, at(name), message) }

    func members() throws(RuleError) -> [JSONValue.Member] {
        guard let members = value.objectValue else {
            throw RuleError(.invalid, place, "It must be an object, not \(value.kind).")
        }
        return members
    }

    /// Refuses members of other names: a slip of the pen must not be silent.
    func allow(_ names: Set<String>) throws(RuleError) {
        for member in try members() where !names.contains(member.name) {
            throw error(String(member.name.prefix(64)), "There is no such member.")
        }
    }

    func text(_ name: String, atMost bytes: Int) throws(RuleError) -> String? {
        guard let given = value[name], !given.isNull else { return nil }
        guard let text = given.stringValue, text.utf8.count <= bytes else {
            throw error(name, "It must be a text of at most \(bytes) bytes.")
        }
        return text
    }

    func identifier(_ name: String) throws(RuleError) -> String {
        let text = try text(name, atMost: 64) ?? ""
        guard !text.isEmpty, text.utf8.allSatisfy(Self.isPlain) else {
            throw error(name, "It must be 1 to 64 letters, digits, `-`, `_` and `.`.")
        }
        return text
    }

    func flag(_ name: String) throws(RuleError) -> Bool? {
        guard let given = value[name], !given.isNull else { return nil }
        guard let flag = given.boolValue else { throw error(name, "It must be true or false.") }
        return flag
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(RuleError) -> Int64? {
        guard let given = value[name], !given.isNull else { return nil }
        guard let number = given.integerValue, range.contains(number) else {
            throw error(name, "It must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    func number(_ name: String) throws(RuleError) -> Double? {
        guard let given = value[name], !given.isNull else { return nil }
        guard let number = given.doubleValue else { throw error(name, "It must be a number.") }
        return number
    }

    func time(_ name: String) throws(RuleError) -> Timestamp? {
        guard let text = try text(name, atMost: 64) else { return nil }
        guard let time = Timestamp(iso8601: text) else {
            throw error(name, "It must be a moment such as 2026-12-01T08:00:00Z.")
        }
        return time
    }

    func list(_ name: String, atMost count: Int) throws(RuleError) -> [JSONValue] {
        guard let given = value[name], !given.isNull else { return [] }
        guard let list = given.arrayValue else { throw error(name, "It must be a list.") }
        guard list.count <= count else {
            throw RuleError(.tooMany, at(name), "It may hold \(count), not \(list.count).")
        }
        return list
    }

    func texts(_ name: String, atMost count: Int, bytes: Int) throws(RuleError) -> [String] {
        var texts: [String] = []
        for value in try list(name, atMost: count) {
            guard let text = value.stringValue, !text.isEmpty, text.utf8.count <= bytes else {
                throw error(name, "It must be a list of texts of 1 to \(bytes) bytes.")
            }
            texts.append(text)
        }
        return texts
    }

    /// An address on this site, or a whole one of the web; empty if absent.
    func link(_ name: String, isRequired: Bool = false) throws(RuleError) -> String {
        let text = try text(name, atMost: 2048) ?? ""
        if text.isEmpty && !isRequired { return "" }
        // No other scheme: the storefront puts it into a link.
        let isSafe = ["https://", "http://", "/", "#/"].contains { text.hasPrefix($0) } && !text.hasPrefix("//")
        guard isSafe, text.utf8.allSatisfy({ $0 > 32 && $0 != 127 }) else {
            throw error(name, "It must be an address that begins with https://, http://, / or #/.")
        }
        return text
    }

    private func at(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, 45, 46, 95: true
        default: false
        }
    }
}
