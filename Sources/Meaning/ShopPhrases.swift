internal import Domain
public import Storage
internal import TextAnalysis

/// What people may type to find something in a shop: names of items without sizes, categories of all levels, and queries of the log
/// that people asked more than once and that found something; folded as queries are, each once.
public struct ShopPhrases: Sendable {
    /// What a phrase takes part in.
    public enum Part: Sendable, Hashable { case training, validation, test }

    public static let mostLetters = 48
    private static let leastAsked = 2
    /// Of a hundred phrases, those that are looked at once at the end, and those that choose an epoch.
    private static let testShare: UInt64 = 20
    private static let validationShare: UInt64 = 8

    /// In the order of their letters.
    public let texts: [String]

    public init(_ texts: some Sequence<String>) { self.texts = Set(texts.compactMap(Self.folded)).sorted() }

    /// Reads the shop; simulated queries do not count.
    ///
    /// - Complexity: O(items + searches of the log).
    public init(reading store: any CatalogueStore & EventStore) throws {
        var texts: Set<String> = []
        var last: ItemNumber?
        while true {
            let items = try store.items(after: last, limit: 4096)
            guard let end = items.last else { break }
            last = end.number
            for stored in items where !stored.isWithdrawn {
                texts.insert(ItemText.name(of: stored.item))
                texts.formUnion(stored.item.productType)
            }
        }
        var asked: [String: Int] = [:]
        try store.forEachEvent(EventFilter(names: [.search], includesSynthetic: false)) { logged in
            guard logged.event.resultCount ?? 0 > 0, let query = Self.folded(logged.event.query ?? "") else { return }
            asked[query, default: 0] += 1
        }
        texts.formUnion(asked.lazy.filter { $0.value >= Self.leastAsked }.map(\.key))
        self.init(texts)
    }

    /// The words of a text as queries are read, with a space between; `nil` for none or too many letters.
    public static func folded(_ text: String) -> String? {
        let words = TextFolding.words(of: text).map { String(decoding: $0, as: UTF8.self) }
        let phrase = words.joined(separator: " ")
        return phrase.isEmpty || phrase.unicodeScalars.count > mostLetters ? nil : phrase
    }

    /// Which part a phrase belongs to: it depends on the phrase and the seed alone, whatever else the shop sells.
    public static func part(of phrase: String, seed: UInt64) -> Part {
        // FNV-1a (Fowler, Noll and Vo, 1991) with the last step of SplitMix64 (Steele, Lea and Flood, 2014).
        var value = phrase.utf8.reduce(0xCBF2_9CE4_8422_2325 ^ seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        switch (value ^ (value >> 31)) % 100 {
        case ..<testShare: return .test
        case ..<(testShare + validationShare): return .validation
        default: return .training
        }
    }

    /// The phrases of a part.
    public func texts(_ part: Part, seed: UInt64) -> [String] {
        texts.filter { Self.part(of: $0, seed: seed) == part }
    }
}
