/// A package's size as a shopper reads it, with its weight or volume and its number of pieces where they can be told.
struct PackageSize {
    let text: String
    /// Ounces, or fluid ounces, of one piece.
    private(set) var ounces: Double?
    private(set) var count: Double?

    init(_ source: String) {
        let words = source.lowercased().split(separator: " ").map(String.init)
        text = words.map { $0 == "l" || $0 == "ml" ? $0.replacing("l", with: "L") : $0 }.joined(separator: " ")
        for part in source.lowercased().split(separator: "/") {
            let words = part.split(separator: " ")
            guard words.count == 2, let number = Double(words[0]), number > 0, number < 1e6 else { continue }
            switch words[1] {
            case "oz": ounces = number
            case "lb": ounces = number * 16
            case "ml": ounces = number * 0.033814
            case "l": ounces = number * 33.814
            case "gal", "ga": ounces = number * 128
            case "qt": ounces = number * 32
            case "pt": ounces = number * 16
            case "ct", "pk", "pc": count = number
            case "dz": count = number * 12
            default: break
            }
        }
        if source == "GAL" { ounces = 128 }
        if source == "1/2 GAL" { ounces = 64 }
    }
}
