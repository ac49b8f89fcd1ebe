/// Impressions with the chance of each choice: what off-policy estimates are made from.
public struct ImpressionLog: Sendable {
    public struct Impression: Hashable, Sendable {
        public let item: Int
        public let position: Int
        /// 1 for a click.
        public let reward: Double
        /// The chance with which the logging policy chose the item for the position.
        public let propensity: Double
    }

    public let impressions: [Impression]
    /// Names by item number, ascending; positions likewise.
    public let items: [String]
    public let positions: [String]

    /// Reads a file with a header; columns `item_id`, `position`, `click` and `propensity_score` in any order, others are
    /// passed over, commas or tabs between: the form of the Open Bandit data set (Saito et al., NeurIPS 2021).
    ///
    /// Throws `badLine` for a propensity outside 0...1 or of zero, a click that is not 0 or 1, and a line with too few fields.
    public init(path: String) throws(EvaluationError) {
        let file = try LineFile(path: path)
        var columns: [Int]?
        var rows: [(item: String, position: String, reward: Double, propensity: Double)] = []
        try file.forEachLine { number, line throws(EvaluationError) in
            let separator: Character = line.contains("\t") ? "\t" : ","
            let fields = line.split(separator: separator, omittingEmptySubsequences: false)
            guard let places = columns else {
                columns = try Self.columns(fields.map(String.init), file, number)
                return
            }
            guard places.allSatisfy({ $0 < fields.count }) else { throw file.error(number, "has too few fields") }
            guard let reward = Double(fields[places[2]]), reward == 0 || reward == 1 else {
                throw file.error(number, "names a click that is neither 0 nor 1")
            }
            guard let propensity = Double(fields[places[3]]), propensity > 0, propensity <= 1 else {
                throw file.error(number, "names a propensity outside 0...1, or none")
            }
            rows.append((String(fields[places[0]]), String(fields[places[1]]), reward, propensity))
        }
        guard !rows.isEmpty else { throw EvaluationError(.nothingToMeasure, "\(path) holds no impression.") }
        let (items, positions) = (Set(rows.map(\.item)).sorted(), Set(rows.map(\.position)).sorted())
        let itemNumbers = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1, $0) })
        let positionNumbers = Dictionary(uniqueKeysWithValues: positions.enumerated().map { ($1, $0) })
        (self.items, self.positions) = (items, positions)
        impressions = rows.compactMap { row in
            guard let item = itemNumbers[row.item], let position = positionNumbers[row.position] else { return nil }
            return Impression(item: item, position: position, reward: row.reward, propensity: row.propensity)
        }
    }

    private static func columns(
        _ header: [String], _ file: LineFile, _ number: Int
    ) throws(EvaluationError) -> [Int] {
        var places: [Int] = []
        for name in ["item_id", "position", "click", "propensity_score"] {
            guard let place = header.firstIndex(of: name) else { throw file.error(number, "has no column '\(name)'") }
            places.append(place)
        }
        return places
    }

    /// Mean reward: what the logging policy earned.
    public var meanReward: Double { impressions.reduce(0) { $0 + $1.reward } / Double(impressions.count) }
}
