import TextAnalysis

/// Finds goods of the catalogue for nouns that it does not hold, by what dictionaries say of both.
///
/// The measure is an extended Lesk one (Banerjee and Pedersen, 2003): a sense is the bag of the words of its synonyms and its
/// definition and, at less weight, of those of related senses; two senses are as near as the cosine of their bags.
struct GlossNeighbours {
    /// Goods and animals.
    private static let things = WordNetDatabase.goods.union([5])
    private static let longest = 2
    private static let sensesOfWord = 2
    /// Words in more than this share of definitions tell nothing.
    private static let commonShare = 0.03
    private static let leastSimilarity: Float = 0.4
    /// What a mention in the definition of a good must be worth, and what a word weighs that one leads from.
    private static let leastMention: Float = 1.3
    private static let mentionWeight: Float = 0.3
    private static let most = 2

    private struct Target {
        let word: ArraySlice<UInt8>
        let sense: Int
        let share: Float
    }

    private let wordNet: WordNet
    private let stemmer = Stemmer(language: "en")
    private var numbers: [[UInt8]: Int32] = [:]
    /// Of each sense: the numbers of its words.
    private var words: [[Int32]] = []
    private var information: [Float] = []
    private var targets: [Target] = []
    /// By word: targets that have it, with its share of their length.
    private var postings: [[(target: Int32, share: Float)]] = []
    /// By word: targets whose definition, or that of a kind of them, mentions it, with how much.
    private var mentions: [[(target: Int32, share: Float)]] = []

    /// - Parameter isLabel: Whether a category or type of the catalogue is named so, or in part.
    init(_ wordNet: WordNet, isLabel: (ArraySlice<UInt8>) -> Bool) {
        self.wordNet = wordNet
        readGlosses()
        addTargets(isLabel)
        addMentions()
    }

    private mutating func readGlosses() {
        var documents: [Int] = []
        var cache: [ArraySlice<UInt8>: Int32] = [:]
        for synset in wordNet.database.synsets {
            var found: Set<Int32> = []
            func take(_ word: ArraySlice<UInt8>) {
                if let known = cache[word] {
                    found.insert(known)
                    return
                }
                let stem = stemmer.stem(Array(word))
                let number = numbers[stem] ?? Int32(numbers.count)
                numbers[stem] = number
                cache[word] = number
                found.insert(number)
            }
            for word in synset.words { GlossWords.forEach(word) { part, _ in take(part) } }
            let end = synset.gloss.firstIndex(of: UInt8(ascii: "\"")) ?? synset.gloss.endIndex
            GlossWords.forEach(synset.gloss[..<end]) { part, _ in take(part) }
            words.append(found.sorted())
            documents += repeatElement(0, count: max(0, numbers.count - documents.count))
            for number in found { documents[Int(number)] += 1 }
        }
        let all = Double(max(1, wordNet.database.synsets.count))
        information = documents.map { count in
            Double(count) > Self.commonShare * all ? 0 : Float(naturalLogarithm(all / Double(1 + count)))
        }
    }

    private mutating func addTargets(_ isLabel: (ArraySlice<UInt8>) -> Bool) {
        let database = wordNet.database
        postings = Array(repeating: [], count: numbers.count)
        var scratch = Bag(count: numbers.count)
        for lemma in database.senses.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard lemma.count >= 3, lemma.count(where: { $0 == 32 }) < Self.longest, isLabel(lemma) else { continue }
            for sense in nouns(lemma).prefix(Self.sensesOfWord)
            where
                WordNetDatabase.goods.contains(database.synsets[sense].sort)
            {
                fill(&scratch, sense)
                let length = scratch.length
                guard length > 0 else { continue }
                for number in scratch.touched {
                    postings[Int(number)].append((Int32(targets.count), scratch.values[Int(number)] / length))
                }
                targets.append(Target(word: lemma, sense: sense, share: wordNet.share(of: sense, in: lemma)))
            }
        }
    }

    private func nouns(_ lemma: ArraySlice<UInt8>) -> [Int] {
        (wordNet.database.senses[lemma] ?? []).filter { wordNet.database.synsets[$0].partOfSpeech == .noun }
    }

    /// For nouns that `isStrange`, the nearest goods: weights are similarities.
    ///
    /// Complexity: O(senses · words of a bag · targets of a word).
    func entries(for isStrange: (ArraySlice<UInt8>) -> Bool) -> [Expansions.Entry] {
        guard !targets.isEmpty else { return [] }
        let database = wordNet.database
        var entries: [Expansions.Entry] = []
        var scratch = Bag(count: numbers.count)
        var scores = [Float](repeating: 0, count: targets.count)
        for lemma in wordNet.database.senses.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard lemma.count >= 3, lemma.count(where: { $0 == 32 }) < Self.longest, isStrange(lemma) else { continue }
            var best: [ArraySlice<UInt8>: Float] = [:]
            for (rank, sense) in nouns(lemma).prefix(Self.sensesOfWord).enumerated()
            where Self.things.contains(database.synsets[sense].sort) {
                fill(&scratch, sense)
                let length = scratch.length
                guard length > 0 else { continue }
                var touched: [Int32] = []
                for number in scratch.touched {
                    let value = scratch.values[Int(number)] / length
                    for (target, share) in postings[Int(number)] {
                        if scores[Int(target)] == 0 { touched.append(target) }
                        scores[Int(target)] += value * share
                    }
                }
                for target in touched {
                    let found = targets[Int(target)]
                    let score = scores[Int(target)] * found.share * (rank == 0 ? 1 : 0.8)
                    if score > best[found.word] ?? Self.leastSimilarity { best[found.word] = score }
                    scores[Int(target)] = 0
                }
            }
            if best.isEmpty { best = remedies(lemma) }
            let sorted = best.sorted {
                $0.value == $1.value ? $0.key.lexicographicallyPrecedes($1.key) : $0.value > $1.value
            }
            for (word, similarity) in sorted.prefix(Self.most) where similarity >= 0.6 * (sorted.first?.value ?? 0) {
                entries.append(
                    Expansions.Entry(
                        kind: .synonym, headword: String(decoding: lemma, as: UTF8.self),
                        expansion: String(decoding: word, as: UTF8.self), weight: min(0.55, similarity)))
            }
        }
        return entries
    }

    private mutating func addMentions() {
        mentions = Array(repeating: [], count: numbers.count)
        let database = wordNet.database
        for (place, target) in targets.enumerated() {
            let own = words[target.sense].filter { information[Int($0)] > 0 }
            var found: [Int32: Float] = [:]
            for word in own { found[word] = 1 / Float(3 + own.count).squareRoot() }
            let kinds = database.synsets[target.sense].pointers.filter { $0.relation == .hasKind }
            for kind in kinds {
                for word in words[kind.target] { found[word, default: 0] += 0.4 / Float(3 + kinds.count).squareRoot() }
            }
            for word in found.keys.sorted() { mentions[Int(word)].append((Int32(place), found[word] ?? 0)) }
        }
    }

    /// Goods for a state, an animal or a part of the body: those whose definitions mention it, or what it is a kind of.
    private func remedies(_ lemma: ArraySlice<UInt8>) -> [ArraySlice<UInt8>: Float] {
        let database = wordNet.database
        var asked: [Int32: Float] = [:]
        func ask(_ sense: Int, _ weight: Float) {
            for word in database.synsets[sense].words where !word.contains(32) {
                guard let number = numbers[stemmer.stem(Array(word))] else { continue }
                asked[number] = max(asked[number] ?? 0, weight)
            }
        }
        let senses = nouns(lemma).prefix(Self.sensesOfWord)
        for (rank, sense) in senses.enumerated() where WordNetDatabase.purposes.contains(database.synsets[sense].sort) {
            let weight: Float = rank == 0 ? 1 : 0.7
            ask(sense, weight)
            for kind in kinds(of: sense) {
                ask(kind, weight * 0.7)
                for wider in kinds(of: kind) { ask(wider, weight * 0.5) }
            }
        }
        var scores: [ArraySlice<UInt8>: Float] = [:]
        for number in asked.keys.sorted() {
            for (target, share) in mentions[Int(number)] {
                let found = targets[Int(target)]
                scores[found.word, default: 0] += (asked[number] ?? 0) * share * information[Int(number)] * found.share
            }
        }
        let highest = scores.values.max() ?? 0
        guard highest >= Self.leastMention else { return [:] }
        return scores.mapValues { $0 / highest * Self.mentionWeight }
    }

    private func kinds(of sense: Int) -> [Int] {
        wordNet.database.synsets[sense].pointers.filter {
            $0.relation == .kindOf && WordNetDatabase.purposes.contains(wordNet.database.synsets[$0.target].sort)
        }.map(\.target)
    }

    /// Fills a bag with the words of a sense and of those that it is related to.
    private func fill(_ bag: inout Bag, _ sense: Int) {
        bag.clear()
        for number in words[sense] { bag.raise(number, to: information[Int(number)]) }
        for pointer in wordNet.database.synsets[sense].pointers.prefix(40) {
            let factor: Float = pointer.relation == .kindOf ? 0.6 : 0.4
            for number in words[pointer.target] { bag.raise(number, to: factor * information[Int(number)]) }
        }
    }

    /// Values by number, with a list of those that are not zero.
    private struct Bag {
        var values: [Float]
        var touched: [Int32] = []

        init(count: Int) { values = Array(repeating: 0, count: count) }

        var length: Float { touched.reduce(Float(0)) { $0 + values[Int($1)] * values[Int($1)] }.squareRoot() }

        mutating func raise(_ number: Int32, to value: Float) {
            guard value > values[Int(number)] else { return }
            if values[Int(number)] == 0 { touched.append(number) }
            values[Int(number)] = value
        }

        mutating func clear() {
            for number in touched { values[Int(number)] = 0 }
            touched.removeAll(keepingCapacity: true)
        }
    }
}
