import Domain
import Features
import Foundation
import Storage

/// Each user's items with decayed counts, by user and by item: what neighbour models compare.
struct UserVectors: Hashable, Sendable {
    /// By user: items in rising order.
    private(set) var userOffsets: [UInt32] = [0]
    private(set) var items: [UInt32] = []
    /// By item: its users and their weights, which are kept once.
    private var itemOffsets: [UInt32] = []
    private(set) var postingUsers: [UInt32] = []
    private(set) var postingWeights: [Float] = []
    let itemLimit: Int

    /// - Parameter itemsPerUser: The heaviest so many items of a user are kept.
    /// - Parameter isDamped: Takes log(1 + weight) and divides each user's vector by its length.
    init(_ set: TrainingSet, decay: Double, itemsPerUser: Int = .max, isDamped: Bool = false) {
        itemLimit = set.itemLimit
        var weights: [Float] = []
        for user in 0..<set.log.userLimit {
            let history = set.log.history(of: UserNumber(UInt32(user)), before: set.now)
            var entries = PersonalCounts(history, now: set.now, decay: decay).entries
            if entries.count > itemsPerUser {
                entries.sort { ($1.decayed, $0.item) < ($0.decayed, $1.item) }
                entries = entries.prefix(itemsPerUser).sorted { $0.item < $1.item }
            }
            var values = entries.map { isDamped ? log(1 + $0.decayed) : $0.decayed }
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            if isDamped, length > 0 { values = values.map { $0 / length } }
            items.append(contentsOf: entries.map(\.item))
            weights.append(contentsOf: values.map { Float($0) })
            userOffsets.append(UInt32(items.count))
        }
        invert(weights)
    }

    var userCount: Int { userOffsets.count - 1 }
    func row(of user: UInt32) -> Range<Int> { Int(userOffsets[Int(user)])..<Int(userOffsets[Int(user) + 1]) }
    func postings(of item: Int) -> Range<Int> {
        guard item < itemLimit else { return 0..<0 }
        return Int(itemOffsets[item])..<Int(itemOffsets[item + 1])
    }
    func posting(_ place: Int) -> (user: UInt32, weight: Double) {
        (postingUsers[place], Double(postingWeights[place]))
    }

    /// Adds `factor` · weight of each buyer of an item to the buyer's sum.
    ///
    /// - Parameter sums: Shape `[userCount]`.
    /// - Complexity: O(buyers).
    func addBuyers(of item: Int, times factor: Double, to sums: inout [Double]) {
        precondition(sums.count == userCount, "a sum for each user")
        let range = postings(of: item)
        // Safe: `invert` wrote users below the count at the places of postings.
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            unsafe postingUsers.withUnsafeBufferPointer { users in
                unsafe postingWeights.withUnsafeBufferPointer { weights in
                    for place in range { unsafe sums[Int(users[place])] += factor * Double(weights[place]) }
                }
            }
        }
    }

    func itemNorms() -> [Double] {
        (0..<itemLimit).map { item in
            postings(of: item).reduce(0.0) { sum, place in
                let weight = posting(place).weight
                return sum + weight * weight
            }.squareRoot()
        }
    }

    /// Of each place in `items`. Complexity: O(places).
    func weights() -> [Float] {
        var weights = [Float](repeating: 0, count: items.count)
        for (posting, place) in postingPlaces().enumerated() { weights[Int(place)] = postingWeights[posting] }
        return weights
    }

    func userNorms() -> [Double] {
        let weights = weights()
        return (0..<userCount).map { user in
            row(of: UInt32(user)).reduce(0.0) { $0 + Double(weights[$1]) * Double(weights[$1]) }.squareRoot()
        }
    }

    /// For each posting its place in `items`.
    func postingPlaces() -> [UInt32] {
        var next = itemOffsets
        var places = [UInt32](repeating: 0, count: items.count)
        for (place, item) in items.enumerated() {
            places[Int(next[Int(item)])] = UInt32(place)
            next[Int(item)] += 1
        }
        return places
    }

    private mutating func invert(_ weights: [Float]) {
        itemOffsets = Array(repeating: 0, count: itemLimit + 1)
        for item in items { itemOffsets[Int(item) + 1] += 1 }
        for item in 0..<itemLimit { itemOffsets[item + 1] += itemOffsets[item] }
        postingUsers = Array(repeating: 0, count: items.count)
        postingWeights = Array(repeating: 0, count: items.count)
        var next = itemOffsets
        for user in 0..<userCount {
            for place in row(of: UInt32(user)) {
                let item = Int(items[place])
                postingUsers[Int(next[item])] = UInt32(user)
                postingWeights[Int(next[item])] = weights[place]
                next[item] += 1
            }
        }
    }

    func store(in file: inout ColumnFile) {
        file.set("user_offsets", userOffsets)
        file.set("user_items", items)
        file.set("user_weights", weights())
        file.set("item_limit", [Double(itemLimit)])
    }

    init(_ file: ColumnFile) throws(StorageError) {
        userOffsets = try file.uint32s("user_offsets")
        items = try file.uint32s("user_items")
        let weights = try file.floats("user_weights")
        let limit = try file.number("item_limit")
        guard let itemLimit = Int(exactly: limit), (0...Int(UInt32.max)).contains(itemLimit), userOffsets.first == 0,
            zip(userOffsets, userOffsets.dropFirst()).allSatisfy({ $0 <= $1 }),
            userOffsets.last.map(Int.init) == items.count, items.count == weights.count,
            items.allSatisfy({ Int($0) < itemLimit })
        else { throw file.damaged("its users do not fit together") }
        self.itemLimit = itemLimit
        invert(weights)
    }
}
