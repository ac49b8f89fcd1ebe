public import Domain

/// What a person wrote behind a command's name, checked against the command's options.
public struct Arguments: Sendable {
    public let positional: [String]
    private var values: [String: [String]]
    private let flags: Set<String>

    /// Reads `--name value`, `--name=value`, `--flag`, positional arguments, and `--` before positional ones.
    public init(_ raw: [String], options: [Option], maximumPositional: Int = 0) throws(UsageError) {
        var (positional, values, flags): ([String], [String: [String]], Set<String>) = ([], [:], [])
        var rest = raw[...]
        var onlyPositional = false
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), !onlyPositional else {
                positional.append(word)
                continue
            }
            if word == "--" {
                onlyPositional = true
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            guard let option = options.first(where: { $0.name == parts[0] }) else {
                throw UsageError(unknown: parts[0], known: options.map(\.name))
            }
            switch option.kind {
            case .flag:
                guard parts.count == 1 else { throw UsageError("--\(option.name) takes no value.") }
                flags.insert(option.name)
            case .value(let placeholder):
                guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                    throw UsageError("--\(option.name) needs a value: \(placeholder).")
                }
                guard values[option.name] == nil || option.isRepeatable else {
                    throw UsageError("--\(option.name) is given twice.")
                }
                values[option.name, default: []].append(value)
            }
        }
        if let missing = options.first(where: { $0.isRequired && values[$0.name] == nil }) {
            throw UsageError("\(missing.usage) is missing.")
        }
        guard positional.count <= maximumPositional else {
            throw UsageError("One argument too many: '\(positional[maximumPositional])'.")
        }
        (self.positional, self.values, self.flags) = (positional, values, flags)
    }

    public func has(_ flag: String) -> Bool { flags.contains(flag) }
    public func value(_ name: String) -> String? { values[name]?.last }
    public func values(_ name: String) -> [String] { values[name] ?? [] }

    /// The options with a value, by name.
    public var given: [(name: String, values: [String])] {
        values.sorted { $0.key < $1.key }.map { (name: $0.key, values: $0.value) }
    }

    /// The arguments with these options as if they had been given so.
    public func setting(_ options: [(name: String, text: String)]) -> Arguments {
        var changed = self
        for option in options { changed.values[option.name] = [option.text] }
        return changed
    }

    public func required(_ name: String) throws(UsageError) -> String {
        guard let value = value(name) else { throw UsageError("--\(name) is missing.") }
        return value
    }

    public func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "--\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'.")
        }
        return number
    }

    public func timestamp(_ name: String) throws(UsageError) -> Timestamp? {
        guard let text = value(name) else { return nil }
        guard let time = Timestamp(iso8601: text) else {
            throw UsageError("--\(name) takes a date such as 2017-11-01, not '\(text)'.")
        }
        return time
    }
}

/// A command that was written in a way that cannot be understood.
public struct UsageError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }

    /// An unknown option, with the known one that is nearest.
    init(unknown name: String, known: [String]) {
        let near = known.map { (editDistance($0, name), $0) }.filter { $0.0 <= 2 }.min { $0 < $1 }
        self.init("There is no option --\(name)." + (near.map { " Did you mean --\($0.1)?" } ?? " See --help."))
    }
}

/// Levenshtein distance, for hints on mistyped names. Complexity: O(n·m).
func editDistance(_ left: String, _ right: String) -> Int {
    let (a, b) = (Array(left.utf8), Array(right.utf8))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let above = row[j + 1]
            row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == y ? 0 : 1))
            diagonal = above
        }
    }
    return row[b.count]
}
