import Domain
import HTTP
import JSON
import Serving
import Storage

/// Conditions of a search beside its words, filters and prices.
extension SearchRoutes {
    private static let maximumRanges = 64
    static let halfOfEarthMetres: Int64 = 20_038_000

    static func readConditions(_ call: Call, _ service: ShopService, _ search: inout SearchCall) throws {
        search.matching = try call.choice("matching", default: search.matching)
        search.ranges = try ranges(call.request.queries("range"))
        (search.near, search.radiusMetres) = try place(call)
        search.groupsVariants = try call.flag("group_variants", default: service.config.groupsVariants)
        if search.sort == .nearest, search.near == nil {
            throw Problem.invalid("`sort=nearest` needs `near`, such as near=52.52,13.40.")
        }
    }

    /// `field:low..high`; one of both may be left out.
    private static func ranges(_ texts: [String]) throws -> [String: ClosedRange<Double>] {
        guard texts.count <= maximumRanges else { throw Problem.invalid("There may be \(maximumRanges) ranges.") }
        var ranges: [String: ClosedRange<Double>] = [:]
        for text in texts {
            let invalid = Problem.invalid("A `range` is `field:low..high`; one of both may be left out.")
            guard text.utf8.count <= 256, let colon = text.firstIndex(of: ":"), colon != text.startIndex,
                let dots = text[colon...].firstRange(of: "..")
            else { throw invalid }
            func bound(_ part: Substring, _ standard: Double) throws -> Double {
                guard !part.isEmpty else { return standard }
                guard let value = Double(part), value.isFinite else { throw invalid }
                return value
            }
            let low = try bound(text[text.index(after: colon)..<dots.lowerBound], -Double.greatestFiniteMagnitude)
            let high = try bound(text[dots.upperBound...], Double.greatestFiniteMagnitude)
            let field = String(text[..<colon])
            guard low <= high, ranges[field] == nil else { throw invalid }
            ranges[field] = low...high
        }
        return ranges
    }

    /// `near=latitude,longitude` in degrees and `radius` in metres.
    static func place(_ call: Call) throws -> (near: GeoPoint?, radius: Double?) {
        guard let text = try call.text("near", maximumBytes: 64) else {
            guard call.request.query("radius") == nil else { throw Problem.invalid("`radius` needs `near`.") }
            return (nil, nil)
        }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let latitude = parts[0], let longitude = parts[1],
            let near = GeoPoint(latitude: latitude, longitude: longitude)
        else { throw Problem.invalid("`near` is latitude,longitude in degrees, such as 52.52,13.40.") }
        guard let given = call.request.query("radius") else { return (near, nil) }
        guard let radius = Double(given), radius > 0, radius <= Double(halfOfEarthMetres) else {
            throw Problem.invalid("`radius` is a number of metres, at most half of the way around the earth.")
        }
        return (near, radius)
    }

    /// Searches among the values of a facet, counted over what the search finds.
    static func facetValues(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        let field = call.parameter("field")
        var search = try searchCall(call, service, offset: 0, limit: 0)
        search.facetQuery = try call.text("facet_query", maximumBytes: 128) ?? ""
        search.facetLimit = try call.integer("limit", default: 20, in: 1...1000)
        let answer = try service.facetValues(field, search)
        return Call.respond { writer in
            writer.member("field", field)
            writer.member("generation", answer.generation)
            writer.array("values") { writer in
                for value in answer.values {
                    writer.object { writer in
                        writer.member("value", value.value)
                        writer.member("count", value.count)
                        writer.member("selected", value.isSelected)
                    }
                }
            }
            writer.took(since: start)
        }
    }
}

extension Item {
    /// Where it is, by its numbers `latitude` and `longitude`.
    var place: GeoPoint? {
        guard let latitude = numbers["latitude"], let longitude = numbers["longitude"] else { return nil }
        return GeoPoint(latitude: latitude, longitude: longitude)
    }
}
