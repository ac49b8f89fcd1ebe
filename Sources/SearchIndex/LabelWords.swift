import TextAnalysis

/// The words of the names of categories and types, and which of them stand together.
struct LabelWords {
    static let maximumLabels = 50_000

    /// The words of each name.
    private(set) var labels: [[[UInt8]]] = []
    /// By stem: the names that hold it, rising.
    private var places: [[UInt8]: [Int32]] = [:]
    private var seen: Set<String> = []
    /// The names of categories and types, and the parts that signs join, as stems with one blank between.
    private var names: Set<[UInt8]> = []

    init() {}

    /// Adds the path of an item's category; equal ones count once.
    mutating func add(_ path: [String], _ analyzer: Analyzer) {
        guard labels.count < Self.maximumLabels, let last = path.last else { return }
        let name = path.suffix(2).joined(separator: "|")
        guard !last.isEmpty, seen.insert(name).inserted else { return }
        let tokens = analyzer.tokens(of: name, limit: 32)
        let place = Int32(labels.count)
        labels.append(tokens.map(\.word))
        for level in path.suffix(2) {
            for part in [Substring(level)] + level.split(whereSeparator: { "/&(),:".contains($0) }) {
                names.insert(Array(analyzer.tokens(of: String(part), limit: 8).map(\.term).joined(separator: [32])))
            }
        }
        for term in Set(tokens.map(\.term)) { places[term, default: []].append(place) }
    }

    /// Whether something is named exactly so.
    func isName(_ stems: [[UInt8]]) -> Bool { names.contains(Array(stems.joined(separator: [32]))) }

    /// How many names hold all of some stems.
    func count(_ stems: [[UInt8]]) -> Int {
        guard let first = stems.first, var found = places[first].map({ Set($0) }) else { return 0 }
        for stem in stems.dropFirst() {
            guard let others = places[stem] else { return 0 }
            found.formIntersection(others)
        }
        return found.count
    }
}
