import Domain
import Features
import Numerics

/// Sixty people, each buying two items of their own every week, and one of twenty that changes.
enum WeeklyLog {
    private static let day: Int64 = 86_400_000

    static func make(weeks: Int64) -> InteractionLog {
        var lines: [InteractionLog.Line] = []
        var random = SeededGenerator(seed: 4)
        for user: UInt32 in 0..<60 {
            for week in 0..<weeks {
                let changing = 20 + UInt32.random(in: 0..<20, using: &random)
                for item in [user % 10, 10 + user % 7, changing] {
                    lines.append(
                        .init(
                            user: UserNumber(user), item: ItemNumber(item),
                            time: Timestamp(milliseconds: week * 7 * day + Int64(user)), group: week))
                }
            }
        }
        return InteractionLog(lines)
    }
}
