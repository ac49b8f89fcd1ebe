import Domain
import Features
import Storage
import Synchronization

/// The stars of one item.
public struct Rating: Hashable, Sendable {
    public var count = 0
    public var sum = 0.0
    public var sumOfSquares = 0.0
    /// How many were simulated.
    public var synthetic = 0
    /// The mean drawn to the category's, 1 to 5: what is shown and sorted by; see `RatingPriors`.
    public var stars = 0.0

    /// Of the ratings as they are, 1 to 5.
    public var mean: Double { count > 0 ? sum / Double(count) : 0 }
}

/// The stars of all items at one moment.
struct RatingTable: Sendable {
    private(set) var ratings: [ItemNumber: Rating] = [:]
    private(set) var priors = RatingPriors([])
    /// By item number, shape `[≤ numberLimit]`: `stars`, or minus one for an item that nobody rated.
    private(set) var stars: [Float] = []
    private var total = 0
    private var fitted = 0

    init() {}

    init(_ logged: [LoggedRating], facts: ItemFacts) {
        for rating in logged {
            ratings[rating.item] = Rating(
                count: rating.count, sum: rating.sum, sumOfSquares: rating.sumOfSquares, synthetic: rating.synthetic)
            total += rating.count
        }
        fit(facts)
    }

    mutating func add(_ value: Double, to item: ItemNumber, isSynthetic: Bool, facts: ItemFacts) {
        var rating = ratings[item] ?? Rating()
        rating.count += 1
        rating.sum += value
        rating.sumOfSquares += value * value
        if isSynthetic { rating.synthetic += 1 }
        total += 1
        set(rating, of: item, facts)
        // Priors move slowly: they are estimated anew when a fiftieth of the ratings is new.
        if total - fitted > max(20, fitted / 50) { fit(facts) }
    }

    /// Estimates the priors from all ratings. Complexity: O(*n* log *n*) in rated items.
    mutating func fit(_ facts: ItemFacts) {
        let sorted = ratings.sorted { $0.key < $1.key }
        priors = RatingPriors(
            sorted.map { item, rating in
                RatingPriors.Observation(
                    category: facts.category(item), count: rating.count, sum: rating.sum,
                    sumOfSquares: rating.sumOfSquares)
            })
        fitted = total
        for (item, rating) in sorted { set(rating, of: item, facts) }
    }

    private mutating func set(_ rating: Rating, of item: ItemNumber, _ facts: ItemFacts) {
        var rating = rating
        rating.stars = priors.mean(category: facts.category(item), count: rating.count, sum: rating.sum)
        ratings[item] = rating
        if item.index >= stars.count {
            stars.append(contentsOf: repeatElement(-1, count: item.index + 1 - stars.count))
        }
        stars[item.index] = Float(rating.stars)
    }
}

/// The stars of all items: read from the log once, then counted as they come.
final class Ratings: Sendable {
    private let table = Mutex(RatingTable())

    /// All ratings now, as a value for one request.
    var all: RatingTable { table.withLock { $0 } }

    func replace(with logged: [LoggedRating], facts: ItemFacts) {
        let fresh = RatingTable(logged, facts: facts)
        table.withLock { $0 = fresh }
    }

    /// Estimates the priors anew, for categories that changed.
    func fit(_ facts: ItemFacts) { table.withLock { $0.fit(facts) } }

    func add(_ stars: Double, to item: ItemNumber, isSynthetic: Bool, facts: ItemFacts) {
        table.withLock { $0.add(stars, to: item, isSynthetic: isSynthetic, facts: facts) }
    }
}
