import Domain
import Storage
import Synchronization

/// The stars of one item.
public struct Rating: Hashable, Sendable {
    public var count = 0
    public var sum = 0.0
    /// How many were simulated.
    public var synthetic = 0

    /// 1 to 5.
    public var mean: Double { count > 0 ? sum / Double(count) : 0 }
}

/// The stars of all items: read from the log once, then counted as they come.
final class Ratings: Sendable {
    private let table = Mutex<[ItemNumber: Rating]>([:])

    /// All ratings now, as a value for one request.
    var all: [ItemNumber: Rating] { table.withLock { $0 } }

    func replace(with logged: [LoggedRating]) {
        let fresh = Dictionary(
            logged.map { ($0.item, Rating(count: $0.count, sum: $0.sum, synthetic: $0.synthetic)) },
            uniquingKeysWith: { first, _ in first })
        table.withLock { $0 = fresh }
    }

    func add(_ stars: Double, to item: ItemNumber, isSynthetic: Bool) {
        table.withLock { table in
            table[item, default: Rating()].count += 1
            table[item, default: Rating()].sum += stars
            if isSynthetic { table[item, default: Rating()].synthetic += 1 }
        }
    }
}
