/// The `filters` text of an InstantSearch client: conditions joined by `AND`, alternatives of one field by `OR`.
///
/// `brand:Acme AND (size:S OR size:"X L") AND price >= 2 AND price:1 TO 5`
struct InstantSearchFilters {
    /// What a text holds that is not understood, as a sentence.
    struct Mistake: Error { let text: String }

    static let maximumBytes = 4096

    /// Alternatives of one field each, in the order of the text.
    private(set) var groups: [(field: String, values: [String])] = []
    /// Such as `price>=2`.
    private(set) var bounds: [String] = []

    private enum Piece: Equatable { case word(String), quoted(String), sign(String) }

    private var pieces: ArraySlice<Piece>

    /// Complexity: O(bytes).
    init(_ text: String) throws(Mistake) {
        guard text.utf8.count <= Self.maximumBytes else {
            throw Mistake(text: "`filters` may have \(Self.maximumBytes) bytes.")
        }
        pieces = try Self.pieces(of: text)[...]
        repeat {
            if take(.sign("(")) {
                try group()
                guard take(.sign(")")) else { throw Mistake(text: "`filters` lacks a closing bracket.") }
            } else {
                try group()
            }
        } while take(.word("AND"))
        guard pieces.isEmpty else {
            throw Mistake(text: "`filters` joins conditions by AND, and those of one field by OR.")
        }
    }

    private mutating func take(_ piece: Piece) -> Bool {
        guard pieces.first == piece else { return false }
        pieces.removeFirst()
        return true
    }

    private mutating func text() -> String? {
        switch pieces.first {
        case .word(let text)?, .quoted(let text)?:
            pieces.removeFirst()
            return text
        default: return nil
        }
    }

    private mutating func group() throws(Mistake) {
        var alternatives: (field: String, values: [String])?
        repeat {
            guard pieces.first != .word("NOT") else { throw Mistake(text: "`filters` cannot exclude with NOT here.") }
            guard let field = text(), case .sign(let sign)? = pieces.popFirst(), let value = text() else {
                throw Mistake(text: "`filters` has conditions such as field:value or price >= 2.")
            }
            if sign == ":", take(.word("TO")) {
                guard let end = text(), alternatives == nil else {
                    throw Mistake(text: "A range is field:low TO high.")
                }
                bounds += [field + ">=" + value, field + "<=" + end]
                return
            }
            guard sign == ":" else {
                guard alternatives == nil else { throw Mistake(text: "`filters` cannot join bounds by OR.") }
                bounds.append(field + sign + value)
                return
            }
            guard alternatives?.field ?? field == field else {
                throw Mistake(text: "`filters` can join by OR what is of one field.")
            }
            alternatives = (field, (alternatives?.values ?? []) + [value])
        } while take(.word("OR"))
        guard let alternatives else { return }
        groups.append(alternatives)
    }

    private static func pieces(of text: String) throws(Mistake) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first.isWhitespace {
                rest.removeFirst()
            } else if first == "\"" || first == "'" {
                let body = rest.dropFirst()
                guard let end = body.firstIndex(of: first) else {
                    throw Mistake(text: "`filters` lacks a closing quote.")
                }
                pieces.append(.quoted(String(body[..<end])))
                rest = body[body.index(after: end)...]
            } else if "():".contains(first) {
                pieces.append(.sign(String(rest.removeFirst())))
            } else if "<>=!".contains(first) {
                let sign = rest.prefix { "<>=!".contains($0) }
                pieces.append(.sign(String(sign)))
                rest = rest.dropFirst(sign.count)
            } else {
                let word = rest.prefix { !$0.isWhitespace && !"():<>=!\"'".contains($0) }
                pieces.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        return pieces
    }
}
