public import Domain
internal import JSON

/// What a shop is: the content of `config.json`.
public struct ShopConfig: Hashable, Sendable {
    public static let formatVersion = 1
    static let members: Set = [
        "format", "shop", "title", "currency", "language", "demo", "notice", "ideas",
        "searched_fields", "group_variants", "fusion", "recommendations", "exploration", "sequence", "purchase",
        "bundle_discount", "rhythm",
    ]

    public var title: String
    public var currency: Currency
    /// BCP 47 language of the shop's own texts.
    public var language: String
    /// Whether the shop is a demonstration: its pages say so.
    public var isDemo: Bool
    /// What the foot of a demonstration's pages says of where its data comes from; empty for nothing.
    public var notice = ""
    /// Queries that the front page suggests.
    public var ideas: [String] = []
    /// The fields of feeds whose words are searched; empty for all. It holds from the next index on.
    public var searchedFields: [String] = []
    /// Whether searches that do not say otherwise show variants as one.
    public var groupsVariants = false
    /// How searches join words and meaning, as `FusionSetting` reads it; empty for the usual way.
    public var fusion = ""
    /// How shelves are put together: weights from 0 to 1 by name; empty for relevance alone.
    public var recommendations: [String: Double] = [:]
    /// The part of shelves' places that may go to new items, to learn what they are worth; 0 for none, 0.2 at most.
    public var exploration = 0.0
    /// What the shop's network of histories weighs beside the ranker, from 0 to 1, by scenario; none where it takes no part.
    public var sequence: [String: Double] = [:]
    /// The same of its network of purchases.
    public var purchase: [String: Double] = [:]
    /// The part of the sum that the shop takes off a set of items bought together; 0 for none, 0.9 at most.
    public var bundleDiscount = 0.0
    /// On the front page and in categories, what somebody bought a shorter time ago than this part of its usual gap is left out;
    /// 0 for nothing, 2 at most.
    public var rhythm = 0.0
    public var shop: ShopID

    public init(shop: ShopID, title: String, currency: Currency, language: String = "en", isDemo: Bool = false) {
        (self.shop, self.title, self.currency) = (shop, title, currency)
        (self.language, self.isDemo) = (language, isDemo)
    }

    /// Reads a configuration.
    ///
    /// - Throws: `unknownFormat` for another format version or an unknown member; `corrupt` for what is not valid.
    public static func load(from path: String) throws(StorageError) -> ShopConfig {
        let root = try JSONFile.read(path, maximumBytes: 1 << 20)
        try JSONFile.checkFormat(root, path, formatVersion)
        for member in root.objectValue ?? [] where !members.contains(member.name) {
            throw StorageError(
                .unknownFormat, "\(path) has an unknown member “\(member.name)”. Remove it, or use a newer Souk.")
        }
        guard let shop = root["shop"]?.stringValue.flatMap(ShopID.init) else {
            throw JSONFile.invalid(path, "“shop” must be 1 to 64 lower-case letters, digits, - and _")
        }
        guard let title = root["title"]?.stringValue, !title.isEmpty else {
            throw JSONFile.invalid(path, "“title” must be a text")
        }
        guard let currency = root["currency"]?.stringValue.flatMap({ Currency($0) }) else {
            throw JSONFile.invalid(path, "“currency” must be an ISO 4217 code such as EUR")
        }
        guard let language = root["language"]?.stringValue, !language.isEmpty else {
            throw JSONFile.invalid(path, "“language” must be a BCP 47 code such as en")
        }
        let isDemo = root["demo"]?.boolValue ?? false
        var config = ShopConfig(shop: shop, title: title, currency: currency, language: language, isDemo: isDemo)
        config.notice = root["notice"]?.stringValue ?? ""
        config.ideas = root["ideas"]?.arrayValue?.compactMap(\.stringValue) ?? []
        if let fields = root["searched_fields"] {
            let names = fields.arrayValue?.compactMap(\.stringValue) ?? []
            guard let list = fields.arrayValue, names.count == list.count, (1...200).contains(names.count),
                names.allSatisfy({ (1...64).contains($0.utf8.count) })
            else { throw JSONFile.invalid(path, "“searched_fields” must be a list of 1 to 200 names of fields") }
            config.searchedFields = names
        }
        if let groups = root["group_variants"] {
            guard let flag = groups.boolValue else {
                throw JSONFile.invalid(path, "“group_variants” must be true or false")
            }
            config.groupsVariants = flag
        }
        if let fusion = root["fusion"] {
            guard let text = fusion.stringValue, (1...64).contains(text.utf8.count) else {
                throw JSONFile.invalid(path, "“fusion” must be a text such as additive, rrf, convex or learned")
            }
            config.fusion = text
        }
        if let settings = root["recommendations"] {
            config.recommendations = try weights("recommendations", settings, path)
        }
        if let settings = root["sequence"] { config.sequence = try weights("sequence", settings, path) }
        if let settings = root["purchase"] { config.purchase = try weights("purchase", settings, path) }
        config.exploration = try share("exploration", of: root, in: 0...0.2, path)
        config.bundleDiscount = try share("bundle_discount", of: root, in: 0...0.9, path)
        config.rhythm = try share("rhythm", of: root, in: 0...2, path)
        return config
    }

    /// A number within a range; 0 where it is absent.
    private static func share(
        _ name: String, of root: JSONValue, in range: ClosedRange<Double>, _ path: String
    ) throws(StorageError) -> Double {
        guard let share = root[name] else { return 0 }
        guard let number = share.doubleValue ?? share.integerValue.map({ Double($0) }), range.contains(number) else {
            throw JSONFile.invalid(path, "“\(name)” must be a number from 0 to \(range.upperBound)")
        }
        return number
    }

    private static func weights(
        _ name: String, _ value: JSONValue, _ path: String
    ) throws(StorageError) -> [String: Double] {
        var weights: [String: Double] = [:]
        for member in value.objectValue ?? [] {
            guard let weight = member.value.doubleValue, (0...1).contains(weight) else {
                throw JSONFile.invalid(path, "“\(name)” must hold numbers from 0 to 1")
            }
            weights[member.name] = weight
        }
        guard value.objectValue != nil, weights.count <= 16 else {
            throw JSONFile.invalid(path, "“\(name)” must be an object of at most 16 weights")
        }
        return weights
    }

    /// Writes the configuration atomically.
    public func save(to path: String) throws(StorageError) {
        var writer = JSONWriter()
        writer.object { object in
            object.member("format", Self.formatVersion)
            object.member("shop", shop.rawValue)
            object.member("title", title)
            object.member("currency", currency.code)
            object.member("language", language)
            object.member("demo", isDemo)
            if !notice.isEmpty { object.member("notice", notice) }
            if !ideas.isEmpty { object.member("ideas", ideas) }
            if !searchedFields.isEmpty { object.member("searched_fields", searchedFields) }
            if groupsVariants { object.member("group_variants", true) }
            if !fusion.isEmpty { object.member("fusion", fusion) }
            for (name, weights) in [
                ("recommendations", recommendations), ("sequence", sequence), ("purchase", purchase),
            ] where !weights.isEmpty {
                object.name(dynamic: name)
                object.object { object in
                    for (name, weight) in weights.sorted(by: { $0.key < $1.key }) {
                        object.name(dynamic: name)
                        object.value(weight)
                    }
                }
            }
            if exploration > 0 { object.member("exploration", exploration) }
            if rhythm > 0 { object.member("rhythm", rhythm) }
            if bundleDiscount > 0 { object.member("bundle_discount", bundleDiscount) }
        }
        try AtomicFile.write(writer.finish() + [0x0A], to: path)
    }
}
