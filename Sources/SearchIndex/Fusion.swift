/// How what the words of a query say of an item and how near its meaning is become one score.
///
/// Each way is a sum of a part that never falls as the words' score rises and one that never falls as the cosine rises, so that the
/// best are found in one plan, with the filters, facets and pages of a search by words.
public struct Fusion: Hashable, Sendable {
    /// What the parts weigh. Each part is at most one, of what the query's words can give at most.
    public struct Weights: Hashable, Sendable {
        /// The words' score, as a share of the most that the words can give.
        public var score: Float = 0
        /// The words' score, as a share of the best item's.
        public var scoreOfBest: Float = 0
        /// The reciprocal rank by the words' score.
        public var scoreRank: Float = 0
        /// The cosine.
        public var cosine: Float = 0
        /// How far the cosine lies above the last near text's, as a share of the nearest text's distance from -1.
        public var cosineOfBest: Float = 0
        /// The reciprocal rank by the cosine: items of a nearer text stand before.
        public var cosineRank: Float = 0

        public static let count = 6

        public init() {}

        /// - Parameter list: In the order of the members; shape `[count]`.
        public init(_ list: [Float]) {
            precondition(list.count == Self.count, "as many weights as there are parts")
            (score, scoreOfBest, scoreRank) = (list[0], list[1], list[2])
            (cosine, cosineOfBest, cosineRank) = (list[3], list[4], list[5])
        }

        /// In the order of the members.
        public var list: [Float] { [score, scoreOfBest, scoreRank, cosine, cosineOfBest, cosineRank] }
    }

    /// `additive`, `rrf`, `convex` or `learned`.
    public let name: String
    public let weights: Weights
    /// What is added to a rank before it is divided by; of no effect where nothing is weighed by ranks.
    public let rankConstant: Float
    /// Whether the words' scores of all matches are read first, so that one can be compared with them.
    let comparesWords: Bool

    /// Items by their words' score from here on count as being of one rank.
    static let depth = 1000
    static let usualConstant: Float = 60

    /// One for the first rank, and less the further behind.
    func reciprocal(_ rank: Int) -> Float { (rankConstant + 1) / (rankConstant + Float(rank)) }

    /// The words' score, and a share of the most that all words can give by the cosine; one scan.
    public static func additive(share: Float = 0.3) -> Fusion {
        var weights = Weights()
        (weights.score, weights.cosine) = (1, share)
        return Fusion(name: "additive", weights: weights, rankConstant: usualConstant, comparesWords: false)
    }

    /// The sum of 1 / (constant + rank) over both orders (Cormack, Clarke and Büttcher, SIGIR 2009), as a share of the most.
    public static func reciprocalRank(constant: Float = 60) -> Fusion {
        var weights = Weights()
        (weights.scoreRank, weights.cosineRank) = (0.5, 0.5)
        return Fusion(name: "rrf", weights: weights, rankConstant: constant, comparesWords: true)
    }

    /// (1 - weight) times the words' score as a share of the best, and weight times the cosine, from -1 to the nearest's (Bruch, Gai
    /// and Ingber, TOIS 2023, the theoretical minimum and the query's maximum). What no near text has counts as the last of them.
    public static func convex(weight: Float = 0.5) -> Fusion {
        var weights = Weights()
        (weights.scoreOfBest, weights.cosineOfBest) = (1 - weight, weight)
        return Fusion(name: "convex", weights: weights, rankConstant: usualConstant, comparesWords: true)
    }

    /// All parts by weights that were learned; see `FusionLearner`.
    public static func learned(_ weights: Weights) -> Fusion {
        Fusion(name: "learned", weights: weights, rankConstant: usualConstant, comparesWords: true)
    }
}

/// Which fusion a shop or a measurement asks for.
public enum FusionSetting: Hashable, Sendable, CustomStringConvertible {
    case fixed(Fusion)
    /// The one whose weights were learned.
    case learned

    public static let names = ["additive", "rrf", "convex", "learned"]

    /// Reads `additive`, `rrf`, `convex` or `learned`; the first three with a number behind a colon, if it is not the usual one.
    ///
    /// - Throws: `invalidFusion` for anything else.
    public init(parsing text: String) throws(SearchError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let number = parts.count == 2 ? Float(parts[1]).flatMap { $0.isFinite ? $0 : nil } : nil
        guard parts.count == 1 || number != nil else { throw Self.invalid(text) }
        switch parts.first {
        case "additive"?: self = .fixed(.additive(share: try Self.bounded(number ?? 0.3, 0...10, text)))
        case "rrf"?:
            self = .fixed(.reciprocalRank(constant: try Self.bounded(number ?? Fusion.usualConstant, 1...10_000, text)))
        case "convex"?: self = .fixed(.convex(weight: try Self.bounded(number ?? 0.5, 0...1, text)))
        case "learned"? where number == nil: self = .learned
        default: throw Self.invalid(text)
        }
    }

    private static func bounded(
        _ number: Float, _ range: ClosedRange<Float>, _ text: String
    ) throws(SearchError) -> Float {
        guard range.contains(number) else { throw invalid(text) }
        return number
    }

    private static func invalid(_ text: String) -> SearchError {
        SearchError(
            .invalidFusion,
            "“\(text.prefix(64))” is no fusion: give additive, additive:SHARE (0 to 10), rrf, rrf:CONSTANT (1 to 10000), "
                + "convex, convex:WEIGHT (0 to 1) or learned.")
    }

    public var description: String {
        switch self {
        case .learned: "learned"
        case .fixed(let fusion):
            switch fusion.name {
            case "rrf": "rrf:\(fusion.rankConstant)"
            case "convex": "convex:\(fusion.weights.cosineOfBest)"
            default: "additive:\(fusion.weights.cosine)"
            }
        }
    }
}
