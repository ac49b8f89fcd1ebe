import CXGBoost
import JSON

/// Gradient-boosted trees that learn to order the rows of a group, fitted by XGBoost (Chen and Guestrin, KDD 2016).
///
/// `pairwise` is LambdaMART without the weight of a metric (Burges, MSR-TR-2010-82): pairs of a group whose labels differ
/// are to come in the right order. The same examples, parameters and seed give the same trees.
public struct GradientBoosting: Hashable, Sendable {
    public enum Objective: String, Sendable, CaseIterable {
        case pairwise = "rank:pairwise"
        case ndcg = "rank:ndcg"
        case logistic = "binary:logistic"
    }

    public var objective: Objective = .pairwise
    public var rounds = 120
    public var learningRate = 0.1
    public var depth = 5
    /// The least sum of second derivatives in a leaf.
    public var minimumLeafWeight = 20.0
    public var rowShare = 0.7
    public var featureShare = 0.5
    public var bins = 64
    /// How many ensembles are fitted, each to rows and features drawn anew, whose mean is taken (bagging: Breiman, Machine Learning
    /// 24, 1996).
    public var bags = 1
    /// Part of the result's identity: sums of floating point depend on how rows are dealt out. One thread never waits for
    /// another on a busy machine; whoever fits two rankers gives each its own.
    public var threads = 1

    public init() {}

    /// Fits trees; `progress` hears the number of finished rounds, of all ensembles.
    ///
    /// Throws `badExamples` where there is nothing to learn: no row, no feature, or an infinite value.
    public func train(
        _ examples: RankingExamples, seed: UInt64, progress: (Int) -> Void = { _ in }
    ) throws(RankingError) -> TreeEnsemble {
        guard examples.rowCount > 0, examples.featureCount > 0, examples.labels.allSatisfy(\.isFinite),
            examples.groupWeights.allSatisfy({ $0 > 0 && $0.isFinite }),
            examples.features.allSatisfy({ !$0.isInfinite })
        else { throw RankingError(.badExamples, "Training a ranker: there are no examples, or some are not finite.") }
        let matrix = try TrainingMatrix(examples, isPointwise: objective == .logistic)
        var ensembles: [TreeEnsemble] = []
        for bag in 0..<max(1, bags) {
            // Seeds of neighbours lie far apart: a second ranker has the next seed.
            ensembles.append(
                try fit(examples, in: matrix, seed: seed &+ UInt64(bag) &* 1000) { progress(bag * rounds + $0) })
        }
        return try TreeEnsemble(meanOf: ensembles)
    }

    private func fit(
        _ examples: RankingExamples, in matrix: TrainingMatrix, seed: UInt64, progress: (Int) -> Void
    ) throws(RankingError) -> TreeEnsemble {
        let booster = try Booster(matrix)
        let parameters: KeyValuePairs = [
            "objective": objective.rawValue, "eta": "\(learningRate)", "max_depth": "\(depth)",
            "min_child_weight": "\(minimumLeafWeight)", "subsample": "\(rowShare)",
            "colsample_bytree": "\(featureShare)", "tree_method": "hist", "max_bin": "\(bins)",
            "nthread": "\(threads)", "seed": "\(seed & 0x7FFF_FFFF)", "verbosity": "0",
        ]
        for (name, value) in parameters { try booster.set(name, value) }
        for round in 0..<rounds {
            try booster.update(round)
            progress(round + 1)
        }
        let trees = try TreeEnsemble(booster.model(), featureCount: examples.featureCount)
        try Self.check(trees, against: booster, examples)
        return trees
    }

    /// What serves must be what was fitted: looks at some rows, the largest difference that may be is 1e-5 of a score.
    ///
    /// Throws `libraryFailed` if the trees as read score otherwise than XGBoost does, whose base score is a constant.
    private static func check(
        _ trees: TreeEnsemble, against booster: Booster, _ examples: RankingExamples
    ) throws(RankingError) {
        let rows = Array(examples.features.prefix(min(examples.rowCount, 512) * examples.featureCount))
        let (own, reference) = (trees.scores(rows), try booster.scores(rows, featureCount: examples.featureCount))
        guard let first = own.first, let base = reference.first, own.count == reference.count,
            zip(own, reference).allSatisfy({ abs(($0 - first) - ($1 - base)) <= 1e-5 * max(1, abs($1)) })
        else { throw RankingError(.libraryFailed, "The trees as read score otherwise than XGBoost does.") }
    }
}

/// The owner of one XGBoost training matrix, which keeps its rows in bins for every booster; used by one thread.
@safe private final class TrainingMatrix {
    private(set) var handle: DMatrixHandle?

    init(_ examples: RankingExamples, isPointwise: Bool) throws(RankingError) {
        let (rows, columns) = (UInt64(examples.rowCount), UInt64(examples.featureCount))
        try Booster.check(unsafe XGDMatrixCreateFromMat(examples.features, rows, columns, .nan, &handle))
        try Booster.check(unsafe XGDMatrixSetFloatInfo(handle, "label", examples.labels, rows))
        let groups = UInt64(examples.groupSizes.count)
        if isPointwise {
            try Booster.check(unsafe XGDMatrixSetFloatInfo(handle, "weight", examples.rowWeights, rows))
        } else {
            try Booster.check(unsafe XGDMatrixSetUIntInfo(handle, "group", examples.groupSizes, groups))
            try Booster.check(unsafe XGDMatrixSetFloatInfo(handle, "weight", examples.groupWeights, groups))
        }
    }

    deinit { if let handle = unsafe handle { _ = unsafe XGDMatrixFree(handle) } }
}

/// The owner of one XGBoost booster; used by one thread.
@safe private final class Booster {
    private let matrix: TrainingMatrix
    private var handle: BoosterHandle?

    init(_ matrix: TrainingMatrix) throws(RankingError) {
        self.matrix = matrix
        let matrices = unsafe [matrix.handle]
        try Self.check(unsafe XGBoosterCreate(matrices, 1, &handle))
    }

    deinit { if let handle = unsafe handle { _ = unsafe XGBoosterFree(handle) } }

    func set(_ name: String, _ value: String) throws(RankingError) {
        try Self.check(unsafe XGBoosterSetParam(handle, name, value))
    }

    func update(_ round: Int) throws(RankingError) {
        try Self.check(unsafe XGBoosterUpdateOneIter(handle, Int32(round), matrix.handle))
    }

    /// The library's own sums of trees with its base score, for rows of shape `[rows, featureCount]`.
    func scores(_ rows: [Float], featureCount: Int) throws(RankingError) -> [Float] {
        var asked: DMatrixHandle?
        try Self.check(
            unsafe XGDMatrixCreateFromMat(rows, UInt64(rows.count / featureCount), UInt64(featureCount), .nan, &asked))
        defer { _ = unsafe XGDMatrixFree(asked) }
        var count: UInt64 = 0
        var values: UnsafePointer<Float>?
        try Self.check(unsafe XGBoosterPredict(handle, asked, 1, 0, 0, &count, &values))
        guard let values = unsafe values else { return [] }
        return unsafe Array(UnsafeBufferPointer(start: values, count: Int(count)))
    }

    /// The library's own description of the model.
    func model() throws(RankingError) -> JSONValue {
        var length: UInt64 = 0
        var bytes: UnsafePointer<CChar>?
        try Self.check(unsafe XGBoosterSaveModelToBuffer(handle, #"{"format":"json"}"#, &length, &bytes))
        guard let bytes = unsafe bytes else { throw RankingError(.libraryFailed, "XGBoost gave no model.") }
        let text = unsafe UnsafeRawBufferPointer(start: bytes, count: Int(length))
        do {
            return try JSONValue(parsing: unsafe Array(text))
        } catch {
            throw RankingError(.libraryFailed, "XGBoost's model cannot be read: \(error)")
        }
    }

    static func check(_ status: Int32) throws(RankingError) {
        guard status != 0 else { return }
        let text = unsafe XGBGetLastError().map { unsafe String(cString: $0) } ?? ""
        let line = text.split(separator: "\n").first.map(String.init) ?? "no reason given"
        throw RankingError(.libraryFailed, "XGBoost failed: \(line)")
    }
}
