internal import Domain
internal import Storage

/// At which branches people bought, as the log of purchases names them.
struct BranchLog: Sendable {
    /// Names of branches by number.
    private(set) var names: [String] = []
    /// Visits by person, in the order of time.
    private var visits: [[(time: Int64, branch: UInt32)]] = []

    /// No visits are known: every person's branch is unknown.
    init() {}

    /// Reads real purchases that name a branch. Complexity: O(events).
    init(reading store: any EventStore) throws(StorageError) {
        var numbers: [String: UInt32] = [:]
        let filter = EventFilter(names: [.purchase], includesSynthetic: false)
        try store.forEachEvent(filter) { logged in
            guard let user = logged.user, let name = logged.event.store else { return }
            let number = numbers[name] ?? UInt32(names.count)
            if numbers[name] == nil {
                numbers[name] = number
                names.append(name)
            }
            while visits.count <= user.index { visits.append([]) }
            visits[user.index].append((logged.event.time.milliseconds, number))
        }
        for user in visits.indices { visits[user].sort { ($0.time, $0.branch) < ($1.time, $1.branch) } }
    }

    /// The branch of the person's newest purchase before a moment.
    func branch(of user: UserNumber, before moment: Timestamp) -> UInt32? {
        guard user.index < visits.count else { return nil }
        return visits[user.index].last { $0.time < moment.milliseconds }?.branch
    }
}
