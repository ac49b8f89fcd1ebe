/// Folded words of texts, one after the other in one buffer that is used again: what building an index reads.
public struct FoldedWords: Sendable {
    @usableFromInline var bytes: [UInt8] = []
    /// By word: where it ends.
    @usableFromInline var ends: [Int] = []

    public init() {}

    public var count: Int { ends.count }

    /// Gives `body` one word.
    @inlinable public func withWord<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting((index > 0 ? ends[index - 1] : 0)..<ends[index]))
    }

    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Appends a folded word, cut to `limit` bytes.
    mutating func append(_ word: [UInt8], limit: Int) {
        bytes.append(contentsOf: word.prefix(limit))
        ends.append(bytes.count)
    }

    /// Appends the words of a text of ASCII alone, each cut to `limit` bytes; returns false, with nothing appended, if it is not.
    ///
    /// Must fold as `TextFolding.words(of:)` does.
    mutating func appendASCII(_ text: String, limit: Int) -> Bool {
        let isAppended = unsafe text.utf8.withContiguousStorageIfAvailable { source in
            unsafe appendASCII(source, limit: limit)
        }
        return isAppended ?? false
    }

    private mutating func appendASCII(_ source: UnsafeBufferPointer<UInt8>, limit: Int) -> Bool {
        var all: UInt8 = 0
        for place in 0..<source.count { unsafe all |= source[place] }
        guard all < 128 else { return false }
        var start = bytes.count
        let folds = Self.folds
        for place in 0..<source.count {
            let kind = unsafe folds[Int(source[place])]
            if kind > 1 {
                if bytes.count - start < limit { bytes.append(kind) }
            } else if kind == 0, bytes.count > start {
                ends.append(bytes.count)
                start = bytes.count
            }
        }
        if bytes.count > start { ends.append(bytes.count) }
        return true
    }

    /// By byte: what it is folded to, 0 for what parts words, 1 for what is passed over.
    private static let folds: [UInt8] = (0..<128 as Range<UInt8>).map { byte in
        switch byte {
        case 48...57, 97...122: byte
        case 65...90: byte | 32
        case 39: 1
        default: 0
        }
    }
}

extension Analyzer {
    /// Appends the words of a text, as `tokens(of:)` has them.
    public func fold(_ text: String, into words: inout FoldedWords) {
        guard !words.appendASCII(text, limit: Self.maximumWordBytes) else { return }
        for word in self.words(of: text) { words.append(word, limit: Self.maximumWordBytes) }
    }

    /// The stem of a folded word.
    public func term(of word: [UInt8]) -> [UInt8] { token(word).term }
}
