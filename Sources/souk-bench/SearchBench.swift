import Domain
import JSON
import SearchIndex

/// Runs every query in every way and keeps its median time.
struct SearchBench {
    /// A way to ask, named in the output.
    private struct Way {
        let name: StaticString
        let matching: SearchRequest.Matching
        let filter: String?
    }

    private static let ways = [
        Way(name: "all_words", matching: .all, filter: nil), Way(name: "any_word", matching: .any, filter: nil),
        Way(name: "all_words_filtered", matching: .all, filter: "group"),
        Way(name: "any_word_filtered", matching: .any, filter: "group"),
    ]

    let snapshot: SearchSnapshot
    let queries: [String]
    let rounds: Int
    private let offers = OfferColumns(currency: .usd, numberLimit: 0)

    init(snapshot: SearchSnapshot, queries: [String], rounds: Int) {
        (self.snapshot, self.queries, self.rounds) = (snapshot, queries, rounds)
    }

    func write(_ writer: inout JSONWriter) {
        for way in Self.ways { writer.array(way.name) { array in for query in queries { write(query, way, &array) } } }
    }

    /// Queries that are filtered are lines `words TAB value`; the value is passed over where no filter is set.
    private func write(_ line: String, _ way: Way, _ writer: inout JSONWriter) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        var request = SearchRequest(query: fields[0])
        (request.understands, request.correctsTypos, request.countsMatches) = (false, false, false)
        (request.usesLists, request.matching, request.limit) = (false, way.matching, 10)
        // Other engines have no such thing without asking for it.
        request.boostsNearness = false
        if let filter = way.filter, fields.count > 1 { request.filters = [filter: [fields[1]]] }
        guard let prepared = try? snapshot.prepare(request) else { return writer.null() }  // Too long: shown as null.
        var hits: [SearchHit] = []
        var times: [Double] = []
        for _ in 0..<rounds {
            let began = ContinuousClock.now
            hits = prepared.run(offers: offers).hits
            times.append(SoukBench.seconds(ContinuousClock.now - began) * 1e6)
        }
        times.sort()
        var exhaustive = request
        exhaustive.countsMatches = true
        let expected = (try? snapshot.search(exhaustive, offers: offers))?.hits ?? []  // As above.
        writer.object { object in
            object.member("microseconds", times[times.count / 2])
            object.member("hits", hits.count)
            object.member("exact", hits == expected)
            object.array("scores") { array in for hit in hits { array.value(hit.score) } }
        }
    }
}
