/// Folded words of texts, one after the other in one buffer that is used again: what building an index reads.
public struct FoldedWords: Sendable {
    /// Room, of which the words take the first `used` bytes.
    @usableFromInline var bytes: [UInt8] = []
    private var used = 0
    /// By word: where it ends.
    @usableFromInline var ends: [Int] = []

    public init() {}

    public var count: Int { ends.count }

    /// Gives `body` one word.
    @inlinable public func withWord<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting((index > 0 ? ends[index - 1] : 0)..<ends[index]))
    }

    public mutating func removeAll() {
        // Most fields of most items are empty.
        guard !ends.isEmpty else { return }
        used = 0
        ends.removeAll(keepingCapacity: true)
    }

    /// Appends a folded word, cut to `limit` bytes.
    mutating func append(_ word: [UInt8], limit: Int) {
        let cut = word.prefix(limit)
        makeRoom(for: cut.count)
        bytes.replaceSubrange(used..<used + cut.count, with: cut)
        used += cut.count
        ends.append(used)
    }

    private mutating func makeRoom(for count: Int) {
        guard bytes.count < used + count else { return }
        bytes.append(contentsOf: repeatElement(0, count: max(256, 2 * (used + count)) - bytes.count))
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
        makeRoom(for: source.count)
        let first = used
        var ends: [Int] = []
        swap(&ends, &self.ends)
        used = unsafe bytes.withUnsafeMutableBufferPointer { bytes in
            var (start, end) = (first, first)
            let folds = Self.folds.span
            for place in 0..<source.count {
                let kind = unsafe folds[Int(source[place])]
                if kind > 1 {
                    guard end - start < limit else { continue }
                    unsafe bytes[end] = kind
                    end += 1
                } else if kind == 0, end > start {
                    ends.append(end)
                    start = end
                }
            }
            if end > start { ends.append(end) }
            return end
        }
        swap(&ends, &self.ends)
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
