/// How a query was read, and what its words cost: for somebody who wants to see why it finds what it finds.
public struct QueryAnalysis: Sendable {
    /// One way in which a word was read.
    public struct Reading: Sendable {
        public var text: String
        /// `word`, `beginning`, `spelling`, …, as in `explain`.
        public var kind: String
        /// 0 to 1: how much a match of it counts beside one of the word itself.
        public var weight: Double
        /// Items that hold it, before filters.
        public var documents: Int
    }

    /// One word, or several that are read as one.
    public struct Word: Sendable {
        public var text: String
        /// Whether it names what is looked for.
        public var isHead: Bool
        /// How much it says: the inverse document frequency of its best reading, three times that for a head.
        public var information: Double
        /// The heaviest first, at most `maximumReadings`.
        public var readings: [Reading]
        /// How many readings there are in all.
        public var readingCount: Int
    }

    public static let maximumReadings = 12

    public var words: [Word] = []
    /// Words that nothing in the catalogue is near to.
    public var missing: [String] = []
    /// How many terms an item must not hold.
    public var excludedTerms = 0
    public var segments = 0
    public var documents = 0
    /// Entries of the posting lists of all readings: what a full scan would read.
    public var postings = 0
    /// Texts that mean something near to the query; each may stand for many items.
    public var nearTexts = 0
    /// How many texts the filters let through, among which near ones were looked for as well; `nil` without filters.
    public var filteredTexts: Int?
}

extension PreparedSearch {
    /// Complexity: O(readings · segments).
    public var analysis: QueryAnalysis {
        var analysis = QueryAnalysis()
        let planner = snapshot.planner()
        for group in plan.groups {
            let readings = group.variants.map { variant in
                QueryAnalysis.Reading(
                    text: variant.text, kind: variant.kind.label, weight: Double(variant.weight),
                    documents: variant.identifier != nil
                        ? 1
                        : variant.terms.count == 1
                            ? planner.documentFrequency(variant.terms[0]) : planner.together(variant.terms))
            }
            analysis.postings += group.variants.reduce(0) { sum, variant in
                sum + variant.terms.reduce(0) { $0 + planner.documentFrequency($1) }
            }
            analysis.words.append(
                QueryAnalysis.Word(
                    text: group.text, isHead: group.isHead, information: Double(group.information),
                    readings: Array(
                        readings.sorted { ($1.weight, $1.documents) < ($0.weight, $0.documents) }.prefix(
                            QueryAnalysis.maximumReadings)),
                    readingCount: readings.count))
        }
        analysis.missing = plan.missing
        analysis.excludedTerms = plan.excluded.count
        analysis.segments = snapshot.segmentCount
        analysis.documents = snapshot.documentCount
        analysis.nearTexts = neighbours?.texts.count ?? 0
        analysis.filteredTexts = neighbours?.filteredTexts
        return analysis
    }
}
