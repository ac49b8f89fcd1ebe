import Storage
import TextAnalysis

/// Makes words of like meaning, and the words that say nothing, out of WordNet.
///
/// A reading weighs by how usual the sense is of the word that is typed and of the word that it leads to: of the names of
/// one thing, `prophylactic` means hardly anything else, and `safety` mostly other things.
struct WordNet {
    /// Of the senses of a word that is typed; later ones are rarer and left out.
    private static let senseWeights: [Float] = [0.6, 0.4, 0.25]
    private static let kindShare: Float = 0.5
    private static let derivedShare: Float = 0.8
    /// Goods and animals: a kind of anything else says nothing of a product.
    private static let kinds = WordNetDatabase.goods.union([5])
    private static let longest = 3
    /// How many senses as an adjective stand against one as a noun, before a word counts as an adjective.
    private static let adjectiveShare = 3
    /// A word of which so many definitions make use, and which is no noun, verb, adjective or adverb, says nothing alone.
    private static let glossesOfFunctionWord = 60
    /// Very short ones may have other meanings, which are rarer than this.
    private static let glossesOfShortWord = 2_000

    let database: WordNetDatabase
    private let stemmer = Stemmer(language: "en")

    init(folder: String) throws(StorageError) { database = try WordNetDatabase(folder: folder) }

    /// The known ones among the words of like meaning of every word or short phrase: its synonyms, what it is a kind of, and
    /// words that are derived from it or that it is derived from.
    ///
    /// Complexity: O(senses · words of a set of synonyms).
    /// - Parameter isName: Whether a category or type of the catalogue has exactly this name: what a word is a kind of counts as
    ///   much as another name for it then, as `soft drink` for `soda`.
    func synonyms(known: inout KnownWords, isName: (ArraySlice<UInt8>) -> Bool) -> [Expansions.Entry] {
        var entries: [Expansions.Entry] = []
        for lemma in database.senses.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard lemma.count(where: { $0 == 32 }) < Self.longest else { continue }
            let found = readings(of: lemma, &known, isName)
            guard !found.isEmpty else { continue }
            for (word, weight) in found.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
                entries.append(
                    Expansions.Entry(
                        kind: .synonym, headword: String(decoding: lemma, as: UTF8.self),
                        expansion: String(decoding: word, as: UTF8.self), weight: weight))
            }
            addLemma(lemma, stemmer.stems(of: Array(lemma)), &entries)
        }
        for (form, lemma) in database.irregular { addLemma(lemma, stemmer.stems(of: Array(form)), &entries) }
        return entries
    }

    /// Files a word under its stem too, for its plural.
    private func addLemma(_ lemma: ArraySlice<UInt8>, _ stem: [UInt8], _ entries: inout [Expansions.Entry]) {
        guard !stem.elementsEqual(lemma) else { return }
        entries.append(
            Expansions.Entry(
                kind: .lemma, folded: Array("en:".utf8) + stem,
                expansion: String(decoding: lemma, as: UTF8.self), weight: 0, language: "en"))
    }

    private func readings(
        of lemma: ArraySlice<UInt8>, _ known: inout KnownWords, _ isName: (ArraySlice<UInt8>) -> Bool
    ) -> [ArraySlice<UInt8>: Float] {
        var found: [ArraySlice<UInt8>: Float] = [:]
        func add(_ word: ArraySlice<UInt8>, _ weight: Float) {
            guard word != lemma, word.count(where: { $0 == 32 }) < Self.longest, weight > found[word] ?? 0.05,
                known.answer(word) == .known
            else { return }
            found[word] = weight
        }
        var ranks: [WordNetDatabase.PartOfSpeech: Int] = [:]
        for sense in database.senses[lemma] ?? [] {
            let synset = database.synsets[sense]
            let rank = ranks[synset.partOfSpeech, default: 0]
            ranks[synset.partOfSpeech] = rank + 1
            guard rank < Self.senseWeights.count else { continue }
            let weight = Self.senseWeights[rank]
            let isNominal = synset.partOfSpeech == .noun || synset.partOfSpeech == .adjective
            if isNominal { for word in synset.words { add(word, weight * share(of: sense, in: word)) } }
            for pointer in synset.pointers {
                let target = database.synsets[pointer.target]
                switch pointer.relation {
                case .kindOf where rank < 2 && Self.kinds.contains(target.sort):
                    for word in target.words {
                        let kind = isName(word) ? 1 : Self.kindShare
                        add(word, weight * kind * share(of: pointer.target, in: word))
                    }
                case .derived, .pertains:
                    guard target.partOfSpeech != .verb, pointer.targetWord > 0, pointer.targetWord <= target.words.count
                    else { continue }
                    let word = target.words[pointer.targetWord - 1]
                    guard word.starts(with: lemma.prefix(4)), !sharesStem(word, lemma) else { continue }
                    add(word, weight * Self.derivedShare * share(of: pointer.target, in: word))
                default: continue
                }
            }
        }
        return found
    }

    private func sharesStem(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        stemmer.stems(of: Array(left)) == stemmer.stems(of: Array(right))
    }

    /// How likely a word means a sense of it, by the sense's place among those of its part of speech.
    func share(of sense: Int, in word: ArraySlice<UInt8>) -> Float {
        let part = database.synsets[sense].partOfSpeech
        let own = (database.senses[word] ?? []).filter { database.synsets[$0].partOfSpeech == part }
        let rank = own.firstIndex(of: sense) ?? 0
        return max(0.3, 1 - 0.15 * Float(rank))
    }

    /// The stems of all single words.
    func wordForms() -> Set<[UInt8]> {
        var stems: Set<[UInt8]> = []
        for lemma in database.senses.keys where !lemma.contains(32) { stems.insert(stemmer.stem(Array(lemma))) }
        for (form, _) in database.irregular where !form.contains(32) { stems.insert(stemmer.stem(Array(form))) }
        return stems
    }

    /// Single words that the catalogue does not hold, so that one that another language has too is not taken for that.
    func ownWords(unknownTo known: inout KnownWords, in headwords: Set<[UInt8]>) -> [Expansions.Entry] {
        var entries: [Expansions.Entry] = []
        for lemma in database.senses.keys where headwords.contains(Array(lemma)) && known.answer(lemma) == .unknown {
            entries.append(
                Expansions.Entry(kind: .own, folded: Array(lemma), expansion: "-", weight: 1, language: "en"))
        }
        return entries
    }

    /// Known single words with so many more senses as an adjective than as a noun that they describe wherever they stand.
    func adjectives(known: inout KnownWords) -> [Expansions.Entry] {
        var entries: [Expansions.Entry] = []
        for (lemma, senses) in database.senses where !lemma.contains(32) {
            var counts: [WordNetDatabase.PartOfSpeech: Int] = [:]
            for sense in senses { counts[database.synsets[sense].partOfSpeech, default: 0] += 1 }
            guard let describing = counts[.adjective], describing >= Self.adjectiveShare * (counts[.noun] ?? 0),
                known.answer(lemma) == .known
            else { continue }
            entries.append(
                Expansions.Entry(kind: .adjective, folded: Array(lemma), expansion: "-", weight: 1, language: "en"))
        }
        return entries
    }

    /// Words that say nothing alone, such as `for`, learned from how definitions are written: weight 1 for those that part
    /// what is looked for from how it is described, less for those that definitions begin with, such as `the`.
    func functionWords() -> [Expansions.Entry] {
        let stems = wordForms()
        var uses: [ArraySlice<UInt8>: (glosses: Int, starts: Int)] = [:]
        for synset in database.synsets {
            var seen: Set<ArraySlice<UInt8>> = []
            GlossWords.forEach(synset.gloss) { word, isFirst in
                if isFirst { uses[word, default: (0, 0)].starts += 1 }
                if seen.insert(word).inserted { uses[word, default: (0, 0)].glosses += 1 }
            }
        }
        return uses.compactMap { word, use in
            guard use.glosses >= Self.glossesOfFunctionWord, word.count <= 9 else { return nil }
            let isShort = word.count <= 2 && use.glosses >= Self.glossesOfShortWord
            guard isShort || !stems.contains(stemmer.stem(Array(word))) && !database.holds(word) else {
                return nil
            }
            let parts = Double(use.starts) < 0.05 * Double(use.glosses)
            return Expansions.Entry(
                kind: .function, folded: Array(word), expansion: "-", weight: parts ? 1 : 0.5, language: "en")
        }
    }
}

/// The words of a definition: runs of ASCII letters, lower case.
enum GlossWords {
    static func forEach(_ gloss: ArraySlice<UInt8>, _ body: (_ word: ArraySlice<UInt8>, _ isFirst: Bool) -> Void) {
        let folded = gloss.map { (65...90).contains($0) ? $0 | 32 : $0 }[...]
        var start: Int?
        var isFirst = true
        for place in folded.startIndex...folded.endIndex {
            let isLetter = place < folded.endIndex && (97...122).contains(folded[place])
            if isLetter {
                if start == nil { start = place }
            } else if let first = start {
                body(folded[first..<place], isFirst)
                (start, isFirst) = (nil, false)
            }
        }
    }
}
