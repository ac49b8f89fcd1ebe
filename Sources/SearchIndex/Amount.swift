import Foundation

/// How much of something: a number with a unit.
struct Amount: Hashable, Sendable {
    enum Unit: CaseIterable, Hashable, Sendable {
        case ounce, pound, gram, kilogram, millilitre, litre, pint, quart, gallon, pack, count, dozen, inch, foot

        /// Spellings, the one that labels use most first; hyphens aside.
        var spellings: [String] {
            switch self {
            case .ounce: ["oz", "ounce", "ounces"]
            case .pound: ["lb", "lbs", "pound", "pounds"]
            case .gram: ["g", "gram", "grams", "gr", "gm"]
            case .kilogram: ["kg", "kilo", "kilos", "kilogram", "kilograms"]
            case .millilitre: ["ml", "milliliter", "milliliters", "millilitre", "millilitres"]
            case .litre: ["l", "lt", "ltr", "liter", "liters", "litre", "litres"]
            case .pint: ["pt", "pint", "pints"]
            case .quart: ["qt", "quart", "quarts"]
            case .gallon: ["gal", "gallon", "gallons", "ga"]
            case .pack: ["pk", "pack", "packs", "pck"]
            case .count: ["ct", "count", "counts", "pc", "pcs", "pieces", "piece"]
            case .dozen: ["dz", "doz", "dozen"]
            case .inch: ["in", "inch", "inches"]
            case .foot: ["ft", "foot", "feet"]
            }
        }

        init?(word: String) {
            let bare = word.hasSuffix(".") ? String(word.dropLast()) : word
            guard let unit = Self.bySpelling[bare] else { return nil }
            self = unit
        }

        private static let bySpelling: [String: Self] = {
            var table: [String: Self] = [:]
            for unit in allCases { for spelling in unit.spellings { table[spelling] = unit } }
            return table
        }()

        /// Units that measure the same, with how many of the smallest one make each. An ounce of what is poured and an ounce
        /// of what is weighed are written alike, so both families hold it.
        static let families: [[(unit: Self, size: Double)]] = [
            [(.gram, 1), (.ounce, 28.349523125), (.pound, 453.59237), (.kilogram, 1000)],
            [
                (.millilitre, 1), (.ounce, 29.5735295625), (.pint, 473.176473), (.quart, 946.352946), (.litre, 1000),
                (.gallon, 3785.411784),
            ],
            [(.count, 1), (.pack, 1), (.dozen, 12)],
            [(.inch, 1), (.foot, 12)],
        ]
    }

    let value: Double
    let unit: Unit

    /// The ways to write this amount or one within a hundredth of it, in any unit: `half gallon` is `64 oz` too.
    var wordings: [String] {
        var wordings: [String] = []
        for family in Unit.families {
            guard let own = family.first(where: { $0.unit == unit }) else { continue }
            for other in family {
                let amount = value * own.size / other.size
                guard amount >= 0.1, amount < 100_000 else { continue }
                for number in Self.numbers(near: amount) {
                    wordings += other.unit.spellings.map { "\(number) \($0)" }
                }
            }
        }
        var seen: Set<String> = []
        return wordings.filter { seen.insert($0).inserted }
    }

    /// Numbers of at most one decimal, and quarters, that are near enough to be printed for an amount.
    private static func numbers(near amount: Double) -> [String] {
        var found: [Double] = []
        for candidate in [amount.rounded(), (amount * 10).rounded() / 10, (amount * 4).rounded() / 4]
        where candidate > 0 && abs(candidate - amount) <= 0.01 * amount && !found.contains(candidate) {
            found.append(candidate)
        }
        return found.flatMap { number -> [String] in
            if number == number.rounded() { return [String(Int(number))] }
            let text = String(format: "%g", number)
            // `.5` and `1/2` are printed as often as `0.5`.
            let fractions = [0.5: "1/2", 0.25: "1/4", 0.75: "3/4"]
            return [text] + (number < 1 ? [String(text.dropFirst())] : []) + (fractions[number].map { [$0] } ?? [])
        }
    }
}
