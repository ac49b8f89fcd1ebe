internal import Domain
internal import Synchronization

/// Identifiers and numbers of all items in memory; both never change, so that it only ever grows.
final class ItemDirectory: Sendable {
    struct Content: Sendable {
        /// By number.
        var ids: [ItemID] = []
        var numbers: [ItemID: UInt32] = [:]
    }

    private let content = Mutex(Content())

    /// All that is on disk, as a value that the caller may keep.
    func loaded(from connection: SQLiteConnection) throws(StorageError) -> Content {
        let known = content.withLock { $0 }
        let statement = try connection.statement("SELECT id FROM item WHERE number >= ?1 ORDER BY number")
        statement.bind(1, Int64(known.ids.count))
        var added: [ItemID] = []
        while try statement.step() {
            guard let id = ItemID(statement.text(0)) else {
                throw StorageError(.corrupt, "\(connection.path): an item has an empty identifier. Restore a backup.")
            }
            added.append(id)
        }
        statement.reset()
        if added.isEmpty { return known }
        return content.withLock { held in
            // Another thread may have added some of them meanwhile.
            for (offset, id) in added.enumerated() where known.ids.count + offset == held.ids.count {
                held.numbers[id] = UInt32(held.ids.count)
                held.ids.append(id)
            }
            return held
        }
    }
}
