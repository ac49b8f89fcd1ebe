public import Domain
public import Storage
import TextAnalysis

/// Builds the index of a catalogue as an artefact.
public struct IndexBuilder {
    private var builder: SegmentBuilder

    /// - Parameter searched: The fields whose words are searched.
    public init(language: String = "en", searched: SearchedFields = .all) {
        builder = SegmentBuilder(analyzer: Analyzer(language: language), searched: searched)
    }

    /// How many documents were added.
    public var count: Int { builder.count }

    /// Whether an item can be found at all.
    public static func isVisible(_ stored: StoredItem) -> Bool { !stored.isWithdrawn && !stored.item.isExcluded }

    /// Adds an item unless it is withdrawn or excluded.
    ///
    /// - Parameter popularity: In `0...1`: what breaks ties among like items.
    public mutating func add(_ stored: StoredItem, popularity: Float) {
        guard Self.isVisible(stored) else { return }
        builder.add(stored, popularity: min(1, max(0, popularity.isFinite ? popularity : 0)))
    }

    /// Adds all items that are neither withdrawn nor excluded, with no popularity: the fastest way for items in memory.
    public mutating func add(contentsOf items: [StoredItem]) {
        builder.add(contentsOf: items.allSatisfy(Self.isVisible) ? items : items.filter(Self.isVisible))
    }

    /// Counts a search that found something, after all items were added: what shoppers look for is likelier to be meant by a
    /// slip or a beginning.
    public mutating func addSearch(_ text: String) { builder.addSearch(text) }

    /// Replaces the popularity of all documents, in the order in which they were added; each in `0...1`.
    public mutating func setPopularity(_ values: [Float]) {
        builder.setPopularity(values.map { min(1, max(0, $0.isFinite ? $0 : 0)) })
    }

    /// The bytes of the segment; the builder is used up.
    mutating func finish() -> [UInt8] { builder.finish() }

    /// Writes the artefact; it is complete or absent.
    ///
    /// - Parameter translations: The same documents in further languages, by primary tag.
    public consuming func write(
        to folder: String, expansions: [Expansions.Entry], translations: [String: IndexBuilder] = [:]
    ) throws(StorageError) {
        let documents = builder.count
        var writer = try ArtefactWriter(
            folder: folder, kind: SearchEngine.kind, formatVersion: SearchEngine.formatVersion, creator: "souk index",
            seed: nil)
        try writer.add(SearchEngine.segmentName, builder.finish())
        try writer.add(Expansions.fileName, Expansions.encode(expansions))
        for (language, var translation) in translations.sorted(by: { $0.key < $1.key }) {
            try writer.add(SearchEngine.segmentName(of: language), translation.finish())
        }
        _ = try writer.finish(metrics: ["documents": Double(documents)], inputs: [:])
    }
}

extension IndexBuilder {
    /// Words of like meaning and translations that the catalogue can answer, from WordNet's files and a table of dictionaries,
    /// and shorthand that is learned from the names of the catalogue's categories.
    ///
    /// - Parameter wordNet: A folder with WordNet's files; absent files give nothing.
    /// - Parameter dictionaries: What `Setup/export_dictionaries.py` writes; an absent file gives nothing.
    /// - Complexity: O(bytes of the files).
    public mutating func expansions(wordNet folder: String, dictionaries: String) throws(StorageError)
        -> [Expansions.Entry]
    {
        var known = builder.knownWords()
        let wordNet = try WordNet(folder: folder)
        var entries = wordNet.synonyms(known: &known) { builder.labels.isName(stems($0)) }
        entries += wordNet.functionWords()
        entries += wordNet.adjectives(known: &known)
        entries += learned(wordNet, beside: entries, &known)
        let translations = try Dictionaries.entries(path: dictionaries, known: &known)
        let headwords = Set(translations.lazy.filter { $0.kind == .translation }.map(\.headword))
        entries += wordNet.ownWords(unknownTo: &known, in: headwords)
        return entries + translations
    }

    private func stems(_ text: ArraySlice<UInt8>) -> [[UInt8]] {
        text.split(separator: 32).map { builder.analyzer.token(Array($0)).term }
    }

    private func learned(_ wordNet: WordNet, beside entries: [Expansions.Entry], _ known: inout KnownWords)
        -> [Expansions.Entry]
    {
        guard !wordNet.database.synsets.isEmpty else { return [] }
        let labels = builder.labels
        let analyzer = builder.analyzer
        let explained = Set(entries.lazy.filter { $0.kind == .synonym && $0.weight >= 0.3 }.map(\.headword))
        let neighbours = GlossNeighbours(wordNet) { labels.count(stems($0)) > 0 }
        let near = neighbours.entries { lemma in
            !explained.contains(Array(lemma)) && known.answer(lemma) == .unknown
        }
        let forms = wordNet.wordForms()
        let shorthand = ShorthandLearner(labels) { forms.contains(analyzer.token($0).term) }
        return near + shorthand.entries()
    }
}
