public import Domain
public import JSON

/// Reads where a shop sells and sends from, and who brings it: branches, warehouses and carriers.
public enum PlaceReader {
    public static func store(from value: JSONValue) throws(FeedError) -> Store {
        let fields = try FieldReader(value)
        let (id, name) = try identity(fields)
        let (latitude, longitude) = try position(fields)
        return Store(id: id, name: name, latitude: latitude, longitude: longitude)
    }

    public static func warehouse(from value: JSONValue) throws(FeedError) -> Warehouse {
        let fields = try FieldReader(value)
        let (id, name) = try identity(fields)
        let (latitude, longitude) = try position(fields)
        let capacity = try required(fields.integer("capacity", in: 0...2_000_000_000), "capacity")
        return Warehouse(id: id, name: name, latitude: latitude, longitude: longitude, capacity: Int(capacity))
    }

    public static func carrier(from value: JSONValue) throws(FeedError) -> Carrier {
        let fields = try FieldReader(value)
        let (id, name) = try identity(fields)
        let parcels = try required(fields.integer("parcels_per_day", in: 0...1_000_000_000), "parcels_per_day")
        let fastest = try required(fields.integer("fastest_days", in: 0...365), "fastest_days")
        let slowest = try required(fields.integer("slowest_days", in: 0...365), "slowest_days")
        guard fastest <= slowest else {
            throw FeedError(
                .invalidValue, "`slowest_days` must be at least `fastest_days`.", field: "slowest_days")
        }
        return Carrier(
            id: id, name: name, parcelsPerDay: Int(parcels), transitDays: Int(fastest)...Int(slowest))
    }

    private static func identity(_ fields: FieldReader) throws(FeedError) -> (id: String, name: String) {
        let id = try required(fields.identifier("id", maximumBytes: 64), "id")
        return (id, try fields.text("name", maximumBytes: 256) ?? id)
    }

    /// Degrees of the World Geodetic System, both or none.
    private static func position(
        _ fields: FieldReader
    ) throws(FeedError) -> (latitude: Double?, longitude: Double?) {
        let latitude = try fields.number("latitude", in: -90...90)
        let longitude = try fields.number("longitude", in: -180...180)
        guard (latitude == nil) == (longitude == nil) else {
            throw FeedError(
                .missingField, "A position needs `latitude` and `longitude`.",
                field: latitude == nil ? "latitude" : "longitude")
        }
        return (latitude, longitude)
    }

    private static func required<Value>(_ value: Value?, _ name: String) throws(FeedError) -> Value {
        guard let value else { throw FeedError(.missingField, "The record has no `\(name)`.", field: name) }
        return value
    }
}
