import CICU
import Synchronization

/// Words of other scripts as they sound in Latin letters, by ICU's rules: `Нутелла` becomes `nutella`.
public enum Transliteration {
    private static let maximumUnits = 96
    /// ICU's rules are shared, and serve one call at a time.
    private static let turn = Mutex(())

    /// Folded words of a text that holds letters of another script; `nil` for one that does not, or that no rule knows.
    ///
    /// - Complexity: O(letters); the first call loads the rules, which takes some milliseconds.
    public static func words(of text: String) -> [[UInt8]]? {
        guard text.utf8.contains(where: { $0 >= 128 }) else { return nil }
        var units = Array(text.utf16.prefix(maximumUnits))
        let length = Int32(units.count)
        // A letter may become several.
        units += repeatElement(0, count: 8 * units.count)
        let count = turn.withLock { _ in unsafe souk_to_latin(&units, length, Int32(units.count)) }
        guard count > 0 else { return nil }
        let words = TextFolding.words(of: String(decoding: units.prefix(Int(count)), as: UTF16.self))
        return words.isEmpty || words.contains(where: { $0.contains { $0 >= 128 } }) ? nil : words
    }
}
