import Domain
import Storage
import TestSupport

/// A kind of store that the conformance suite runs on, in a folder of its own.
enum StoreKind: CaseIterable, Sendable {
    case memory, sqlite

    func open() throws -> OpenedStore {
        let folder = try TemporaryFolder()
        switch self {
        case .memory: return OpenedStore(MemoryStore(), folder)
        case .sqlite:
            let key = try IdentityKey(file: folder.file("identity.key"), creates: true)
            return OpenedStore(
                try SQLiteStore(path: folder.file("shop.sqlite"), mode: .readWrite, sealer: Sealer(key: key)), folder)
        }
    }
}

/// A store, and the folder that must live as long.
struct OpenedStore {
    let store: any CatalogueStore & EventStore
    let folder: TemporaryFolder

    init(_ store: any CatalogueStore & EventStore, _ folder: TemporaryFolder) {
        (self.store, self.folder) = (store, folder)
    }
}

func itemID(_ text: String) -> ItemID { ItemID(text)! }

/// The pseudonym that ends in the digits of `number`.
func pseudonym(_ number: Int) -> Pseudonym {
    let digits = String(number, radix: 16)
    return Pseudonym(String(repeating: "0", count: 32 - digits.count) + digits)!
}

func purchase(_ id: String, at milliseconds: Int64 = 1000, by user: Int? = nil, _ items: String...) -> Event {
    var event = Event(id: id, name: .purchase, time: Timestamp(milliseconds: milliseconds))
    event.user = user.map { pseudonym($0) }
    event.items = items.map { EventItem(item: itemID($0)) }
    return event
}
