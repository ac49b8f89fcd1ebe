public import JSON

/// What the trials of a search are measured on.
public struct TuningTask: Sendable {
    /// Measures values in one window, on every *n*-th person with 1/n the share.
    public typealias Scorer = @Sendable (_ values: [Double], _ window: Int, _ share: Double) throws -> Double

    let model: String
    let space: SearchSpace
    /// Where the data comes from, in a report's words.
    let source: String
    /// Such as `NDCG@10`.
    let measure: String
    /// Its name in the line of JSON, such as `ndcg@10`.
    let measureKey: String
    /// One name a window: trials are measured in each, and the mean counts.
    let windows: [String]
    /// What was measured, and what was left unseen.
    let protocolText: String
    /// What tells the data from other data: trials of one log have it in common.
    let identity: [JSONValue.Member]
    /// Reads and trains what all trials share.
    let prepare: @Sendable () throws -> Scorer

    public init(
        model: String, space: SearchSpace, source: String, measure: String, measureKey: String, windows: [String],
        protocolText: String, identity: [JSONValue.Member], prepare: @escaping @Sendable () throws -> Scorer
    ) {
        (self.model, self.space, self.source, self.measure) = (model, space, source, measure)
        (self.measureKey, self.windows, self.protocolText) = (measureKey, windows, protocolText)
        (self.identity, self.prepare) = (identity, prepare)
    }
}
