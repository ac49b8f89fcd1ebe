/// How a list is put together from candidates beside their relevance; off unless a shop or a call says otherwise.
///
/// At most one of the three ways to look at the list as a whole, and three parts that each work with any of them. All
/// weights go from 0 (off) to 1.
public struct Reranking: Hashable, Sendable {
    /// How the list as a whole counts.
    public enum Method: Hashable, Sendable {
        case relevance
        /// Maximal marginal relevance: an item loses what the list already has of it.
        case mmr(Double)
        /// Categories in the proportions of what the person bought.
        case calibration(Double)
        /// A determinantal point process: the list with the largest volume of quality and unlikeness.
        case dpp(Double)
    }

    public var method = Method.relevance
    /// What an item that came today gains over an old one, as a part of its relevance.
    public var freshness = 0.0
    /// The share of places given to items that few have seen.
    public var exploration = 0.0
    /// The least share of places, in every beginning of the list, for brands outside the large ones.
    public var brands = 0.0

    public static let off = Reranking()
    public static let names = ["mmr", "calibration", "dpp", "freshness", "exploration", "brands"]
    static let longestText = 200

    public init() {}

    public var isOff: Bool { self == Self.off }

    /// Reads parts by name.
    ///
    /// - Throws: A sentence that says what is wrong: an unknown name, a weight outside 0 to 1, a name that comes twice, or
    ///   two of `mmr`, `calibration` and `dpp`.
    public init(parts: [(name: String, weight: Double)]) throws(RerankingError) {
        var known: Set<String> = []
        for (name, weight) in parts {
            guard Self.names.contains(name) else {
                throw RerankingError(
                    "There is no “\(name.prefix(32))”: use \(Self.names.joined(separator: ", ")), or off.")
            }
            guard weight.isFinite, (0...1).contains(weight) else {
                throw RerankingError("The weight of \(name) must be a number from 0 to 1.")
            }
            guard known.insert(name).inserted else { throw RerankingError("\(name) stands twice.") }
            switch name {
            case "mmr": try set(.mmr(weight))
            case "calibration": try set(.calibration(weight))
            case "dpp": try set(.dpp(weight))
            case "freshness": freshness = weight
            case "exploration": exploration = weight
            default: brands = weight
            }
        }
    }

    /// A way without weight is none.
    private mutating func set(_ method: Method) throws(RerankingError) {
        if [.mmr(0), .calibration(0), .dpp(0)].contains(method) { return }
        guard self.method == .relevance else {
            throw RerankingError("Only one of mmr, calibration and dpp can hold.")
        }
        self.method = method
    }

    /// Reads `off`, or parts such as `mmr:0.3,exploration:0.1`.
    public init(parsing text: String) throws(RerankingError) {
        guard text.utf8.count <= Self.longestText else { throw RerankingError("The text is too long.") }
        if text == "off" {
            self.init()
            return
        }
        var parts: [(name: String, weight: Double)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false)
            guard halves.count == 2, let weight = Double(halves[1]) else {
                throw RerankingError("A part is a name and a weight, such as mmr:0.3; several are separated by commas.")
            }
            parts.append((String(halves[0]), weight))
        }
        try self.init(parts: parts)
    }
}

/// Why settings of a list cannot be used; the text is for the person who wrote them.
public struct RerankingError: Error, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
