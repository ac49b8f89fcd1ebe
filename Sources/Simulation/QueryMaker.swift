import Numerics

/// Writes what a shopper types to find a shelf.
enum QueryMaker {
    private static let maximumCharacters = 60

    /// - Returns: The text, and whether a search understands it; few texts are too badly typed for that.
    static func query(
        for shelf: ShelfPicker.Shelf, in shelves: ShelfPicker, _ generator: inout SeededGenerator
    ) -> (text: String, isUnderstood: Bool) {
        var name = shelf.name
        if generator.unit() < 0.25, let item = shelf.items.randomElement(using: &generator) {
            name = shelves.items[item].title
        }
        let words = name.lowercased().split { !($0.isLetter || $0.isNumber) }.prefix(3)
        let text = String(words.joined(separator: " ").prefix(maximumCharacters))
        guard !text.isEmpty else { return (name, true) }
        switch generator.unit() {
        case ..<0.02: return (mistyped(mistyped(String(text.reversed()), &generator), &generator), false)
        case ..<0.12: return (mistyped(text, &generator), true)
        default: return (text, true)
        }
    }

    /// Leaves a letter out, doubles it, or exchanges it with the next; texts of less than four characters stay.
    static func mistyped(_ text: String, _ generator: inout SeededGenerator) -> String {
        var characters = Array(text)
        guard characters.count >= 4 else { return text }
        let place = Int.random(in: 1..<characters.count - 1, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: characters.remove(at: place)
        case 1: characters.insert(characters[place], at: place)
        default: characters.swapAt(place, place + 1)
        }
        return String(characters)
    }
}
