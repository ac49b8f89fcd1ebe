internal import Domain
internal import Features
internal import Numerics
internal import Recommenders

/// Which lists teach clicks and which test them, with the features of their items as of the windows' moments.
///
/// The newest fifth of the lists is the test. Of the others the newest fifth chooses how long a network of clicks alone learns, in the
/// folds, where the rest teaches. Lists are drawn by the seed where they hold more examples than are asked for.
///
/// A list's features are those of the newest moment of a window at or before it, at the latest that of the window that is tested: so
/// neither a purchase that followed a click nor one of the tested window is seen through them. A real list at or after the tested window's
/// moment teaches nothing, for who clicks soon buys; a simulated one may, as its clicks hold nothing of purchases.
struct ClickLists {
    /// Fewer lists teach nothing.
    static let least = 50

    private let lists: [ClickLog.ShownList]
    /// By list: the number of the newest window whose moment lies at or before it.
    private let windows: [Int]
    private let isTest: [Bool]
    private let folds: Int
    /// By window and list: the rows of its places, one after the other.
    private var rows: [Int: [Int: [Float]]] = [:]

    /// - Parameters:
    ///   - trainingCount: The most examples that teach, and that choose, in all.
    ///   - testCount: The most examples that test.
    /// - Returns: `nil` for a log in which too few lists were chosen from, or where one of the parts lacks an answer.
    init?(_ log: ClickLog, windows: PurchaseWindows, trainingCount: Int, testCount: Int, seed: UInt64) {
        let dated = log.lists.compactMap { list in
            windows.cuts.firstIndex { $0 <= list.time }.map { (list: list, window: $0) }
        }
        guard dated.count >= Self.least else { return nil }
        let start = dated.count - dated.count / 5
        var random = SeededGenerator(seed: seed)
        let chosen =
            Self.drawn(0..<start, limit: trainingCount, &random) { dated[$0].list.places.count }
            + Self.drawn(start..<dated.count, limit: testCount, &random) { dated[$0].list.places.count }
        lists = chosen.map { dated[$0].list }
        self.windows = chosen.map { dated[$0].window }
        isTest = chosen.map { $0 >= start }
        folds = windows.folds
        for window in 0...folds {
            let (learned, asked) = parts(window)
            for part in [learned, asked] {
                let answers = Set(part.flatMap { lists[$0].places.map(\.isClicked) })
                guard answers.count == 2 else { return nil }
            }
        }
    }

    /// Lists by their number, in the order of time: what teaches where this window is tested, and what is asked then. For window 0 that is
    /// the test, for a fold what chooses.
    private func parts(_ window: Int) -> (learned: [Int], asked: [Int]) {
        let older = lists.indices.filter { !isTest[$0] && (lists[$0].isSynthetic || windows[$0] > window) }
        guard window > 0 else { return (older, lists.indices.filter { isTest[$0] }) }
        let start = older.count - older.count / 5
        return (Array(older[..<start]), Array(older[start...]))
    }

    /// Takes what is known at a window's moment of the lists that need it. Every window has to be added once.
    mutating func add(_ ranker: RankerRows, window: Int) {
        var own: [Int: [Float]] = [:]
        for (number, list) in lists.enumerated() {
            guard windows[number] == window || (window <= folds && windows[number] < window) else { continue }
            own[number] = ranker.rows(of: list.places.map(\.item), for: list.user.map { UserNumber($0) })
        }
        rows[window] = own
    }

    /// What teaches where a window is tested, and what is asked then.
    func examples(
        testing window: Int, facts: ItemFacts
    ) -> (learned: ClickExamples, asked: ClickExamples) {
        let (learned, asked) = parts(window)
        func made(_ part: [Int]) -> ClickExamples {
            var examples = ClickExamples()
            for number in part {
                let moment = max(window, windows[number])
                examples.append(lists[number], number: UInt32(number), rows: rows[moment]?[number] ?? [], facts)
            }
            return examples
        }
        return (made(learned), made(asked))
    }

    /// Lists in an order drawn by the seed until their examples pass the limit; in the order of time again.
    private static func drawn(
        _ range: Range<Int>, limit: Int, _ random: inout SeededGenerator, examples: (Int) -> Int
    ) -> [Int] {
        var (chosen, count): ([Int], Int) = ([], 0)
        for number in range.shuffled(using: &random) {
            count += examples(number)
            guard count <= limit else { break }
            chosen.append(number)
        }
        return chosen.sorted()
    }
}

/// Items that shoppers looked at in lists, and whether they clicked them.
struct ClickExamples {
    /// Shape `[count, PurchaseExamples.features.count]`; NaN stands for what does not exist.
    private(set) var rows: [Float] = []
    private(set) var labels: [Bool] = []
    private(set) var items: [UInt32] = []
    /// The list of each example.
    private(set) var lists: [UInt32] = []
    /// Whether a simulated list is among them.
    private(set) var isSynthetic = false
    /// The item's own; those of people are `none`.
    private(set) var fields = PurchaseFields(length: 0)

    var count: Int { labels.count }
    var listCount: Int { Set(lists).count }

    /// - Parameter rows: Shape `[places, features]`.
    mutating func append(_ list: ClickLog.ShownList, number: UInt32, rows: [Float], _ facts: ItemFacts) {
        precondition(rows.count == list.places.count * PurchaseExamples.features.count, "a row for each place")
        self.rows += rows
        isSynthetic = isSynthetic || list.isSynthetic
        labels += list.places.map(\.isClicked)
        items += list.places.map(\.item)
        lists += list.places.map { _ in number }
        fields.append(PurchaseFields(items: list.places.map(\.item), facts: facts))
    }
}
