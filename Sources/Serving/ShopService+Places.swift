import Domain
import Feeds
public import JSON
import Storage
import Synchronization

extension ShopService {
    /// Adds or replaces branches by identifier; refused records are named.
    public func setStores(_ values: [JSONValue]) throws -> PlaceAnswer {
        defer { branches.withLock { $0 = nil } }
        return try take(values, PlaceReader.store, store.setStores)
    }

    /// Adds or replaces warehouses by identifier; refused records are named.
    public func setWarehouses(_ values: [JSONValue]) throws -> PlaceAnswer {
        try take(values, PlaceReader.warehouse, store.setWarehouses)
    }

    /// Adds or replaces carriers by identifier; refused records are named.
    public func setCarriers(_ values: [JSONValue]) throws -> PlaceAnswer {
        try take(values, PlaceReader.carrier, store.setCarriers)
    }

    private func take<Place>(
        _ values: [JSONValue], _ read: (JSONValue) throws -> Place, _ write: ([Place]) throws -> Void
    ) throws -> PlaceAnswer {
        var answer = PlaceAnswer()
        var places: [Place] = []
        for (index, value) in values.enumerated() {
            do {
                places.append(try read(value))
            } catch {
                answer.rejected.append((index, "\(error)"))
            }
        }
        try write(places)
        answer.written = places.count
        return answer
    }
}
