import Domain
import JSON
import SearchIndex
import Storage

/// Counts five facets with many values over documents that all match.
struct FacetBench {
    /// How the distinct values are shared among the facets, in parts of a thousand.
    static let shares = [("seller", 500), ("maker", 300), ("series", 150), ("size", 40), ("color", 10)]

    let snapshot: SearchSnapshot
    let rounds: Int
    let values: Int

    init(documents: Int, values: Int, rounds: Int) throws {
        (self.rounds, self.values) = (rounds, values)
        var builder = IndexBuilder(language: "none")
        var items: [StoredItem] = []
        for number in 0..<documents {
            guard let id = ItemID("d\(number)") else { continue }
            var item = Item(id: id, title: "tea number \(number % 1000)")
            for (name, share) in Self.shares {
                // Spread without a pattern, and every value is met.
                let value = number &* 2_654_435_761 % max(1, values * share / 1000)
                item.attributes[name] = ["\(name) \(value)"]
            }
            items.append(StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false))
            if items.count == 16384 || number == documents - 1 {
                builder.add(contentsOf: items)
                items.removeAll(keepingCapacity: true)
            }
        }
        snapshot = try SearchEngine(inMemory: builder, language: "none").snapshot()
    }

    func write(_ writer: inout JSONWriter) throws {
        var request = SearchRequest(query: "tea")
        (request.understands, request.correctsTypos, request.limit) = (false, false, 10)
        (request.facets, request.facetLimit) = (Self.shares.map(\.0), 10)
        let offers = OfferColumns(currency: .usd, numberLimit: 0)
        var times: [Double] = []
        var response = SearchResponse()
        for _ in 0..<rounds {
            let watch = Stopwatch()
            response = try snapshot.search(request, offers: offers)
            times.append(watch.spent.wall * 1e3)
        }
        times.sort()
        request.facetLimit = 1_000_000
        let counted = try snapshot.search(request, offers: offers).facets
        writer.member("documents", snapshot.documentCount)
        writer.member("matches", response.total)
        writer.member("values", counted.values.reduce(0) { $0 + $1.count })
        // Every document has one value of each facet.
        writer.member("exact", counted.values.allSatisfy { $0.reduce(0) { $0 + $1.count } == response.total })
        writer.member("median_milliseconds", times[times.count / 2])
        writer.member("resident_mb", ProcessMemory.peak())
    }
}
