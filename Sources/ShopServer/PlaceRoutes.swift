import Domain
import HTTP
import JSON
import Serving
import Storage

/// Where the shop sells and sends from, and who brings it.
enum PlaceRoutes {
    static let maximumRecords = 5000
    private static let shoppers = Access.key([.search, .ingest, .admin], .viewer)
    private static let readers = Access.key([.ingest, .admin], .viewer)
    private static let writers = Access.key([.ingest, .admin], .admin)

    static let routes: [Route] = [
        Route("GET", "/v1/shops/{shop}/stores", shoppers, stores),
        Route("PUT", "/v1/shops/{shop}/stores", writers) { call in
            try put(call, "stores") { try call.service().setStores($0) }
        },
        Route("GET", "/v1/shops/{shop}/warehouses", readers, warehouses),
        Route("PUT", "/v1/shops/{shop}/warehouses", writers) { call in
            try put(call, "warehouses") { try call.service().setWarehouses($0) }
        },
        Route("GET", "/v1/shops/{shop}/carriers", readers, carriers),
        Route("PUT", "/v1/shops/{shop}/carriers", writers) { call in
            try put(call, "carriers") { try call.service().setCarriers($0) }
        },
    ]

    private static func stores(_ call: Call) throws -> HTTPResponse {
        let (near, radius) = try SearchRoutes.place(call)
        var stores = try call.service().store.stores()
        func distance(_ store: Store) -> Double? {
            guard let near, let latitude = store.latitude, let longitude = store.longitude else { return nil }
            return GeoPoint(latitude: latitude, longitude: longitude).map { near.distance(to: $0) }
        }
        if near != nil {
            let placed = stores.compactMap { store in distance(store).map { (store, $0) } }
            stores = placed.filter { $0.1 <= radius ?? .infinity }.sorted { $0.1 < $1.1 }.map(\.0)
        }
        return list("stores", stores) { place, writer in
            distance(place).map { writer.member("distance", $0.rounded()) }
            place.latitude.map { writer.member("latitude", $0) }
            place.longitude.map { writer.member("longitude", $0) }
            names(place.id, place.name, place.isSynthetic, &writer)
        }
    }

    private static func warehouses(_ call: Call) throws -> HTTPResponse {
        list("warehouses", try call.service().store.warehouses()) { place, writer in
            place.latitude.map { writer.member("latitude", $0) }
            place.longitude.map { writer.member("longitude", $0) }
            writer.member("capacity", place.capacity)
            names(place.id, place.name, place.isSynthetic, &writer)
        }
    }

    private static func carriers(_ call: Call) throws -> HTTPResponse {
        list("carriers", try call.service().store.carriers()) { carrier, writer in
            writer.member("parcels_per_day", carrier.parcelsPerDay)
            writer.member("fastest_days", carrier.transitDays.lowerBound)
            writer.member("slowest_days", carrier.transitDays.upperBound)
            names(carrier.id, carrier.name, carrier.isSynthetic, &writer)
        }
    }

    private static func names(_ id: String, _ name: String, _ isSynthetic: Bool, _ writer: inout JSONWriter) {
        writer.member("id", id)
        writer.member("name", name)
        writer.member("synthetic", isSynthetic)
    }

    private static func list<Place>(
        _ name: StaticString, _ places: [Place], _ write: (Place, inout JSONWriter) -> Void
    ) -> HTTPResponse {
        Call.respond { writer in
            writer.array(name) { writer in
                for place in places { writer.object { write(place, &$0) } }
            }
        }
    }

    private static func put(
        _ call: Call, _ name: String, _ write: ([JSONValue]) throws -> PlaceAnswer
    ) throws -> HTTPResponse {
        let answer = try write(call.records(name, limit: maximumRecords))
        try call.audit("\(name).put", "\(answer.written) written")
        return Call.respond { writer in
            writer.member("written", answer.written)
            writer.rejected(answer.rejected)
        }
    }
}
