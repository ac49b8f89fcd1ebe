internal import Domain
internal import Features
internal import Recommenders

/// What is a name rather than a number in examples of purchases: categorical fields, and what the person bought before.
///
/// As of the examples' moment: nothing at or after it is seen, but for the label of the second question. There is no field for the
/// person: a model would then hold something of them that erasing had to find.
struct PurchaseFields: Sendable {
    /// Of the item, and of the person's habits before the moment: the weekday and the part of the day of most of their baskets, and the
    /// branch of the newest.
    enum Field: Int, CaseIterable, Sendable {
        case item, type, category, brand, brandClass, weekday, partOfDay, branch
    }

    /// Fields that an item of a history has too.
    static let historyFields: [Field] = [.item, .type, .category]
    /// Stands for what is not known.
    static let none = UInt32.max

    /// The most items of a history.
    let length: Int
    /// Shape `[count, Field.allCases.count]`.
    private(set) var values: [UInt32] = []
    /// Different items that the person bought before the moment, the newest first; shape `[count, length, historyFields.count]`, with
    /// `none` behind the last.
    private(set) var histories: [UInt32] = []
    /// How many items each history has.
    private(set) var lengths: [Int] = []
    /// Whether the person bought something of the item's type within the days: the second question.
    private(set) var isTypeBought: [Bool] = []

    var count: Int { lengths.count }

    init(length: Int) { self.length = length }

    /// One example, whose history is as long as `history` says.
    init(values: [UInt32], history: [UInt32], isTypeBought: Bool, length: Int) {
        self.init(length: length)
        let ofItem = Self.historyFields.count
        precondition(
            values.count == Field.allCases.count && history.count % ofItem == 0 && history.count <= length * ofItem,
            "a value for each field, and a history that fits")
        self.values = values
        histories = history + [UInt32](repeating: Self.none, count: length * ofItem - history.count)
        lengths = [history.count / ofItem]
        self.isTypeBought = [isTypeBought]
    }

    /// Fields of items that somebody unknown looked at: what hangs on a person is `none`, and histories are empty.
    init(items: [UInt32], facts: ItemFacts) {
        self.init(length: 0)
        let people = [UInt32](repeating: Self.none, count: Field.allCases.count - Self.itemFields)
        values = items.flatMap { Self.of($0, facts) + people }
        lengths = items.map { _ in 0 }
        isTypeBought = items.map { _ in false }
    }

    /// Fields of examples that were made at `cut`.
    ///
    /// - Parameter days: Length of the time in which a purchase counts.
    /// - Complexity: O(lines of the people + count × length).
    init(
        _ examples: PurchaseExamples, at cut: Timestamp, from set: TrainingSet, branches: BranchLog, days: Int,
        length: Int
    ) {
        self.init(length: length)
        var known: (user: UInt32, person: Person)?
        for (user, item) in zip(examples.users, examples.items) {
            if known?.user != user {
                known = (
                    user, Person(UserNumber(user), at: cut, from: set, branches: branches, days: days, length: length)
                )
            }
            guard let person = known?.person else { continue }
            let type = set.facts.type(ItemNumber(item))
            values += Self.of(item, set.facts) + person.habits
            histories += person.history
            lengths.append(person.historyCount)
            isTypeBought.append(type.map(person.typesLater.contains) ?? person.itemsLater.contains(item))
        }
    }

    mutating func append(_ other: PurchaseFields) {
        precondition(length == other.length, "histories of one length")
        values += other.values
        histories += other.histories
        lengths += other.lengths
        isTypeBought += other.isTypeBought
    }

    /// How many fields hang on the item alone.
    private static let itemFields = 5

    /// The fields that hang on the item alone, in the order of `Field`.
    private static func of(_ item: UInt32, _ facts: ItemFacts) -> [UInt32] {
        let number = ItemNumber(item)
        return [
            item, facts.type(number) ?? none, facts.category(number) ?? none, facts.brand(number) ?? none,
            UInt32(facts.brandClass(number).rawValue),
        ]
    }

    /// What one person's examples share.
    private struct Person {
        private(set) var habits: [UInt32]
        private(set) var history: [UInt32] = []
        private(set) var historyCount = 0
        private(set) var itemsLater: Set<UInt32> = []
        private(set) var typesLater: Set<UInt32> = []

        init(_ user: UserNumber, at cut: Timestamp, from set: TrainingSet, branches: BranchLog, days: Int, length: Int)
        {
            let past = set.log.range(of: user, before: cut)
            let end = set.log.range(of: user, before: cut.adding(days: Double(days))).upperBound
            habits = Self.habits(past, set.log) + [branches.branch(of: user, before: cut) ?? PurchaseFields.none]
            var seen: Set<UInt32> = []
            for place in past.reversed() where historyCount < length && seen.insert(set.log.items[place]).inserted {
                history += PurchaseFields.of(set.log.items[place], set.facts).prefix(PurchaseFields.historyFields.count)
                historyCount += 1
            }
            let missing = (length - historyCount) * PurchaseFields.historyFields.count
            history += repeatElement(PurchaseFields.none, count: missing)
            for item in set.log.items[past.upperBound..<end] {
                itemsLater.insert(item)
                if let type = set.facts.type(ItemNumber(item)) { typesLater.insert(type) }
            }
        }

        /// The weekday and the quarter of the day, in UTC, of most baskets; the earlier of equal ones.
        private static func habits(_ lines: Range<Int>, _ log: InteractionLog) -> [UInt32] {
            var (days, parts) = ([Int](repeating: 0, count: 7), [Int](repeating: 0, count: 4))
            var basket: Int32?
            for place in lines where log.baskets[place] != basket {
                basket = log.baskets[place]
                let time = max(0, log.times[place])
                days[Int(time / Timestamp.millisecondsPerDay % 7)] += 1
                parts[Int(time % Timestamp.millisecondsPerDay * 4 / Timestamp.millisecondsPerDay)] += 1
            }
            func most(_ counts: [Int]) -> UInt32 { counts.max().flatMap(counts.firstIndex).map { UInt32($0) } ?? 0 }
            return [most(days), most(parts)]
        }
    }
}
