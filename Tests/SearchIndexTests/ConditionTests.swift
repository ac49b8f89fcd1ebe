import Domain
import Numerics
import Testing

@testable import SearchIndex

/// Places, groups of variants, ranges and values of facets, against what a plain filter over the items gives.
@Suite struct ConditionTests {
    static let origin = GeoPoint(latitude: 52.5, longitude: 13.4)!

    static func items(seed: UInt64, count: UInt32 = 300) -> [StoredItem] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { number in
            var item = SearchIndexTests.item(number, Bool.random(using: &random) ? "red tea" : "green tea", ["Shop"])
                .item
            if number % 5 != 0 {
                item.numbers["latitude"] = 52.5 + (random.unit() - 0.5) / 2
                item.numbers["longitude"] = 13.4 + (random.unit() - 0.5) / 2
            }
            if number % 3 != 0 { item.itemGroupID = "group \(Int.random(in: 0..<40, using: &random))" }
            item.numbers["ounces"] = Double(number % 17)
            item.attributes["maker"] = ["Tea Garden \(number % 30)", "Crème House"]
            return StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false)
        }
    }

    /// The index of the items with every third one changed after it was built, so that there are several segments.
    static func snapshot(_ items: [StoredItem]) throws -> SearchSnapshot {
        let engine = try SearchEngine(
            items: items.map { item in
                var stale = item
                if item.number.rawValue % 3 == 1 { stale.item.itemGroupID = "stale" }
                return stale
            })
        try engine.apply(items.filter { $0.number.rawValue % 3 == 1 })
        return engine.snapshot()
    }

    static func run(_ snapshot: SearchSnapshot, _ query: String, _ change: (inout SearchRequest) -> Void) throws
        -> SearchResponse
    {
        var request = SearchRequest(query: query)
        request.limit = 1000
        change(&request)
        return try snapshot.search(request, offers: OfferColumns(currency: .usd, numberLimit: 0))
    }

    static func distance(_ item: Item) -> Double? {
        guard let latitude = item.numbers["latitude"], let longitude = item.numbers["longitude"] else { return nil }
        return GeoPoint(latitude: latitude, longitude: longitude).map { origin.distance(to: $0) }
    }

    @Test(arguments: [UInt64(1), 2]) func `a radius keeps what lies in it, nearest first`(seed: UInt64) throws {
        let items = Self.items(seed: seed)
        let snapshot = try Self.snapshot(items)
        for radius in [500.0, 5_000, 20_000] {
            for counts in [true, false] {
                let response = try Self.run(snapshot, "tea") {
                    ($0.near, $0.radiusMetres, $0.sort, $0.countsMatches) = (Self.origin, radius, .nearest, counts)
                }
                let expected = items.compactMap { item in Self.distance(item.item).map { (item.number, $0) } }
                    .filter { $0.1 <= radius }.sorted { $0.1 < $1.1 }.map(\.0)
                #expect(response.hits.map(\.number) == expected)
            }
        }
        let everything = try Self.run(snapshot, "tea") { ($0.near, $0.sort) = (Self.origin, .nearest) }
        #expect(everything.total == items.count)
        #expect(everything.hits.suffix(60).allSatisfy { $0.number.rawValue % 5 == 0 })
    }

    @Test(arguments: [UInt64(3), 4]) func `variants are one hit, whichever way the page is ordered`(seed: UInt64) throws
    {
        let items = Self.items(seed: seed)
        let snapshot = try Self.snapshot(items)
        for sort in [SearchRequest.Sort.relevance, .newest, .title] {
            let plain = try Self.run(snapshot, "red tea") { ($0.sort, $0.matching) = (sort, .any) }
            var expected: [[ItemNumber]] = []
            var places: [String: Int] = [:]
            for hit in plain.hits {
                let group = items[hit.number.index].item.itemGroupID
                if let place = places[group], !group.isEmpty {
                    expected[place].append(hit.number)
                } else {
                    places[group] = expected.count
                    expected.append([hit.number])
                }
            }
            for offset in [0, 7] {
                let grouped = try Self.run(snapshot, "red tea") {
                    ($0.sort, $0.matching, $0.groupsVariants) = (sort, .any, true)
                    ($0.offset, $0.limit) = (offset, 20)
                }
                #expect(grouped.total == expected.count)
                #expect(grouped.hits.map { [$0.number] + $0.variants } == Array(expected.dropFirst(offset).prefix(20)))
                #expect(grouped.hits.map(\.groupCount) == expected.dropFirst(offset).prefix(20).map(\.count))
            }
        }
    }

    @Test func `the order by stars puts what nobody rated last`() throws {
        let snapshot = try Self.snapshot(Self.items(seed: 3, count: 12))
        let stars: [Float] = [3, 4.5, -1, 4.5, 5, 1, -1, 2]
        let expected: [UInt32] = [4, 1, 3, 0, 7, 5]
        for query in ["", "tea", "best rated tea"] {
            let response = try Self.run(snapshot, query) {
                ($0.stars, $0.boostsNearness) = (stars, false)
                if !query.hasPrefix("best") { $0.sort = .rating }
            }
            #expect(response.hits.count == 12, "\(query)")
            #expect(response.hits.prefix(6).map(\.number.rawValue) == expected, "\(query)")
        }
    }

    @Test func `ranges over numbers are all demanded`() throws {
        let items = Self.items(seed: 5)
        let response = try Self.run(Self.snapshot(items), "tea") {
            $0.ranges = ["ounces": 3...5, "latitude": 52.5...60]
        }
        let expected = items.filter { item in
            (3...5).contains(item.item.numbers["ounces"] ?? -1) && item.item.numbers["latitude"] ?? 0 >= 52.5
        }
        #expect(Set(response.hits.map(\.number)) == Set(expected.map(\.number)))
        #expect(try Self.run(Self.snapshot(items), "tea") { $0.ranges = ["nonsense": 0...1] }.hits.isEmpty)
    }

    @Test func `values of a facet are found by the beginnings of their words`() throws {
        let items = Self.items(seed: 6)
        let snapshot = try Self.snapshot(items)
        func values(_ text: String, limit: Int = 100) throws -> [String] {
            try Self.run(snapshot, "") { ($0.facets, $0.facetQuery, $0.facetLimit) = (["maker"], text, limit) }
                .facets["maker"]?.map(\.value) ?? []
        }
        #expect(try values("creme") == ["Crème House"])
        #expect(
            Set(try values("gard te 2"))
                == Set(["2"] + (20..<30).map { "\($0)" }).reduce(into: []) { $0.insert("Tea Garden \($1)") })
        #expect(try values("garden", limit: 3).count == 3)
        #expect(try values("arden").isEmpty)
        let full = try Self.run(snapshot, "") { ($0.facets, $0.facetLimit) = (["maker"], 100) }.facets["maker"] ?? []
        let found = try Self.run(snapshot, "") {
            ($0.facets, $0.facetQuery, $0.facetLimit) = (["maker"], "garden", 100)
        }
        #expect(found.facets["maker"] == full.filter { $0.value.hasPrefix("Tea") })
    }

    @Test func `a place is needed for distances, and a radius is positive`() throws {
        let snapshot = try Self.snapshot(Self.items(seed: 7))
        #expect(throws: SearchError.self) { try Self.run(snapshot, "tea") { $0.sort = .nearest } }
        for radius in [0, -1, .nan, .infinity] {
            #expect(throws: SearchError.self) {
                try Self.run(snapshot, "tea") { ($0.near, $0.radiusMetres) = (Self.origin, radius) }
            }
        }
        #expect(GeoPoint(latitude: 91, longitude: 0) == nil && GeoPoint(latitude: .nan, longitude: 0) == nil)
        let (berlin, paris) = (Self.origin, GeoPoint(latitude: 48.85, longitude: 2.35)!)
        #expect(abs(berlin.distance(to: paris) - 876_000) < 5_000)
    }
}
