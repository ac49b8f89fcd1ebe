/// What some shoppers call a shelf before they use the shop's own word: British words in an American shop.
///
/// Only simulated shoppers read this list: searches, synonyms and figures do not.
enum EverydayWords {
    /// An everyday word, and what the names of the shelves that it means hold.
    private static let words = [
        ("fizzy drinks", "soft drink"), ("crisps", "potato chips"), ("nappies", "baby diapers"),
        ("loo roll", "toilet tissue"), ("serviettes", "paper napkins"), ("kitchen roll", "paper towels"),
        ("courgettes", "squash zucchini"), ("coriander", "herbs cilantro"), ("sweets", "candy"),
        ("biscuits", "cookies"), ("porridge", "oatmeal"), ("washing powder", "laundry detergent"),
        ("washing up liquid", "dish detergent"), ("bin bags", "trash bags"), ("plasters", "bandage"),
    ]

    /// `nil` for a shelf that everybody calls what the shop does.
    static func word(for shelf: String) -> String? {
        let name = shelf.lowercased()
        return words.first { name.contains($0.1) }?.0
    }
}
