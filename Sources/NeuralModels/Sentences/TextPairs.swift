internal import Numerics

/// What a sentence encoder learns from and is measured on: texts of items, and pairs of a text that is asked with and one that is
/// the answer, by the kind of what told them.
struct TextPairs: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        /// A query of the log and an item that was chosen or bought after it.
        case queries
        /// Two items that are bought together more often than by chance.
        case baskets
        /// Words of an item's text, some with a slip of typing: made up, not asked by anybody.
        case synthetic
    }

    /// Something to ask with its answers.
    struct Question: Sendable, Hashable {
        var query: String
        /// Numbers of texts, ascending.
        var answers: [Int]
        /// The text that is asked with, if it is an item's: it is no answer to itself.
        var own: Int?
    }

    /// One kind's part.
    struct Part: Sendable {
        var kind: Kind
        /// To learn from; every answer of a question makes a pair.
        var training: [Question]
        /// To measure on: later, or about other items.
        var heldOut: [Question]

        var pairCount: Int { training.reduce(0) { $0 + $1.answers.count } }
    }

    /// Of items, each once, in the order of the catalogue.
    var texts: [String]
    /// The kinds that have something to learn from and something to measure on.
    var parts: [Part]

    /// Keeps at most `limit` held-out questions of each kind, drawn by `seed`.
    mutating func limitHeldOut(to limit: Int, seed: UInt64) {
        for place in parts.indices where parts[place].heldOut.count > limit {
            var random = SeededGenerator(seed: seed)
            parts[place].heldOut = Array(parts[place].heldOut.shuffled(using: &random).prefix(limit))
        }
    }

    var checksum: DataChecksum {
        var sum = DataChecksum()
        func add(_ byte: UInt8) { sum.add(UInt64(byte)) }
        func add(_ text: String) {
            text.utf8.forEach(add)
            add(0)
        }
        texts.forEach(add)
        for part in parts {
            for question in part.training + part.heldOut {
                add(question.query)
                for answer in question.answers { withBytes(of: UInt64(answer), add) }
            }
        }
        return sum
    }

    private func withBytes(of number: UInt64, _ body: (UInt8) -> Void) {
        for shift in 0..<8 { body(UInt8(truncatingIfNeeded: number >> (8 * UInt64(shift)))) }
    }
}
