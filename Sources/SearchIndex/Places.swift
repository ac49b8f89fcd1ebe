import Domain

/// The places of a segment's documents, and how far each is from where a shopper is.
struct Places {
    static let latitudeName = "latitude"
    static let longitudeName = "longitude"

    private let latitudes: Column<Double>
    private let longitudes: Column<Double>
    private let origin: GeoPoint

    /// Returns `nil` if no document of the segment has a place.
    init?(_ segment: Segment, from origin: GeoPoint) {
        func column(_ name: String) -> Column<Double>? { segment.numberColumns.first { $0.name == name }?.values }
        guard let latitudes = column(Self.latitudeName), let longitudes = column(Self.longitudeName) else { return nil }
        (self.latitudes, self.longitudes, self.origin) = (latitudes, longitudes, origin)
    }

    /// In metres; `nil` without a place.
    func distance(_ document: Int) -> Double? {
        GeoPoint(latitude: latitudes[document], longitude: longitudes[document]).map { origin.distance(to: $0) }
    }
}
