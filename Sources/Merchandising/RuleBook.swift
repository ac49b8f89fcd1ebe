public import Domain

/// All rules and synonyms of a shop: one version of `rules.json`. See `docs/formats/rules.md`.
public struct RuleBook: Hashable, Sendable {
    public static let formatVersion = 1
    /// Of a file of rules.
    public static let maximumBytes = 64 << 20
    public static let maximumRules = 20_000
    public static let maximumSynonyms = 20_000

    /// Grows by one with each publishing; 0 for a shop without rules.
    public var version = 0
    public var published: Timestamp?
    public var rules: [Rule] = []
    public var synonyms: [Synonym] = []

    public init() {}
}

/// Two rules that disagree, or one that cannot work.
public struct Conflict: Hashable, Sendable {
    public enum Severity: String, Sendable {
        /// Publishing is refused.
        case error
        /// Publishing is allowed: the reason says what will happen.
        case warning
    }

    public let severity: Severity
    /// The identifiers of the rules; one or two.
    public let rules: [String]
    public let reason: String

    public init(severity: Severity, rules: [String], reason: String) {
        (self.severity, self.rules, self.reason) = (severity, rules, reason)
    }
}
