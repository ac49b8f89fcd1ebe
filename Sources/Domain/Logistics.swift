/// A place from which orders are sent.
public struct Warehouse: Hashable, Sendable {
    public var id: String
    public var name: String
    public var latitude: Double?
    public var longitude: Double?
    /// How many pieces it holds.
    public var capacity: Int
    /// Made up by the simulation, and labelled as such wherever it shows.
    public var isSynthetic: Bool

    public init(
        id: String, name: String, latitude: Double? = nil, longitude: Double? = nil, capacity: Int,
        isSynthetic: Bool = false
    ) {
        (self.id, self.name, self.latitude, self.longitude) = (id, name, latitude, longitude)
        (self.capacity, self.isSynthetic) = (capacity, isSynthetic)
    }
}

/// Somebody who brings orders to shoppers.
public struct Carrier: Hashable, Sendable {
    public var id: String
    public var name: String
    /// Parcels that it takes in a day.
    public var parcelsPerDay: Int
    /// Working days from the warehouse to the shopper, from the fastest to the slowest; zero is the same day.
    public var transitDays: ClosedRange<Int>
    /// Made up by the simulation, and labelled as such wherever it shows.
    public var isSynthetic: Bool

    public init(
        id: String, name: String, parcelsPerDay: Int, transitDays: ClosedRange<Int>, isSynthetic: Bool = false
    ) {
        (self.id, self.name, self.parcelsPerDay) = (id, name, parcelsPerDay)
        (self.transitDays, self.isSynthetic) = (transitDays, isSynthetic)
    }
}
