/// Turns a grocer's shorthand into words that a shopper uses: tables of words, phrases and cut-off endings, and a few rules.
///
/// The tables and rules are in docs/formats/completejourney.md.
public struct ShorthandExpander: Sendable {
    public init() {}

    /// Texts of so many characters may have been cut off at their end.
    private static let cutLength = 28

    /// `FRZN SS PREMIUM ENTREES/DNRS/N` becomes `Frozen Single Serve Premium Entrees/Dinners`.
    ///
    /// - Complexity: O(characters · phrases).
    public func expand(_ text: String) -> String {
        var reading = ShorthandReading(text)
        reading.read()
        reading.trim(isCut: text.count >= Self.cutLength)
        return reading.joined
    }
}

/// One text on its way from shorthand to words.
private struct ShorthandReading {
    private struct Part {
        /// As the catalogue has it; empty for marks and phrases.
        var raw: String
        var text: String
        /// A bracket, a stroke, a comma, an ampersand or a hyphen.
        var isMark = false
    }

    private let source: [Character]
    private var index = 0
    private var word = ""
    private var parts: [Part] = []

    init(_ text: String) { source = Array(text.uppercased()) }

    mutating func read() {
        while index < source.count {
            if word.isEmpty, let (length, meaning) = phrase() {
                parts.append(Part(raw: "", text: meaning))
                index += length
            } else if isPartOfWord() {
                word.append(source[index])
                index += 1
            } else {
                let mark = source[index]
                index += 1
                if !endWord(before: mark) { append(mark: mark) }
            }
        }
        _ = endWord(before: " ")
    }

    private func phrase() -> (Int, String)? {
        guard index == 0 || !source[index - 1].isLetter && !source[index - 1].isNumber else { return nil }
        for (words, meaning) in ShorthandTables.phrases {
            let end = index + words.count
            guard end <= source.count, source[index..<end].elementsEqual(words),
                end == source.count || !source[end].isLetter && !source[end].isNumber
            else { continue }
            return (words.count, meaning)
        }
        return nil
    }

    /// A full stop belongs to a number only: `9.99`, `.5`.
    private func isPartOfWord() -> Bool {
        let character = source[index]
        if character == "." { return index + 1 < source.count && source[index + 1].isNumber }
        return character.isLetter || character.isNumber || character == "%" || character == "'"
    }

    /// Takes the word that ends before `mark`; returns whether the mark is used up by it.
    private mutating func endWord(before mark: Character) -> Bool {
        guard !word.isEmpty else { return false }
        let raw = word
        word = ""
        if raw == "W", mark == "/" {
            let isWithout =
                index < source.count && source[index] == "O"
                && (index + 1 == source.count || !source[index + 1].isLetter)
            if isWithout { index += 1 }
            parts.append(Part(raw: raw, text: isWithout ? "without" : "with"))
            return true
        }
        if raw == "N", mark == "/" || mark == "-" {
            parts += [Part(raw: raw, text: "Non"), Part(raw: "", text: "-", isMark: true)]
            return true
        }
        append(word: raw)
        if mark == "-", ShorthandTables.prefixes.contains(raw), index < source.count, source[index].isLetter {
            parts.append(Part(raw: "", text: "-", isMark: true))
        }
        return false
    }

    private mutating func append(word raw: String) {
        // The catalogue has lost its apostrophes: `CHILDREN S`, `DVD S`.
        let isOwner = parts.last.map { $0.raw.count > 1 && $0.raw.allSatisfy(\.isLetter) } ?? false
        if raw == "S", isOwner, let last = parts.last, !ShorthandTables.small.contains(last.raw.lowercased()) {
            parts[parts.count - 1].text += ShorthandTables.kept.contains(last.raw) ? "s" : "'s"
            return
        }
        let number = raw.prefix { !$0.isLetter }
        if !number.isEmpty, number != raw, let unit = ShorthandTables.units[String(raw.dropFirst(number.count))] {
            parts += [Part(raw: "", text: String(number)), Part(raw: "", text: unit)]
        } else if let meaning = ShorthandTables.words[raw] {
            if !meaning.isEmpty { parts.append(Part(raw: raw, text: meaning)) }
        } else if !number.isEmpty || ShorthandTables.kept.contains(raw) {
            parts.append(Part(raw: raw, text: raw))
        } else {
            parts.append(Part(raw: raw, text: raw.prefix(1) + raw.dropFirst().lowercased()))
        }
    }

    private mutating func append(mark: Character) {
        switch mark {
        case "/", "&", "(", ")", ",": parts.append(Part(raw: "", text: String(mark), isMark: true))
        case ":": parts.append(Part(raw: "", text: ",", isMark: true))
        default: break
        }
    }

    /// Leaves out what says nothing: brackets that are cut off, marks and single letters at the end, repeated words.
    mutating func trim(isCut: Bool) {
        if let open = parts.lastIndex(where: { $0.text == "(" }), !parts[open...].contains(where: { $0.text == ")" }) {
            parts.removeSubrange(open...)
        }
        trimEnd(isCut)
        if isCut, let last = parts.last, let meaning = ShorthandTables.endings[last.raw] {
            parts[parts.count - 1].text = meaning
            if meaning.isEmpty { parts.removeLast() }
            trimEnd(isCut)
        }
        while let first = parts.first, first.isMark && first.text != "(" || first.text == "and" { parts.removeFirst() }
        var kept: [Part] = []
        for part in parts where part.isMark || kept.last?.text != part.text { kept.append(part) }
        parts = kept
    }

    private mutating func trimEnd(_ isCut: Bool) {
        while let last = parts.last {
            let isAfterStroke = parts.dropLast().last?.text == "/"
            let isLetter = last.text.count == 1 && last.text.allSatisfy(\.isLetter)
            let isOpen = last.isMark && last.text != ")" || last.text == "and"
            guard
                isOpen || isLetter && (isCut || isAfterStroke)
                    || isCut && ShorthandTables.small.contains(last.text.lowercased())
            else { return }
            parts.removeLast()
        }
    }

    var joined: String {
        var text = ""
        for (index, part) in parts.enumerated() {
            let isGlued =
                ["/", ",", ")", "-"].contains(part.text)
                || index > 0 && ["/", "(", "-"].contains(parts[index - 1].text)
            if !text.isEmpty, !isGlued { text += " " }
            let small = part.text.lowercased()
            text += index > 0 && ShorthandTables.small.contains(small) ? small : part.text
        }
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
