import Domain
import Features
import JSON
import Storage
import Synchronization

/// A category that a query is likely about.
public struct CategoryIntent: Hashable, Sendable {
    public var path: [String]
    /// The chance of it, 0 to 1.
    public var share: Double
    /// How many choices after the same query speak for it; 0 if the catalogue alone does.
    public var choices: Int
    /// Whether some of them were simulated.
    public var isSynthetic: Bool
}

/// What shoppers chose after each query, by category, in bounded memory: read from the log once, then counted as it comes.
///
/// With n choices after a query, n(c) of them in category c, and the catalogue's own share q(c) of what the query finds,
/// the chance of c is (n(c) + m·q(c)) / (n + m): few choices say little (additive smoothing toward a prior; Zhai and Lafferty,
/// 2001, equation 2).
final class CategoryIntents: Sendable {
    /// m: the catalogue speaks with as much weight as so many choices.
    static let priorChoices = 5.0
    /// Fewer choices of one query change no order.
    static let fewestChoices = 3
    /// A category with a smaller chance is not named, and no more than so many are.
    static let leastShare = 0.15
    static let limit = 3
    /// A category that is certain multiplies scores by this more than one.
    static let gain = 0.25

    struct Choices: Sendable {
        var byCategory: [UInt32: Int] = [:]
        var count = 0
        var synthetic = 0
    }

    private let capacity: Int
    private let table = Mutex<[String: Choices]>([:])

    /// - Parameter capacity: How many queries are kept; of more, the rarer half goes.
    init(capacity: Int = 4000) { self.capacity = max(2, capacity) }

    static func key(_ query: String) -> String { query.lowercased().split(separator: " ").joined(separator: " ") }

    /// Whether an event says what was chosen after a query.
    static func isChoice(_ event: Event) -> Bool {
        (event.name == .selectItem || event.name == .addToCart) && !(event.query ?? "").isEmpty
    }

    func choices(_ query: String) -> Choices? { table.withLock { $0[Self.key(query)] } }

    /// Takes the place of everything that was counted.
    func replace(with fresh: [(query: String, category: UInt32, count: Int, synthetic: Int)]) {
        var counted: [String: Choices] = [:]
        for entry in fresh {
            Self.add(entry.category, entry.count, entry.synthetic, &counted[Self.key(entry.query), default: Choices()])
        }
        counted.keepMost(capacity) { $0.count }
        table.withLock { $0 = counted }
    }

    func chose(_ category: UInt32, after query: String, isSynthetic: Bool) {
        let key = Self.key(query)
        guard !key.isEmpty else { return }
        table.withLock { table in
            if table.count >= capacity, table[key] == nil { table.keepMost(capacity / 2) { $0.count } }
            Self.add(category, 1, isSynthetic ? 1 : 0, &table[key, default: Choices()])
        }
    }

    private static func add(_ category: UInt32, _ count: Int, _ synthetic: Int, _ choices: inout Choices) {
        choices.byCategory[category, default: 0] += count
        choices.count += count
        choices.synthetic += synthetic
    }
}

extension ShopService {
    /// The id by which a shopper says that the words alone should decide.
    static let intentID = "category"

    /// What raises the categories that were chosen after the same query; empty where the shopper decides otherwise.
    func intentWeights(_ call: SearchCall, _ snapshot: Snapshot) -> [SearchCall.Weight] {
        guard call.sort == .relevance, call.correctsTypos, !call.isPrefix, !call.query.isEmpty,
            !call.ignored.contains(Self.intentID), !call.filters.contains(where: { $0.field == "category" }),
            let choices = intents.choices(call.query), choices.count >= CategoryIntents.fewestChoices
        else { return [] }
        let all = Double(choices.count) + CategoryIntents.priorChoices
        return Self.leading(choices.byCategory.mapValues { Double($0) / all }).compactMap { category, share in
            guard let path = snapshot.facts.path(ofCategory: category) else { return nil }
            let name = path.joined(separator: " > ")
            return SearchCall.Weight(
                label: "likely category \(name)", factor: ((1 + CategoryIntents.gain * share) * 1000).rounded() / 1000,
                filter: SearchCall.Filter(field: "category", values: [name]))
        }
    }

    /// A part of what was understood, that `ignored` takes back.
    static func intentPart(_ category: String) -> JSONValue {
        .object([
            .init("id", .string(intentID)), .init("kind", .string("category")),
            .init("text", .string(String(category.split(separator: " > ").last ?? ""))),
            .init("category", .string(category)),
        ])
    }

    /// The likeliest categories of a query, from what was chosen after it and from what it finds.
    ///
    /// - Parameter found: The first page, best first, with scores.
    func intent(of query: String, _ found: [SearchHits.Hit], _ snapshot: Snapshot) -> [CategoryIntent] {
        guard !query.isEmpty else { return [] }
        var prior: [UInt32: Double] = [:]
        for hit in found {
            guard let category = snapshot.facts.category(hit.number), hit.score > 0 else { continue }
            prior[category, default: 0] += hit.score
        }
        let mass = prior.values.reduce(0, +)
        let choices = intents.choices(query) ?? CategoryIntents.Choices()
        guard mass > 0 || choices.count > 0 else { return [] }
        let weight = mass > 0 ? CategoryIntents.priorChoices : 0
        var shares = prior.mapValues { weight * $0 / mass / (Double(choices.count) + weight) }
        for (category, count) in choices.byCategory {
            shares[category, default: 0] += Double(count) / (Double(choices.count) + weight)
        }
        return Self.leading(shares).compactMap { category, share in
            guard let path = snapshot.facts.path(ofCategory: category) else { return nil }
            return CategoryIntent(
                path: path, share: share, choices: choices.byCategory[category] ?? 0,
                isSynthetic: choices.synthetic > 0)
        }
    }

    private static func leading(_ shares: [UInt32: Double]) -> [(category: UInt32, share: Double)] {
        let sorted = shares.filter { $0.value >= CategoryIntents.leastShare }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(CategoryIntents.limit).map { ($0.key, $0.value) }
    }

    /// Counts what was chosen after queries.
    ///
    /// - Parameter numbers: Of the events' items.
    func learnIntents(_ events: [Event], _ numbers: [ItemID: ItemNumber], _ facts: ItemFacts) {
        for event in events where CategoryIntents.isChoice(event) {
            for item in event.items {
                guard let query = event.query, let number = numbers[item.item], let category = facts.category(number)
                else { continue }
                intents.chose(category, after: query, isSynthetic: event.isSynthetic)
            }
        }
    }

    /// Reads from the log what was chosen after queries.
    func warmIntents() throws {
        let facts = try snapshot().facts
        intents.replace(
            with: try store.loggedChoices(limit: 200_000).compactMap { choice in
                facts.category(choice.item).map { (choice.query, $0, choice.count, choice.synthetic) }
            })
    }
}
