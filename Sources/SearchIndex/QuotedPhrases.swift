import TextAnalysis

/// The parts of a query that stand in quotation marks: their words must stand side by side.
enum QuotedPhrases {
    private static let closing: [Character: Set<Character>] = [
        "\"": ["\""], "\u{201C}": ["\u{201D}"], "\u{201E}": ["\u{201C}", "\u{201D}"], "«": ["»"],
    ]

    /// The texts between marks. A mark opens at the beginning of a word only: `12" pizza` has none.
    static func read(_ query: String) -> [String] {
        var phrases: [String] = []
        var open: (marks: Set<Character>, text: String)?
        var previous: Character = " "
        for character in query {
            if let (marks, text) = open {
                if marks.contains(character) {
                    phrases.append(text)
                    open = nil
                } else {
                    open?.text.append(character)
                }
            } else if let marks = closing[character], !previous.isLetter, !previous.isNumber {
                open = (marks, "")
            }
            previous = character
        }
        return phrases
    }

    /// The terms of each phrase that has words.
    static func terms(_ query: String, _ analyzer: Analyzer) -> [[[UInt8]]] {
        read(query).map { analyzer.tokens(of: $0, limit: QueryPlanner.maximumWords).map(\.term) }.filter { !$0.isEmpty }
    }
}

/// Whether documents of a segment hold phrases.
struct PhraseFilter {
    private let text: TextColumns
    private let phrases: [[UInt32]]

    /// No filter if there are no phrases or the segment has no texts; impossible if no document of it passes.
    static func make(_ phrases: [[[UInt8]]], _ segment: Segment) -> (filter: PhraseFilter?, isImpossible: Bool) {
        guard !phrases.isEmpty, let text = segment.text else { return (nil, false) }
        var found: [[UInt32]] = []
        for phrase in phrases {
            let terms = phrase.compactMap { segment.terms.find($0) }
            guard terms.count == phrase.count else { return (nil, true) }
            found.append(terms.map { UInt32($0) })
        }
        return (PhraseFilter(text: text, phrases: found), false)
    }

    func passes(_ document: Int) -> Bool { phrases.allSatisfy { text.contains($0, in: document) } }
}
