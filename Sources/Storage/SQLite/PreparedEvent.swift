internal import Domain

/// An event that was checked and hashed on its caller's thread.
struct PreparedEvent: Sendable {
    let event: Event
    let idHash: Int64
    let user: PseudonymKey?

    init(_ event: Event, key: [UInt8]) throws(StorageError) {
        try Self.check(event)
        self.event = event
        idHash = Sodium.sipHash(event.id, key: key)
        user = event.user.map { PseudonymKey($0) }
    }

    /// Refuses what no store takes; the message holds nothing personal.
    static func check(_ event: Event) throws(StorageError) {
        guard (1...128).contains(event.id.utf8.count) else {
            throw StorageError(.constraint, "An event_id must have 1 to 128 bytes.")
        }
        if let rating = event.rating, !rating.isFinite {
            throw StorageError(.constraint, "The rating of an event must be a finite number.")
        }
    }
}

extension Channel {
    /// The number that stands for the channel in tables; never changed.
    var code: Int64 {
        switch self {
        case .web: 0
        case .app: 1
        case .store: 2
        }
    }

    init(code: Int64) { self = code == 2 ? .store : code == 1 ? .app : .web }
}
