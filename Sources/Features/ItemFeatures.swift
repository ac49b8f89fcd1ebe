public import Domain
public import Storage
import TextAnalysis

/// What items are, as sparse rows: words of the title, levels of the category path, brand, brand class and further attributes.
///
/// Rows are by item number; an item of which nothing is known has an empty one. Equal items give equal rows whatever came before
/// them, but for the features' numbers, which follow the order in which features first occur.
public struct ItemFeatures: Hashable, Sendable {
    public enum Kind: UInt8, Sendable, CaseIterable { case word, category, brand, brandClass, attribute, price }

    /// One property that items may share.
    public struct Feature: Hashable, Sendable {
        public var kind: Kind
        /// A stem, a path with ` > ` between its levels, a name, or `attribute=value`.
        public var name: String
        public init(_ kind: Kind, _ name: String) { (self.kind, self.name) = (kind, name) }
    }

    /// More words of a title, levels or values of an attribute do not count: a hostile feed must not fill memory.
    static let mostWords = 48
    static let mostLevels = 8
    static let mostValues = 16
    static let longestName = 120

    /// By feature number.
    public private(set) var features: [Feature] = []
    /// By item: where its features begin; shape `[numberLimit + 1]`.
    public private(set) var offsets: [UInt32] = [0]
    /// Feature numbers, rising within an item.
    public private(set) var columns: [UInt32] = []
    /// How often the item has the feature: more than once for words alone.
    public private(set) var counts: [UInt8] = []
    private var numbers: [Feature: UInt32] = [:]

    public init() {}

    /// Reads the whole catalogue: withdrawn items too, for people bought them.
    ///
    /// Complexity: O(items · words). Titles that many items share are split once.
    public init(reading store: any CatalogueStore) throws(StorageError) {
        var titles = TitleWords()
        var last: ItemNumber?
        while true {
            let page = try store.items(after: last, limit: 4096)
            guard let end = page.last else { return }
            for stored in page { append(stored, &titles) }
            last = end.number
        }
    }

    /// What facts alone say: categories, brands and brand classes.
    public init(_ facts: ItemFacts) {
        for number in 0..<UInt32(facts.numberLimit) {
            var row: [UInt32: Int] = [:]
            let item = ItemNumber(number)
            if let type = facts.type(item) { addPath(facts.typePaths[Int(type)], to: &row) }
            if let brand = facts.brand(item) { add(.brand, facts.brandNames[Int(brand)], to: &row) }
            switch facts.brandClass(item) {
            case .unknown: break
            case .national: add(.brandClass, "national", to: &row)
            case .privateLabel: add(.brandClass, "private", to: &row)
            }
            append(row)
        }
    }

    /// One more than the largest item number.
    public var numberLimit: Int { offsets.count - 1 }

    /// The places of an item's features in `columns` and `counts`; empty for an unknown one.
    public func row(of item: Int) -> Range<Int> {
        guard item >= 0, item < numberLimit else { return 0..<0 }
        return Int(offsets[item])..<Int(offsets[item + 1])
    }

    /// Appends an item; numbers must rise, and rows of those left out are empty.
    public mutating func append(_ stored: StoredItem) {
        var titles = TitleWords()
        append(stored, &titles)
    }

    /// Adds one feature to many items at once.
    ///
    /// - Parameter value: The name of an item's feature, by item; `nil` where it has none.
    public mutating func add(_ kind: Kind, itemLimit: Int, value: (Int) -> String?) {
        let old = self
        (offsets, columns, counts) = ([0], [], [])
        for item in 0..<max(itemLimit, old.numberLimit) {
            for place in old.row(of: item) {
                columns.append(old.columns[place])
                counts.append(old.counts[place])
            }
            if let name = value(item) {
                let number = number(of: Feature(kind, name))
                let row = Int(offsets[item])..<columns.count
                let place = columns[row].firstIndex { $0 >= number } ?? columns.count
                if place == columns.count || columns[place] != number {
                    columns.insert(number, at: place)
                    counts.insert(1, at: place)
                }
            }
            offsets.append(UInt32(columns.count))
        }
    }

    private mutating func append(_ stored: StoredItem, _ titles: inout TitleWords) {
        guard stored.number.index >= numberLimit else { return }
        while numberLimit < stored.number.index { append([:]) }
        let item = stored.item
        var row: [UInt32: Int] = [:]
        for word in titles.words(of: item.title, language: item.language).prefix(Self.mostWords) {
            add(.word, word, to: &row)
        }
        addPath(item.productType, to: &row)
        let maker = item.brand.isEmpty ? item.attributes["manufacturer"]?.first ?? "" : item.brand
        if !maker.isEmpty { add(.brand, maker, to: &row) }
        for (name, values) in item.attributes.sorted(by: { $0.key < $1.key }) where name != "manufacturer" {
            for value in values.prefix(Self.mostValues) where !value.isEmpty {
                if name == "brand_class" {
                    add(.brandClass, value.lowercased(), to: &row)
                } else {
                    add(.attribute, "\(name)=\(value)", to: &row)
                }
            }
        }
        append(row)
    }

    private mutating func addPath(_ path: [String], to row: inout [UInt32: Int]) {
        var name = ""
        for level in path.prefix(Self.mostLevels) {
            name += name.isEmpty ? level : " > " + level
            add(.category, name, to: &row)
        }
    }

    private mutating func add(_ kind: Kind, _ name: String, to row: inout [UInt32: Int]) {
        row[number(of: Feature(kind, String(name.prefix(Self.longestName)))), default: 0] += 1
    }

    private mutating func append(_ row: [UInt32: Int]) {
        for (feature, count) in row.sorted(by: { $0.key < $1.key }) {
            columns.append(feature)
            counts.append(UInt8(min(255, count)))
        }
        offsets.append(UInt32(columns.count))
    }

    private mutating func number(of feature: Feature) -> UInt32 {
        if let known = numbers[feature] { return known }
        let number = UInt32(features.count)
        numbers[feature] = number
        features.append(feature)
        return number
    }
}

/// The stems of titles, each title split once: in some catalogues twenty items share one.
private struct TitleWords {
    private static let mostTitles = 200_000
    private var known: [String: [String]] = [:]
    private var analyzers: [String: Analyzer] = [:]

    /// Stems of the title's words that hold a letter: sizes are attributes.
    mutating func words(of title: String, language: String) -> [String] {
        if let words = known[title] { return words }
        let analyzer = analyzers[language] ?? Analyzer(language: language)
        analyzers[language] = analyzer
        let words = analyzer.tokens(of: title, limit: ItemFeatures.mostWords)
            .filter { token in !token.word.allSatisfy { (48...57).contains($0) } }
            .map { String(decoding: $0.term, as: UTF8.self) }
        if known.count < Self.mostTitles { known[title] = words }
        return words
    }
}
