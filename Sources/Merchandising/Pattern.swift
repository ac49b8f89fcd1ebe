/// A safe pattern over a whole text: `*` stands for any text, also none, and `?` for one character.
public struct Pattern: Hashable, Sendable, CustomStringConvertible {
    public static let maximumLength = 200
    public let description: String
    private let parts: [Character]

    /// Returns `nil` for an empty or too long pattern, and for one that says nothing but `*`.
    public init?(_ text: String) {
        let folded = QueryText.fold(text)
        guard !folded.isEmpty, text.utf8.count <= Self.maximumLength, folded.contains(where: { $0 != "*" }) else {
            return nil
        }
        description = text
        parts = Array(folded)
    }

    /// Whether the whole folded text fits. Complexity: O(pattern × text) at worst: it never goes back beyond one `*`.
    public func matches(_ text: [Character]) -> Bool {
        var (place, at) = (0, 0)
        var star: (part: Int, text: Int)?
        while at < text.count {
            if place < parts.count, parts[place] == "*" {
                star = (place, at)
                place += 1
            } else if place < parts.count, parts[place] == "?" || parts[place] == text[at] {
                place += 1
                at += 1
            } else if let last = star {
                place = last.part + 1
                at = last.text + 1
                star = (last.part, at)
            } else {
                return false
            }
        }
        while place < parts.count, parts[place] == "*" { place += 1 }
        return place == parts.count
    }
}
