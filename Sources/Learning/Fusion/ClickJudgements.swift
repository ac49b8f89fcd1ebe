import Domain
import Storage

/// Grades that shoppers' choices give the items that they were shown after a query.
///
/// Clicks over expected clicks (Zhang and Jones, WWW 2007): what stands further down is looked at less, so each showing counts as many
/// clicks as its place usually gets. Items that nobody was shown have no grade.
struct ClickJudgements {
    private static let places = 100
    /// By query, lower case, and item.
    private var shown: [String: [ItemID: [Int]]] = [:]
    private var clicks: [String: [ItemID: Int]] = [:]
    private var showings = [Int](repeating: 0, count: places + 1)
    private var choices = [Int](repeating: 0, count: places + 1)

    /// - Parameter includesSynthetic: Whether what `souk simulate` made counts.
    init(_ store: any EventStore, includesSynthetic: Bool) throws {
        let filter = EventFilter(names: [.viewItemList, .selectItem], includesSynthetic: includesSynthetic)
        try store.forEachEvent(filter) { logged in add(logged.event) }
    }

    private mutating func add(_ event: Event) {
        guard let query = event.query?.lowercased(), !query.isEmpty else { return }
        for item in event.items {
            let place = min(Self.places, max(1, item.position ?? Self.places))
            if event.name == .viewItemList {
                shown[query, default: [:]][item.item, default: []].append(place)
                showings[place] += 1
            } else {
                clicks[query, default: [:]][item.item, default: 0] += 1
                choices[place] += 1
            }
        }
    }

    /// Queries in alphabetical order, with grades of the items that were shown: 0 not chosen, 1 less often than is usual at its places, 2
    /// as often, 3 from twice as often on. Queries after which nobody chose, and with fewer than two items, are left out.
    var graded: [(query: String, grades: [ItemID: Int])] {
        shown.keys.sorted().compactMap { query in
            guard let items = shown[query], items.count > 1, let chosen = clicks[query] else { return nil }
            let grades = items.mapValues { places in
                places.reduce(0) { $0 + Double(choices[$1]) / Double(showings[$1]) }
            }
            let result = Dictionary(
                uniqueKeysWithValues: grades.map { item, expected in
                    let ratio = Double(chosen[item] ?? 0) / max(1e-9, expected)
                    return (item, ratio <= 0 ? 0 : ratio < 1 ? 1 : ratio < 2 ? 2 : 3)
                })
            return result.values.contains { $0 > 0 } ? (query, result) : nil
        }
    }
}
