/// Rows of features with labels, in groups that are ranked against each other.
///
/// NaN stands for a missing value.
public struct RankingExamples: Sendable {
    public let featureCount: Int
    /// Row after row; shape `[rows, featureCount]`.
    public private(set) var features: [Float] = []
    /// Shape `[rows]`, larger is better.
    public private(set) var labels: [Float] = []
    /// Rows of each group, in the order of rows.
    public private(set) var groupSizes: [UInt32] = []
    /// How much each group counts.
    public private(set) var groupWeights: [Float] = []

    public init(featureCount: Int) { self.featureCount = featureCount }

    public var rowCount: Int { labels.count }

    /// Adds one group; `features` holds as many rows as there are `labels`. An empty group is left out.
    ///
    /// - Parameter weight: How much each of its rows counts; finite and above zero.
    public mutating func append(
        _ features: some Collection<Float>, labels: some Collection<Float>, weight: Float = 1
    ) {
        precondition(features.count == labels.count * featureCount, "features and labels differ in rows")
        guard !labels.isEmpty else { return }
        self.features.append(contentsOf: features)
        self.labels.append(contentsOf: labels)
        groupSizes.append(UInt32(labels.count))
        groupWeights.append(weight)
    }

    /// Adds all groups of `other`, which has the same features.
    public mutating func append(_ other: RankingExamples) {
        precondition(other.featureCount == featureCount, "the number of features differs")
        features.append(contentsOf: other.features)
        labels.append(contentsOf: other.labels)
        groupSizes.append(contentsOf: other.groupSizes)
        groupWeights.append(contentsOf: other.groupWeights)
    }

    /// One weight a row, one on average.
    var rowWeights: [Float] { Self.rowWeights(of: [self]) }

    /// One weight for each row of all parts, one on average.
    public static func rowWeights(of parts: [RankingExamples]) -> [Float] {
        let rows = parts.flatMap { part in
            zip(part.groupSizes, part.groupWeights).flatMap { repeatElement($1, count: Int($0)) }
        }
        let mean = rows.reduce(0.0) { $0 + Double($1) } / Double(max(1, rows.count))
        return rows.map { Float(Double($0) / mean) }
    }
}
