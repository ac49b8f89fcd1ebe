import Domain
import JSON
import SearchIndex

/// Types queries letter by letter, each with a slip in its longest word, and times every keystroke as suggestions ask for it.
struct TypingBench {
    let snapshot: SearchSnapshot
    let queries: [String]
    private let offers = OfferColumns(currency: .usd, numberLimit: 0)

    init(snapshot: SearchSnapshot, queries: [String]) { (self.snapshot, self.queries) = (snapshot, queries) }

    /// Microseconds of every keystroke, and how many keystrokes found nothing.
    func run() throws -> (times: [Double], empty: Int) {
        var (times, empty): ([Double], Int) = ([], 0)
        for line in queries {
            let typed = Self.withSlip(line.split(separator: "\t").first.map(String.init) ?? "")
            for length in 1...max(1, typed.count) where length <= typed.count {
                var request = SearchRequest(query: String(typed.prefix(length)))
                (request.limit, request.isPrefix, request.countsMatches) = (10, true, false)
                let watch = Stopwatch()
                let hits = try snapshot.search(request, offers: offers).hits
                times.append(watch.spent.wall * 1e6)
                empty += hits.isEmpty ? 1 : 0
            }
        }
        return (times, empty)
    }

    /// The query with two neighbouring letters of its longest word swapped.
    static func withSlip(_ query: String) -> String {
        var words = query.split(separator: " ").map { Array($0) }
        guard let place = words.indices.max(by: { words[$0].count < words[$1].count }), words[place].count > 3 else {
            return query
        }
        words[place].swapAt(1, 2)
        return words.map { String($0) }.joined(separator: " ")
    }

    func write(_ writer: inout JSONWriter) throws {
        var (times, empty) = try run()
        times.sort()
        writer.member("keystrokes", times.count)
        writer.member("empty", empty)
        guard !times.isEmpty else { return }
        writer.member("median_microseconds", times[times.count / 2])
        writer.member("p99_microseconds", times[min(times.count - 1, times.count * 99 / 100)])
    }
}
