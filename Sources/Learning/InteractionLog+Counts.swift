import Domain
import Features

extension InteractionLog {
    /// How many users bought each item, shape `[itemLimit]`. Complexity: O(lines).
    func userCounts(itemLimit: Int) -> [Int] {
        var counts = Array(repeating: 0, count: itemLimit)
        var last = Array(repeating: -1, count: itemLimit)
        for user in 0..<userLimit {
            for line in range(of: UserNumber(UInt32(user))) {
                let item = Int(items[line])
                guard item < itemLimit, last[item] != user else { continue }
                last[item] = user
                counts[item] += 1
            }
        }
        return counts
    }

    /// How many baskets a user had. Complexity: O(lines of the user).
    func basketCount(of user: UserNumber) -> Int { Set(baskets[range(of: user)]).count }

    /// How many users bought anything.
    var activeUsers: Int { (0..<userLimit).count { !range(of: UserNumber(UInt32($0))).isEmpty } }
}
