internal import Domain
internal import Storage

/// Lists that shoppers saw and chose from, each as far down as they looked.
///
/// A list is taken to be looked at from its top to its lowest click: what stands above a click and was not clicked was passed over
/// ("skip above": Joachims, KDD 2002), what stands below the lowest is left out, and so are lists without a click, of which nothing tells
/// how far somebody looked.
struct ClickLog: Sendable {
    struct Place: Sendable, Hashable {
        let item: UInt32
        /// From 1.
        let position: Int
        let isClicked: Bool
    }

    struct ShownList: Sendable, Hashable {
        let time: Timestamp
        /// `nil` for somebody unknown.
        let user: UInt32?
        let isSynthetic: Bool
        /// From the top to the lowest click.
        let places: [Place]
    }

    /// In the order of time.
    let lists: [ShownList]

    init(_ lists: [ShownList] = []) { self.lists = lists }

    /// Reads `view_item_list` events and the `select_item` events of the same impression.
    ///
    /// Several list events of one impression are one list, with the person and the time of the first. An item without a position, or that
    /// the catalogue does not know, is passed over, as are a click on what was not shown and an event without an impression; an item that is
    /// shown or clicked twice counts once, where it was first.
    ///
    /// - Parameter before: Events at or after it do not count; `nil` for all.
    /// - Parameter includesSynthetic: Whether what `souk simulate` made counts.
    /// - Complexity: O(events), in two passes; memory for lists with a click alone.
    init(reading store: any EventStore, before: Timestamp? = nil, includesSynthetic: Bool) throws(StorageError) {
        func events(_ name: EventName) -> EventFilter {
            EventFilter(names: [name], before: before, includesSynthetic: includesSynthetic)
        }
        var clicks: [String: Set<UInt32>] = [:]
        try store.forEachEvent(events(.selectItem)) { logged in
            guard let impression = logged.event.impressionID else { return }
            for case let item? in logged.items { clicks[impression, default: []].insert(item.rawValue) }
        }
        var shown: [String: Shown] = [:]
        try store.forEachEvent(events(.viewItemList)) { logged in
            guard let impression = logged.event.impressionID, let clicked = clicks[impression] else { return }
            shown[impression, default: Shown(logged)].add(logged, clicked: clicked)
        }
        lists = shown.values.sorted { ($0.time, $0.sequence) < ($1.time, $1.sequence) }.compactMap(\.list)
    }

    /// A list while it is read.
    private struct Shown {
        let time: Timestamp
        let sequence: Int64
        private let user: UInt32?
        private let isSynthetic: Bool
        private var places: [Place] = []
        private var seen: Set<UInt32> = []

        init(_ logged: LoggedEvent) {
            (time, sequence, user) = (logged.event.time, logged.sequence, logged.user?.rawValue)
            isSynthetic = logged.event.isSynthetic
        }

        mutating func add(_ logged: LoggedEvent, clicked: Set<UInt32>) {
            for (entry, number) in zip(logged.event.items, logged.items) {
                guard let position = entry.position, position >= 1, let item = number?.rawValue,
                    seen.insert(item).inserted
                else { continue }
                places.append(Place(item: item, position: position, isClicked: clicked.contains(item)))
            }
        }

        /// `nil` where nothing that was shown was clicked.
        var list: ShownList? {
            guard let lowest = places.lazy.filter(\.isClicked).map(\.position).max() else { return nil }
            return ShownList(
                time: time, user: user, isSynthetic: isSynthetic,
                places: places.filter { $0.position <= lowest }.sorted {
                    ($0.position, $0.item) < ($1.position, $1.item)
                })
        }
    }
}
