internal import Domain
internal import Synchronization

/// A store in memory, for tests and trials: the same promises as `SQLiteStore`, except that nothing outlives the process.
public final class MemoryStore: CatalogueStore, EventStore, Sendable {
    struct State: Sendable {
        var items: [StoredItem] = []
        var numbers: [ItemID: ItemNumber] = [:]
        /// By item number.
        var offers: [Int: [OfferKey: Offer]] = [:]
        var stores: [String: Store] = [:]
        var warehouses: [String: Warehouse] = [:]
        var carriers: [String: Carrier] = [:]
        var events: [(sequence: Int64, event: Event)] = []
        var eventIDs: Set<String> = []
        var lastSequence: Int64 = 0
        var users: [Pseudonym: UserNumber] = [:]
        var nextUser: UInt32 = 0
        var customers: [Pseudonym: Customer] = [:]
        var campaigns: [String: Campaign] = [:]
        var erasures = 0
    }

    struct OfferKey: Hashable, Comparable, Sendable {
        let market: String
        let group: String
        static func < (left: OfferKey, right: OfferKey) -> Bool {
            (left.market, left.group) < (right.market, right.group)
        }
    }

    let state = Mutex(State())

    public init() {}
}
