public import Storage

/// A trained model that proposes items for a person, a basket or an item.
///
/// Scores are finite, the order is stable (ties by item number), training is deterministic in the log and the seed, and
/// ineligible items never appear. A model that knows nothing about the context answers with an empty list: the caller
/// falls back to `PopularityModel`.
public protocol Recommender: Sendable {
    /// The model's name on the command line, in folders and in answers.
    static var name: String { get }
    static func train(_ set: TrainingSet) -> Self
    /// The best `limit` items for a context, best first; fewer if the model has no more to say.
    func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem]
    /// The model's columns: equal models give equal bytes.
    func columns() -> ColumnFile
    /// Reads columns back; throws `corrupt` where they do not make a model.
    init(_ columns: ColumnFile) throws(StorageError)
}

extension Recommender {
    /// Writes the model as `FOLDER/NAME.columns`.
    public func save(to folder: String) throws(StorageError) {
        try columns().write(to: Self.path(in: folder))
    }

    /// Reads the model from `FOLDER/NAME.columns`.
    public init(loading folder: String) throws(StorageError) {
        try self.init(ColumnFile(reading: Self.path(in: folder), kind: Self.name))
    }

    /// Where a folder of models keeps this one.
    public static func path(in folder: String) -> String {
        folder.hasSuffix("/") ? "\(folder)\(name).columns" : "\(folder)/\(name).columns"
    }
}
