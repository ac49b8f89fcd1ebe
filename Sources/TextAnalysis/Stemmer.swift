import CStemmer
import Synchronization

/// Snowball's stemmer of one language (Porter, 2001), with a cache.
///
/// Sendable invariant: libstemmer's state is used by one thread at a time, under the lock.
@safe public final class Stemmer: Sendable {
    @safe private struct State: ~Copyable {
        @unsafe let handle: OpaquePointer?
        var cache: [[UInt8]: [UInt8]] = [:]
        deinit { if let handle = unsafe handle { unsafe sb_stemmer_delete(handle) } }
    }

    private static let cacheLimit = 50_000
    private let state: Mutex<State>

    /// A stemmer for a BCP 47 language; one that libstemmer does not know leaves words as they are.
    public init(language: String) {
        let primary = language.split(separator: "-").first.map { $0.lowercased() } ?? "en"
        state = unsafe Mutex(State(handle: sb_stemmer_new(primary, "UTF_8")))
    }

    /// Whether libstemmer has a stemmer of this language.
    public static func isKnown(_ language: String) -> Bool {
        let primary = language.split(separator: "-").first.map { $0.lowercased() } ?? language
        guard let handle = unsafe sb_stemmer_new(primary, "UTF_8") else { return false }
        unsafe sb_stemmer_delete(handle)
        return true
    }

    /// Returns the stem of a folded word; words with digits, and of two bytes or less, are left as they are.
    public func stem(_ word: [UInt8]) -> [UInt8] {
        guard word.count > 2, word.count <= 64, !word.contains(where: { (48...57).contains($0) }) else { return word }
        return state.withLock { state in
            if let known = state.cache[word] { return known }
            guard let handle = unsafe state.handle,
                let text = unsafe sb_stemmer_stem(handle, word, Int32(word.count))
            else { return word }
            let stem = unsafe Array(UnsafeBufferPointer(start: text, count: Int(sb_stemmer_length(handle))))
            if state.cache.count >= Self.cacheLimit { state.cache.removeAll(keepingCapacity: true) }
            state.cache[word] = stem
            return stem
        }
    }

    /// The stems of folded words with one blank between, joined likewise.
    public func stems(of phrase: [UInt8]) -> [UInt8] {
        phrase.contains(32)
            ? Array(phrase.split(separator: 32).map { stem(Array($0)) }.joined(separator: [32])) : stem(phrase)
    }
}
