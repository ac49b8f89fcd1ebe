import Domain
import Encoders
import Features
import Foundation
import Meaning
import SearchIndex
import Storage
public import VectorIndex

extension Workbench {
    /// What `buildIndex` made.
    public struct BuiltIndex: Sendable {
        public let folder: String
        public let documents: Int
    }

    /// What `buildMeaning` made.
    public struct BuiltMeaning: Sendable {
        public let texts: Int
        /// How the nearest vectors are found.
        public let method: VectorMethod
        public let measured: [VectorMeasure]
    }

    /// Which dictionaries widen the queries of a shop in English.
    public enum DictionaryChoice: Sendable {
        /// None: queries find the catalogue's own words alone.
        case none
        /// WordNet where it is installed, and a table of translations; an absent file means none.
        case installed(translations: String)
    }

    /// Where Debian's package `wordnet-base` puts WordNet.
    static let wordNetFolder = "/usr/share/wordnet"

    /// The file that `SOUK_DICTIONARIES` names, or else where `Setup/install` puts it.
    public static var defaultDictionaries: String {
        ProcessInfo.processInfo.environment["SOUK_DICTIONARIES"] ?? "var/data/dictionaries/translations.tsv"
    }

    /// Builds the index of the whole catalogue in the next folder below `index/`.
    ///
    /// Popularity is that of `ShelfPopularity`, of purchase lines; synthetic events do not count.
    ///
    /// - Parameter usesLists: Whether titles are what the import made of the supplier's wording with its list of shorthand, or
    ///   that wording itself.
    /// - Parameter dictionaries: Of no effect for shops in other languages than English.
    public func buildIndex(
        dictionaries: DictionaryChoice = .installed(translations: Workbench.defaultDictionaries),
        usesLists: Bool = true,
        progress: (Int, Int) -> Void
    ) throws -> BuiltIndex {
        let purchases = try purchaseCounts()
        let searched = SearchedFields(config.searchedFields)
        var builder = IndexBuilder(language: config.language, searched: searched)
        var translations = Dictionary(
            uniqueKeysWithValues: try store.translationLanguages().filter { !config.language.hasPrefix($0) }.map {
                ($0, IndexBuilder(language: $0, searched: searched))
            })
        let total = try store.numberLimit()
        var done = 0
        var popularity = ShelfPopularity()
        try forEachItem { item in
            let before = builder.count
            builder.add(usesLists ? item : Self.asSupplied(item), popularity: 0)
            for language in translations.keys {
                translations[language]?.add(item.translated(to: language), popularity: 0)
            }
            if builder.count > before {
                popularity.add(purchases: purchases[item.number.index], shelf: item.item.productType)
            }
            done += 1
            if done % 1000 == 0 { progress(done, total) }
        }
        builder.setPopularity(popularity.values())
        for language in translations.keys { translations[language]?.setPopularity(popularity.values()) }
        try store.forEachEvent(EventFilter(names: [.search], includesSynthetic: false)) { logged in
            if let query = logged.event.query, logged.event.resultCount ?? 0 > 0 { builder.addSearch(query) }
        }
        let target = "\(folder.indexFolder)/\(try nextVersion(in: folder.indexFolder))"
        let documents = builder.count
        var useful: [Expansions.Entry] = []
        if case .installed(let translations) = dictionaries, config.language.hasPrefix("en") {
            useful = try builder.expansions(wordNet: Self.wordNetFolder, dictionaries: translations)
        }
        try FileSystem.makeFolder(folder.indexFolder)
        try builder.write(to: target, expansions: useful, translations: translations)
        return BuiltIndex(folder: target, documents: documents)
    }

    /// The item with the supplier's wording, department, category, type and size between bars, for its title and category.
    private static func asSupplied(_ stored: StoredItem) -> StoredItem {
        var item = stored.item
        guard !item.sourceText.isEmpty else { return stored }
        let parts = item.sourceText.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        item.productType = Array(parts.prefix(3))
        item.title = parts.dropFirst(min(2, parts.count - 1)).joined(separator: " ")
        return StoredItem(number: stored.number, item: item, isWithdrawn: stored.isWithdrawn)
    }

    /// Where `Setup/install` puts the sentence encoder's weights, unless `SOUK_ENCODER` names another folder.
    public static var defaultEncoder: String {
        ProcessInfo.processInfo.environment["SOUK_ENCODER"] ?? "var/models/minilm"
    }

    /// The folders of meaning artefacts, below `models/`.
    var meaningFolder: String { "\(folder.modelsFolder)/\(MeaningIndex.kind)" }

    /// Encodes what every item means in the next folder below `models/meaning/`.
    ///
    /// - Parameter encoder: A folder with a sentence encoder's weights, vocabulary and `config.json`.
    /// - Parameter allowsWorse: Whether one is taken that `check` refuses.
    /// - Parameter nearest: How the nearest vectors are found; `nil` chooses by recall and time.
    /// - Throws: `unusable` or `worse`, see `check`.
    public func buildMeaning(
        encoder: String, allowsWorse: Bool = false, nearest: VectorMethod? = nil, note: (String) -> Void = { _ in },
        progress: @Sendable (Int, Int) -> Void
    ) throws -> BuiltMeaning {
        try check(encoder, for: .meaning, allowsWorse: allowsWorse, note: note)
        var builder = try MeaningBuilder(weights: encoder)
        try forEachItem { builder.add($0) }
        try FileSystem.makeFolder(meaningFolder)
        let (method, measured) = try builder.write(
            to: "\(meaningFolder)/\(try nextVersion(in: meaningFolder))",
            record: try NetworkMeasure.record(of: encoder), nearest: nearest, progress: progress)
        return BuiltMeaning(texts: builder.textCount, method: method, measured: measured)
    }

    /// The folders of cross-encoders, below `models/`.
    var rerankerFolder: String { "\(folder.modelsFolder)/\(CrossEncoder.kind)" }

    /// Takes what `souk-train cross-encoder` wrote into the shop, with 8-bit weights, for calls that ask to be re-ranked.
    ///
    /// - Parameter allowsWorse: Whether one is taken that `check` refuses.
    /// - Throws: `unusable` or `worse`, see `check`; `StorageError` for another folder or a changed one.
    public func takeReranker(_ source: String, allowsWorse: Bool, note: (String) -> Void = { _ in }) throws {
        try check(source, for: .reranking, allowsWorse: allowsWorse, note: note)
        let artefact = try Artefact.open(
            folder: source, kind: CrossEncoder.kind, formatVersion: CrossEncoder.format, verify: .checksums)
        let manifest = artefact.manifest
        try FileSystem.makeFolder(rerankerFolder)
        var writer = try ArtefactWriter(
            folder: "\(rerankerFolder)/\(try nextVersion(in: rerankerFolder))", kind: CrossEncoder.kind,
            formatVersion: CrossEncoder.format, creator: "souk index", seed: manifest.seed)
        for (name, bytes) in try SentenceEncoder.quantised(folder: source) { try writer.add(name, bytes) }
        for (name, bytes) in try NetworkMeasure.record(of: source).files { try writer.add(name, bytes) }
        try writer.add("card.md", try artefact.read("card.md"))
        _ = try writer.finish(metrics: manifest.metrics, inputs: manifest.inputs)
    }

    /// The newest meaning artefact; `nil` if the shop has none.
    func newestMeaning() throws -> MeaningIndex? {
        try versions(in: meaningFolder).last.map { try MeaningIndex(folder: "\(meaningFolder)/\($0)") }
    }

    private func purchaseCounts() throws -> [Int] {
        var counts = [Int](repeating: 0, count: try store.numberLimit())
        let filter = EventFilter(names: [.purchase], includesSynthetic: false)
        try store.forEachInteraction(filter) { row in
            if row.item.index < counts.count { counts[row.item.index] += 1 }
        }
        return counts
    }

    /// The logarithm of each item's number of purchase lines, scaled to `0...1`; synthetic events do not count.
    func purchasePopularity() throws -> [Float] {
        let counts = try purchaseCounts()
        let most = log(1 + Double(counts.max() ?? 0))
        return counts.map { most > 0 ? Float(log(1 + Double($0)) / most) : 0 }
    }
}
