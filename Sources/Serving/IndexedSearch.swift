import Domain
import JSON
import Meaning
import Recommenders
import SearchIndex
import Storage

/// The published index behind the use cases' face.
struct IndexedSearch: SearchBackend {
    private let engine: SearchEngine
    /// The same items in further languages, by primary tag.
    private let translations: [String: SearchEngine]
    private let language: String
    private let store: SQLiteStore
    /// What items mean; `nil` if the generation has no vectors.
    var meaning: MeaningIndex?
    /// How words and meaning become one score.
    var fusion = Fusion.additive()
    /// The same by weights that were learned; `nil` if the generation has none.
    var learnedFusion: Fusion?
    /// What puts the first items in order where a call asks for it; `nil` if the generation has no such network.
    var reranker: PairReranker?
    var likeness: (any ItemLikeness)? { meaning.map { TextLikeness(index: $0) } }
    /// Encodes changed items without making the writer wait.
    private let encoding = MeaningUpdates()
    let byteCount: Int
    private let popularQueries: @Sendable (_ prefix: String, _ limit: Int) -> [(text: String, count: Int)]

    init(
        folder: String, language: String, store: SQLiteStore,
        popularQueries: @escaping @Sendable (_ prefix: String, _ limit: Int) -> [(text: String, count: Int)] = { _, _ in
            []
        }
    ) throws {
        (engine, translations) = try SearchEngine.open(folder: folder, language: language)
        self.language = String(language.prefix { $0 != "-" }).lowercased()
        byteCount = try FileSystem.names(in: folder).reduce(0) { try $0 + FileSystem.size(of: folder + "/" + $1) }
        (self.store, self.popularQueries) = (store, popularQueries)
    }

    var documentCount: Int { engine.snapshot().documentCount }
    var segmentCount: Int { engine.snapshot().segmentCount }
    var languages: [String] { [language] + translations.keys.sorted() }

    /// Searches the texts of the shopper's language; if nothing there matches, those of the other languages.
    func search(_ call: SearchCall, offers: OfferColumns) throws -> SearchHits {
        let wanted = call.language.flatMap { translations[$0] == nil ? nil : $0 }
        let hits = try search(call, in: wanted, offers)
        guard hits.total == 0, !translations.isEmpty, !call.query.isEmpty, call.correctsTypos else { return hits }
        for other in [nil] + translations.keys.sorted() where other != wanted {
            var found = try search(call, in: other, offers)
            guard found.total > 0 else { continue }
            found.applied.append(
                .object([
                    .init("step", .string("language")), .init("from", .string(wanted ?? language)),
                    .init("to", .string(other ?? language)),
                ]))
            return found
        }
        return hits
    }

    /// - Parameter translation: One of `translations`, or `nil` for the shop's own language.
    private func search(_ call: SearchCall, in translation: String?, _ offers: OfferColumns) throws -> SearchHits {
        let engine = engine(translation)
        var snapshot = engine.snapshot().hiding(call.hidden)
        if let only = call.only { snapshot = snapshot.showing(only: only) }
        var request = Self.request(call)
        let reranking = translation == nil ? reranking(call) : nil
        if let reranking { (request.offset, request.limit) = (0, max(reranking.depth, call.offset + call.limit)) }
        var stages = Stages()
        var prepared = try snapshot.prepare(request, decimals: offers.currency.decimals)
        stages.end("plan")
        prepared.fusion = fusion(for: call)
        // An unfinished word means nothing yet.
        let usesMeaning = call.usesMeaning && !call.isPrefix && translation == nil
        if let meaning, usesMeaning { prepared.addNeighbours(from: meaning) }
        stages.end("meaning")
        let response = prepared.run(offers: offers, widenedBy: usesMeaning ? meaning : nil)
        stages.end("matching")
        var (found, gains) = (response.hits, [ItemNumber: Double]())
        if let reranking {
            let ordered = try reranking.reranker.reranked(
                prepared.meaning, found, depth: reranking.depth, reading: store)
            let page = ordered.dropFirst(call.offset).prefix(call.limit)
            found = page.map(\.hit)
            gains = Dictionary(page.map { ($0.hit.number, $0.gain) }) { first, _ in first }
            stages.end("cross_encoder")
        }
        var hits = SearchHits()
        if !call.query.isEmpty {
            let highlighter = prepared.highlighter
            hits.highlight = { highlighter.highlight($0) }
        }
        hits.total = response.total
        hits.applied = response.applied.map(Self.step)
        hits.understood = response.understanding.parts.map { Self.part($0, offers.currency) }
        hits.facets = request.facets.map { field in
            SearchHits.Facet(
                field: field,
                values: (response.facets[field] ?? []).map {
                    SearchHits.FacetValue(value: $0.value, count: $0.count, isSelected: $0.isSelected)
                })
        }
        if let range = response.priceRange {
            hits.lowestPrice = Money(minorUnits: range.lowerBound, currency: offers.currency)
            hits.highestPrice = Money(minorUnits: range.upperBound, currency: offers.currency)
        }
        for found in found {
            var hit = SearchHits.Hit(number: found.number, score: found.score)
            (hit.variants, hit.groupCount) = (found.variants, found.groupCount)
            if call.explains, let item = try store.item(found.number) {
                hit.explanation = prepared.explain(item.translated(to: translation), offers: offers, in: response)
                    .map { Self.tree($0.adding("cross_encoder", gains[found.number])) }
            }
            hits.hits.append(hit)
        }
        if call.explains {
            stages.end("explanations")
            hits.analysis = Self.analysis(prepared.analysis, matches: response.total, stages)
        }
        return hits
    }

    /// How a call joins words and meaning: the shop's way where it names none, or weights that were never learned.
    private func fusion(for call: SearchCall) -> Fusion {
        switch call.fusion {
        case .fixed(let fusion): fusion
        case .learned: learnedFusion ?? fusion
        case nil: fusion
        }
    }

    /// What puts a call's page in order; `nil` where nothing does, or where the page lies behind what it reads.
    private func reranking(_ call: SearchCall) -> (reranker: PairReranker, depth: Int)? {
        guard let reranker, call.sort == .relevance, !call.isPrefix, !call.query.isEmpty, call.limit > 0,
            call.offset < call.rerankDepth
        else { return nil }
        return (reranker, call.rerankDepth)
    }

    func highlighter(for call: SearchCall) -> (@Sendable (String) -> String)? {
        guard !call.query.isEmpty else { return nil }
        let highlighter = engine(call.language).snapshot().highlighter(for: Self.request(call))
        return { highlighter.highlight($0) }
    }

    private func engine(_ language: String?) -> SearchEngine { language.flatMap { translations[$0] } ?? engine }

    func suggest(
        _ prefix: String, limit: Int, language: String?, offers: OfferColumns
    ) throws -> SuggestionHits {
        let snapshot = engine(language).snapshot()
        var request = SearchRequest(query: prefix)
        (request.limit, request.isPrefix, request.countsMatches) = (limit, true, false)
        var hits = SuggestionHits()
        hits.queries = popularQueries(prefix, limit)
        hits.categories = snapshot.suggestCategories(prefix, limit: limit).map { ($0.path, $0.count) }
        hits.items = try snapshot.search(request, offers: offers).hits.map(\.number)
        return hits
    }

    func passing(_ call: SearchCall, offers: OfferColumns) throws -> [ItemNumber]? {
        var request = Self.request(call)
        request.query = ""
        return try engine(nil).snapshot().prepare(request, decimals: offers.currency.decimals)
            .filteredItems(offers: offers)
    }

    func update(_ items: [StoredItem]) throws {
        try engine.apply(items)
        for (language, engine) in translations { try engine.apply(items.map { $0.translated(to: language) }) }
        if let meaning { encoding.add(items) { meaning.update($0) } }
    }

    func categories() throws -> [(path: [String], count: Int)] {
        engine.snapshot().categories(levels: 2).map { ($0.path, $0.count) }
    }

    private static func request(_ call: SearchCall) -> SearchRequest {
        var request = SearchRequest(query: call.query)
        (request.offset, request.limit) = (call.offset, call.limit)
        switch call.sort {
        case .relevance: request.sort = .relevance
        case .priceAscending: request.sort = .priceAscending
        case .priceDescending: request.sort = .priceDescending
        case .popularity: request.sort = .popularity
        case .title: request.sort = .title
        case .rating: request.sort = .rating
        case .nearest: request.sort = .nearest
        }
        switch call.matching {
        case .relaxed: request.matching = .relaxed
        case .all: request.matching = .all
        case .any: request.matching = .any
        }
        (request.ranges, request.near, request.radiusMetres) = (call.ranges, call.near, call.radiusMetres)
        (request.groupsVariants, request.facetQuery) = (call.groupsVariants, call.facetQuery)
        request.facetLimit = call.facetLimit
        for filter in call.filters { request.filters[filter.field, default: []].formUnion(filter.values) }
        request.synonyms = call.wordings.map {
            SearchRequest.Synonym(from: $0.phrase, to: $0.others, isExact: $0.isExact)
        }
        request.weights = call.weights.map { weight in
            var score = ScoreWeight(label: weight.label, factor: weight.factor)
            (score.items, score.prices) = (weight.items, weight.prices)
            if let filter = weight.filter { (score.field, score.values) = (filter.field, Set(filter.values)) }
            return score
        }
        request.stars = call.stars
        request.minimumPrice = call.minimumPrice?.minorUnits
        request.maximumPrice = call.maximumPrice?.minorUnits
        request.onlyInStock = call.isInStockOnly
        request.facets = call.facets.filter { $0 != "price" }
        request.isPrefix = call.isPrefix
        request.correctsTypos = call.correctsTypos
        request.understands = call.correctsTypos
        (request.language, request.ignored) = (call.language, call.ignored)
        return request
    }

    private static func step(_ step: RelaxationStep) -> JSONValue {
        var members = [JSONValue.Member("step", .string(step.name))]
        switch step {
        case .typo(let from, let to), .didYouMean(let from, let to), .synonyms(let from, let to),
            .translation(let from, let to), .transliteration(let from, let to):
            members += [.init("from", .string(from)), .init("to", .string(to.joined(separator: ", ")))]
        case .split(let from, let to): members += [.init("from", .string(from)), .init("to", .string(to))]
        case .meaning: break
        case .phrase(let texts): members.append(.init("from", .string(texts.joined(separator: ", "))))
        case .optionalTerms(let missing): members.append(.init("dropped", .array(missing.map { .string($0) })))
        }
        return .object(members)
    }

    private static func part(_ part: QueryUnderstanding.Part, _ currency: Currency) -> JSONValue {
        func amount(_ value: Int64?) -> JSONValue {
            value.map { .string(Money(minorUnits: $0, currency: currency).decimalText) } ?? .null
        }
        var members: [JSONValue.Member] = [
            .init("id", .string(part.id)), .init("kind", .string(part.kind)), .init("text", .string(part.text)),
        ]
        switch part.meaning {
        case .price(let lowest, let highest): members += [.init("min", amount(lowest)), .init("max", amount(highest))]
        case .size(let wordings), .without(_, let wordings):
            members.append(.init("wordings", .array(wordings.map { .string($0) })))
        case .value(let field, let value):
            members += [.init("field", .string(field)), .init("value", .string(value))]
        case .order(let sort): members.append(.init("sort", .string(sort.rawValue)))
        }
        return .object(members)
    }

    private static func analysis(_ analysis: QueryAnalysis, matches: Int, _ stages: Stages) -> JSONValue {
        func integer(_ value: Int) -> JSONValue { .integer(Int64(value)) }
        let words = analysis.words.map { word in
            JSONValue.object([
                .init("text", .string(word.text)), .init("head", .bool(word.isHead)),
                .init("information", .number(word.information)), .init("readings_in_all", integer(word.readingCount)),
                .init(
                    "readings",
                    .array(
                        word.readings.map { reading in
                            .object([
                                .init("text", .string(reading.text)), .init("kind", .string(reading.kind)),
                                .init("weight", .number(reading.weight)), .init("items", integer(reading.documents)),
                            ])
                        })),
            ])
        }
        return .object([
            .init("words", .array(words)), .init("missing", .array(analysis.missing.map { .string($0) })),
            .init(
                "counters",
                .object(
                    [
                        .init("items", integer(analysis.documents)), .init("segments", integer(analysis.segments)),
                        .init("postings", integer(analysis.postings)),
                        .init("excluded_terms", integer(analysis.excludedTerms)),
                        .init("near_texts", integer(analysis.nearTexts)),
                    ] + (analysis.filteredTexts.map { [.init("filtered_texts", integer($0))] } ?? [])
                        + [.init("matches", integer(matches))])), .init("stages", .array(stages.json)),
        ])
    }

    private static func tree(_ explanation: ScoreExplanation) -> JSONValue {
        .object([
            .init("label", .string(explanation.label)),
            .init("value", explanation.value.isFinite ? .number(explanation.value) : .null),
            .init("children", .array(explanation.children.map(tree))),
        ])
    }
}

extension ScoreExplanation {
    /// The tree with a further part; itself without one.
    fileprivate func adding(_ label: String, _ value: Double?) -> ScoreExplanation {
        guard let value, value > 0 else { return self }
        var sum = self
        sum.value += value
        sum.children.append(ScoreExplanation(label: label, value: value))
        return sum
    }
}

/// How long each stage of one search took.
private struct Stages {
    private var start = ContinuousClock.now
    private var ended: [(name: String, milliseconds: Double)] = []

    mutating func end(_ name: String) {
        let now = ContinuousClock.now
        ended.append((name, (now - start) / .milliseconds(1)))
        start = now
    }

    var json: [JSONValue] {
        ended.map { .object([.init("stage", .string($0.name)), .init("ms", .number($0.milliseconds))]) }
    }
}
