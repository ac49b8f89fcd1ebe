import TextAnalysis

/// Says quickly which texts consist of words that a catalogue holds: most are ruled out by the first bytes of a word alone.
struct KnownWords {
    private static let tableBits = 18

    private let analyzer: Analyzer
    private let terms: (_ term: [UInt8]) -> Bool
    /// By a hash of the first three bytes, whether a word or a term of the catalogue begins so.
    private var beginnings = [Bool](repeating: false, count: 1 << KnownWords.tableBits)
    /// What was found for a word, by its hash.
    private var cache: [UInt64: Verdict] = [:]

    private enum Verdict { case unknown, known, idle }

    /// What a text says of the catalogue.
    enum Answer { case unknown, known, saysNothing }

    init(analyzer: Analyzer, terms: some Sequence<[UInt8]>, contains: @escaping (_ term: [UInt8]) -> Bool) {
        (self.analyzer, self.terms) = (analyzer, contains)
        for term in terms { beginnings[Self.beginning(term[...])] = true }
    }

    /// Whether every word of an English text occurs in the catalogue, stop words aside.
    ///
    /// - Parameter text: Lower case; other letters than ASCII's make it unknown.
    /// - Complexity: O(bytes), without an allocation for words that were seen before.
    mutating func answer(_ text: ArraySlice<UInt8>) -> Answer {
        var answer = Answer.saysNothing
        var start: Int?
        for place in text.startIndex...text.endIndex {
            let byte = place < text.endIndex ? text[place] : 32
            guard byte < 128 else { return .unknown }
            let isLetter = (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            if isLetter || (byte == 39 && start != nil) {
                if start == nil { start = place }
            } else if let first = start {
                switch verdict(text[first..<place]) {
                case .unknown: return .unknown
                case .known: answer = .known
                case .idle: break
                }
                start = nil
            }
        }
        return answer
    }

    private mutating func verdict(_ word: ArraySlice<UInt8>) -> Verdict {
        guard word.count < 3 || beginnings[Self.beginning(word)] || Self.mayBeIdle(word) else { return .unknown }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in word { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        if let known = cache[hash] { return known }
        let tokens = analyzer.tokens(of: String(decoding: word, as: UTF8.self), limit: 2)
        let verdict: Verdict =
            tokens.allSatisfy { Analyzer.stopWords.contains($0.word) }
            ? .idle : tokens.allSatisfy { terms($0.term) } ? .known : .unknown
        cache[hash] = verdict
        return verdict
    }

    /// Stop words are short.
    private static func mayBeIdle(_ word: ArraySlice<UInt8>) -> Bool { word.count <= 5 }

    private static func beginning(_ word: ArraySlice<UInt8>) -> Int {
        var hash = 0
        for byte in word.prefix(3) {
            let folded = (65...90).contains(byte) ? byte | 32 : byte
            hash = (hash &* 37 &+ Int(folded)) & (1 << tableBits - 1)
        }
        return hash
    }
}
