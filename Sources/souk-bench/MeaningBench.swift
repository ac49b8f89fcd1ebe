import Domain
import JSON
import Meaning
import SearchIndex

/// Searches a shop's index by words alone and with meaning, every query for the first time.
struct MeaningBench {
    private let snapshot: SearchSnapshot
    private let meaning: MeaningIndex
    private let queries: [String]
    private let offers = OfferColumns(currency: .usd, numberLimit: 0)

    init(index: String, meaning: String, queries: [String]) throws {
        snapshot = try SearchEngine(folder: index, language: "en").snapshot()
        self.meaning = try MeaningIndex(folder: meaning)
        self.queries = queries
    }

    func write(_ writer: inout JSONWriter) throws {
        var (plain, added, found): ([Double], [Double], Int) = ([], [], 0)
        for query in queries {
            // The first run warms what both read.
            _ = try run(query, withMeaning: false)
            let words = try run(query, withMeaning: false)
            let both = try run(query, withMeaning: true)
            plain.append(words.milliseconds)
            added.append(both.milliseconds - words.milliseconds)
            found += both.hits > 0 ? 1 : 0
        }
        guard !queries.isEmpty else { return }
        plain.sort()
        added.sort()
        writer.member("queries", queries.count)
        writer.member("found", found)
        writer.member("median_milliseconds", plain[plain.count / 2])
        writer.member("added_median_milliseconds", added[added.count / 2])
        writer.member("added_p99_milliseconds", added[min(added.count - 1, added.count * 99 / 100)])
    }

    private func run(_ query: String, withMeaning: Bool) throws -> (milliseconds: Double, hits: Int) {
        let watch = Stopwatch()
        var prepared = try snapshot.prepare(SearchRequest(query: query))
        if withMeaning { prepared.addNeighbours(from: meaning) }
        let hits = prepared.run(offers: offers).hits.count
        return (watch.spent.wall * 1e3, hits)
    }
}
