import TextAnalysis

extension SearchSnapshot {
    /// Returns `text` as HTML, escaped, with the words that answer the query in `<mark>`.
    ///
    /// - Complexity: O(bytes of the text · readings of the query).
    public func highlight(_ text: String, for request: SearchRequest) -> String {
        highlighter(for: request).highlight(text)
    }

    /// What `highlight` needs of a query, made once for many texts.
    public func highlighter(for request: SearchRequest) -> Highlighter {
        Highlighter(
            terms: Set(plan(request).groups.flatMap(\.variants).flatMap(\.terms)), analyzer: analyzer)
    }
}

/// Marks the words of a query in texts.
public struct Highlighter: Sendable {
    let terms: Set<[UInt8]>
    let analyzer: Analyzer

    /// Returns `text` as HTML, escaped, with words of the query in `<mark>`.
    public func highlight(_ text: String) -> String {
        var result = ""
        var word = ""
        func flush() {
            guard !word.isEmpty else { return }
            let isHit = analyzer.tokens(of: word).contains { terms.contains($0.term) }
            result += isHit ? "<mark>\(escaped(word))</mark>" : escaped(word)
            word = ""
        }
        for character in text {
            if character.isLetter || character.isNumber || character == "'" {
                word.append(character)
            } else {
                flush()
                result += escaped(String(character))
            }
        }
        flush()
        return result
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
