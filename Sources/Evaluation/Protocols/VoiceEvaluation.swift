public import JSON

/// How well spoken queries are understood: words, whole sentences, and what a search then finds.
public enum VoiceEvaluation {
    /// One recording of a list.
    public struct Spoken: Hashable, Sendable {
        /// The WAV file.
        public let path: String
        /// The query as it would be typed.
        public let text: String
        /// What the sentence is one of, such as a voice and how much noise there is.
        public let group: String

        public init(path: String, text: String, group: String) {
            (self.path, self.text, self.group) = (path, text, group)
        }
    }

    /// What became of one recording.
    public struct Heard: Sendable {
        public var errors: WordErrors
        /// Whether one of the alternatives, or the text itself, has all words right.
        public var isAmongAlternatives: Bool
        /// Whether the search finds the same first ten items in the same order, as with the typed query.
        public var findsSame: Bool
        /// How many of the typed query's first ten items are among those found; `nil` if it finds nothing.
        public var overlap: Double?
        public var confidence: Double
        public var audioSeconds: Double
        public var decodeSeconds: Double

        public init(
            errors: WordErrors, isAmongAlternatives: Bool, findsSame: Bool, overlap: Double?, confidence: Double,
            audioSeconds: Double, decodeSeconds: Double
        ) {
            (self.errors, self.isAmongAlternatives) = (errors, isAmongAlternatives)
            (self.findsSame, self.overlap, self.confidence) = (findsSame, overlap, confidence)
            (self.audioSeconds, self.decodeSeconds) = (audioSeconds, decodeSeconds)
        }
    }

    /// Reads a list of recordings: lines of path, query and group with tabs between; a path is relative to the list.
    public static func readList(path: String) throws(EvaluationError) -> [Spoken] {
        let file = try LineFile(path: path)
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        var spoken: [Spoken] = []
        try file.forEachLine { number, line throws(EvaluationError) in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3, fields.allSatisfy({ !$0.isEmpty }) else {
                throw file.error(number, "is not a path, a query and a group with tabs between them")
            }
            let name = fields[0].hasPrefix("/") || folder.isEmpty ? fields[0] : "\(folder)/\(fields[0])"
            spoken.append(Spoken(path: name, text: fields[1], group: fields[2]))
        }
        guard !spoken.isEmpty else { throw EvaluationError(.nothingToMeasure, "\(path) names no recordings.") }
        return spoken
    }

    /// The figures of all recordings and of each group: `recordings`, `wer`, `sentences` right, `among_alternatives`, `same_results`
    /// and `overlap@10` of the first ten, `confidence_auc` (how often a right sentence has more of it than a wrong one), and
    /// `real_time` (seconds of decoding a second of sound).
    ///
    /// - Precondition: One of `heard` for each of `spoken`.
    public static func json(_ heard: [Heard], of spoken: [Spoken]) -> JSONValue {
        precondition(heard.count == spoken.count, "one answer for each recording")
        var groups: [String: [Heard]] = [:]
        for (heard, spoken) in zip(heard, spoken) { groups[spoken.group, default: []].append(heard) }
        let parts = groups.keys.sorted().map { JSONValue.Member($0, .object(members(groups[$0] ?? []))) }
        return .object(members(heard) + [.init("groups", .object(parts))])
    }

    private static func members(_ heard: [Heard]) -> [JSONValue.Member] {
        let errors = heard.reduce(WordErrors()) { $0 + $1.errors }
        func share(_ isTrue: (Heard) -> Bool) -> JSONValue {
            heard.isEmpty ? .null : .number(Double(heard.count(where: isTrue)) / Double(heard.count))
        }
        func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
        let overlaps = heard.compactMap(\.overlap)
        let audio = heard.reduce(0) { $0 + $1.audioSeconds }
        let auc = ClassificationMetrics.rocAUC(
            scores: heard.map(\.confidence), labels: heard.map { $0.errors.count == 0 })
        return [
            .init("recordings", .integer(Int64(heard.count))), .init("words", .integer(Int64(errors.words))),
            .init("wer", number(errors.rate)), .init("substitutions", .integer(Int64(errors.substitutions))),
            .init("deletions", .integer(Int64(errors.deletions))),
            .init("insertions", .integer(Int64(errors.insertions))),
            .init("sentences", share { $0.errors.count == 0 }),
            .init("among_alternatives", share(\.isAmongAlternatives)), .init("same_results", share(\.findsSame)),
            .init("overlap@10", number(overlaps.isEmpty ? nil : overlaps.reduce(0, +) / Double(overlaps.count))),
            .init("confidence_auc", number(auc)),
            .init("real_time", number(audio > 0 ? heard.reduce(0) { $0 + $1.decodeSeconds } / audio : nil)),
        ]
    }
}
