import CommandInterface
import Domain
import JSON
import Serving

/// Items as lines of a terminal.
enum ShelfTable {
    static func line(_ card: Card, note: String = "") -> String {
        let price = card.price?.description ?? "-"
        let line = "\(card.item.id.rawValue.padded(to: 12))  \(price.padded(to: 12))  \(card.item.title)"
        return note.isEmpty ? line : "\(line)  (\(note))"
    }

    /// A score's tree, a level four blanks deeper than the one above.
    static func tree(_ value: JSONValue, depth: Int = 1) -> String {
        let own =
            String(repeating: "    ", count: depth) + (value["label"]?.stringValue ?? "") + " = "
            + (value["value"]?.doubleValue.map { "\($0)" } ?? "-")
        let children = value["children"]?.arrayValue ?? []
        return ([own] + children.map { tree($0, depth: depth + 1) }).joined(separator: "\n")
    }
}
