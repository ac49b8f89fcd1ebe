import Foundation

/// A place on earth.
public struct GeoPoint: Hashable, Sendable {
    /// The mean radius of the earth.
    public static let earthRadiusMetres = 6_371_008.8

    /// In degrees: north is positive, in `-90...90`; east is positive, in `-180...180`.
    public let latitude: Double
    public let longitude: Double

    /// Returns `nil` for coordinates out of range.
    public init?(latitude: Double, longitude: Double) {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude) else { return nil }
        (self.latitude, self.longitude) = (latitude, longitude)
    }

    /// The distance along the surface of a sphere in metres, by the haversine formula; off by at most 0.6 %.
    public func distance(to other: GeoPoint) -> Double {
        let degree = Double.pi / 180
        let rise = sin((other.latitude - latitude) * degree / 2)
        let turn = sin((other.longitude - longitude) * degree / 2)
        let chord = rise * rise + cos(latitude * degree) * cos(other.latitude * degree) * turn * turn
        return 2 * Self.earthRadiusMetres * asin(min(1, chord.squareRoot()))
    }
}
