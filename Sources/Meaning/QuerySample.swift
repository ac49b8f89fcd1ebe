import Numerics

/// Queries made up from texts, to measure how the nearest are found.
///
/// One to three neighbouring words, as shoppers type them: short queries lie far from long texts, so texts themselves would be found too
/// easily.
public enum QuerySample {
    /// - Parameter texts: Not empty, in an order that is the same each time.
    public static func queries(of texts: [String], count: Int, seed: UInt64) -> [String] {
        guard !texts.isEmpty else { return [] }
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let words = texts[Int.random(in: texts.indices, using: &random)].lowercased().split(separator: " ")
            let length = min(words.count, Int.random(in: 1...3, using: &random))
            let start = Int.random(in: 0...words.count - length, using: &random)
            return words[start..<start + length].joined(separator: " ")
        }
    }
}
