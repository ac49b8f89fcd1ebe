/// Says how words of a catalogue sound: by the dictionary where it has them, else from their parts, else by their letters.
struct Pronouncer {
    /// How a pronunciation was found.
    enum Source: String, Sendable, CaseIterable { case dictionary, number, unit, parts, ending, spelled, letters }

    /// What stands for a unit, by its sign in a title.
    private static let units = [
        "oz": ["ounce", "ounces"], "lb": ["pound", "pounds"], "lbs": ["pounds"], "ct": ["count"], "pk": ["pack"],
        "ml": ["milliliter", "milliliters"], "ft": ["foot", "feet"], "qt": ["quart", "quarts"], "pt": ["pint"],
        "gal": ["gallon", "gallons"], "sq": ["square"], "fl": ["fluid"], "yd": ["yard", "yards"],
        "cm": ["centimeter", "centimeters"], "mm": ["millimeters"], "kg": ["kilogram", "kilograms"], "pkg": ["package"],
    ]
    /// Shorter parts of a word are found in too many others.
    private static let shortestPart = 3
    private static let mostPronunciations = 4
    private static let hissing: Set<Substring> = ["S", "Z", "SH", "ZH", "CH", "JH"]
    private static let voiceless: Set<Substring> = ["P", "T", "K", "F", "TH"]

    let dictionary: PronouncingDictionary

    /// The pronunciations of a folded word; `nil` for one that only its letters could tell, or nobody says.
    func pronunciations(of word: String) -> (phones: [String], source: Source)? {
        if let unit = Self.units[word] {
            let said = unit.flatMap { dictionary[$0] ?? [] }
            if !said.isEmpty { return (Array(said.prefix(Self.mostPronunciations)), .unit) }
        }
        if let known = dictionary[word] { return (Array(known.prefix(Self.mostPronunciations)), .dictionary) }
        guard word.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) }) else { return nil }
        if word.utf8.contains(where: { $0 < 97 }) { return mixed(word).map { ($0, .number) } }
        if let parts = parts(of: word) { return (parts, .parts) }
        if let plural = plural(word) { return (plural, .ending) }
        if word.utf8.count <= 4, !word.contains(where: { "aeiouy".contains($0) }) {
            return spelled(word).map { ($0, .spelled) }
        }
        return nil
    }

    /// A word of digits and letters, each run said on its own.
    private func mixed(_ word: String) -> [String]? {
        var said: [String] = []
        var rest = word[...]
        while let first = rest.first {
            let run = rest.prefix { $0.isNumber == first.isNumber }
            rest = rest.dropFirst(run.count)
            let phones: [String]?
            if first.isNumber {
                phones = NumberWords.words(of: run).map { words in
                    words.compactMap { dictionary[$0]?.first }.joined(separator: " ")
                }
                .map { [$0] }
            } else {
                phones = dictionary[String(run)] ?? spelled(String(run))
            }
            guard let one = phones?.first, !one.isEmpty else { return nil }
            said.append(one)
        }
        return [said.joined(separator: " ")]
    }

    /// A word made of two that the dictionary has, parted as evenly as can be: `lunchmeat`.
    private func parts(of word: String) -> [String]? {
        let letters = Array(word)
        let places = (Self.shortestPart..<max(Self.shortestPart, letters.count - Self.shortestPart + 1)).sorted {
            (abs(2 * $0 - letters.count), $0) < (abs(2 * $1 - letters.count), $1)
        }
        for place in places {
            guard let left = dictionary[String(letters[..<place])]?.first,
                let right = dictionary[String(letters[place...])]?.first
            else { continue }
            return [left + " " + right]
        }
        return nil
    }

    private func plural(_ word: String) -> [String]? {
        guard word.hasSuffix("s"), word.utf8.count > Self.shortestPart else { return nil }
        for length in [1, 2] where length == 1 || word.hasSuffix("es") {
            let stem = String(word.dropLast(length))
            guard let known = dictionary[stem] ?? parts(of: stem), let phones = known.first else { continue }
            return [phones + " " + Self.ending(after: phones)]
        }
        return nil
    }

    static func ending(after phones: String) -> String {
        guard let last = phones.split(separator: " ").last else { return "Z" }
        if hissing.contains(last) { return "IH Z" }
        return voiceless.contains(last) ? "S" : "Z"
    }

    private func spelled(_ word: String) -> [String]? {
        // The dictionary says of one letter how it is called, except of `a`, which is also an article.
        let names = word.map { letter in letter == "a" ? "EY" : dictionary[String(letter)]?.last }
        guard names.allSatisfy({ $0 != nil }) else { return nil }
        return [names.compactMap { $0 }.joined(separator: " ")]
    }
}
