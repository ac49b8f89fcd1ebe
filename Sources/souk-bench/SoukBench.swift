import Domain
import Foundation
import JSON
import Numerics
import SearchIndex
import Storage

/// Times the search engine in-process, without server and without understanding of queries, for comparison with libraries.
///
///     souk-bench DOCUMENTS QUERIES ROUNDS         every query in every way
///     souk-bench typing DOCUMENTS QUERIES         every keystroke of the queries, with slips
///     souk-bench encode WEIGHTS TEXTS ROUNDS      texts as vectors, one by one on one thread, with weights of a folder and in 8 bits
///     souk-bench embed WEIGHTS TEXTS              the same on all processors, and what 8 bits change
///     souk-bench vectors WEIGHTS TEXTS QUERIES FILE ROUNDS   the nearest of the texts' vectors, which FILE keeps
///     souk-bench rerank WEIGHTS QUERY TEXTS ROUNDS    texts as answers to a query, by a cross-encoder
///     souk-bench meaning INDEX VECTORS QUERIES    a shop's folders, searched with and without meaning
///     souk-bench recommend SHOP PEOPLE            a shop's published models, asked for the home shelf of so many people
///     souk-bench models ITEMS EVENTS PEOPLE       models of a made-up log: time and memory of training, then as above
///     souk-bench facets COUNT VALUES ROUNDS       five facets with so many values over so many made-up documents
///
/// DOCUMENTS: lines `words TAB category`, words with blanks between; QUERIES: lines of words, perhaps with a category behind
/// a tab. Both are taken as they are: nothing is stemmed. Building is timed from items in memory to an index that answers.
/// Prints one JSON object.
@main struct SoukBench {
    static func main() {
        LinearAlgebra.adoptKernels(CommandLine.arguments)
        do { try run() } catch {
            FileHandle.standardError.write(Data("souk-bench: \(error.localizedDescription)\n".utf8))
            exit(1)
        }
    }

    private static func run() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        var writer = JSONWriter()
        if arguments.count == 4, arguments[0] == "facets", let count = Int(arguments[1]),
            let values = Int(arguments[2]),
            let rounds = Int(arguments[3]), count > 0, values > 0, rounds > 0
        {
            let bench = try FacetBench(documents: count, values: values, rounds: rounds)
            try writer.object { try bench.write(&$0) }
        } else if arguments.count == 4, arguments[0] == "encode", let rounds = Int(arguments[3]), rounds > 0 {
            let bench = EncodeBench(folder: arguments[1], texts: try lines(arguments[2]), rounds: rounds)
            try writer.object { try bench.write(&$0) }
        } else if arguments.count == 3, arguments[0] == "embed" {
            let bench = EmbedBench(folder: arguments[1], texts: try lines(arguments[2]))
            try writer.object { try bench.write(&$0) }
        } else if (6...7).contains(arguments.count), arguments[0] == "vectors", let rounds = Int(arguments[5]),
            rounds > 0,
            let copies = arguments.count == 6 ? 1 : Int(arguments[6]), (1...100).contains(copies)
        {
            let bench = try VectorBench(
                folder: arguments[1], texts: try lines(arguments[2]), queries: try lines(arguments[3]),
                kept: arguments[4], rounds: rounds, copies: copies)
            writer.object { bench.write(&$0) }
        } else if arguments.count == 5, arguments[0] == "rerank", let rounds = Int(arguments[4]), rounds > 0 {
            let bench = RerankBench(
                folder: arguments[1], query: arguments[2], texts: try lines(arguments[3]), rounds: rounds)
            try writer.object { try bench.write(&$0) }
        } else if arguments.count == 4, arguments[0] == "meaning" {
            let bench = try MeaningBench(
                index: arguments[1], meaning: arguments[2], queries: try lines(arguments[3]))
            try writer.object { try bench.write(&$0) }
        } else if arguments.count == 3, arguments[0] == "recommend", let people = Int(arguments[2]), people > 0 {
            let bench = try RecommendBench(shop: arguments[1], people: people)
            writer.object { bench.write(&$0) }
        } else if arguments.count == 4, arguments[0] == "models", let items = Int(arguments[1]), items > 1,
            let events = Int(arguments[2]), events >= 10, let people = Int(arguments[3]), people > 0
        {
            writer.object {
                let bench = RecommendBench(made: MadeLog(items: items, events: events), people: people, &$0)
                bench.write(&$0)
            }
        } else if arguments.count == 3, arguments[0] == "typing" {
            let bench = TypingBench(snapshot: try build(arguments[1]).0.snapshot(), queries: try lines(arguments[2]))
            try writer.object { try bench.write(&$0) }
        } else if arguments.count == 3, let rounds = Int(arguments[2]), rounds > 0 {
            try compare(arguments[0], arguments[1], rounds: rounds, &writer)
        } else {
            FileHandle.standardError.write(
                Data(
                    """
                    usage: souk-bench DOCUMENTS QUERIES ROUNDS | typing DOCUMENTS QUERIES | facets COUNT VALUES ROUNDS
                                      | encode WEIGHTS TEXTS ROUNDS | embed WEIGHTS TEXTS
                                      | vectors WEIGHTS TEXTS QUERIES FILE ROUNDS [COPIES]
                                      | rerank WEIGHTS QUERY TEXTS ROUNDS
                                      | meaning INDEX VECTORS QUERIES
                                      | recommend SHOP PEOPLE | models ITEMS EVENTS PEOPLE

                    """.utf8))
            exit(2)
        }
        print(String(decoding: writer.finish(), as: UTF8.self))
    }

    private static func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func compare(_ documents: String, _ queries: String, rounds: Int, _ writer: inout JSONWriter) throws
    {
        let (engine, built) = try build(documents)
        let resident = ProcessMemory.peak()
        let snapshot = engine.snapshot()
        let bench = SearchBench(snapshot: snapshot, queries: try lines(queries), rounds: rounds)
        writer.object { object in
            object.member("documents", snapshot.documentCount)
            object.member("bytes", snapshot.byteCount)
            object.member("build_seconds", built.wall)
            object.member("build_processor_seconds", built.processor)
            object.member("build_resident_mb", resident)
            bench.write(&object)
        }
    }

    private static func build(_ path: String) throws -> (SearchEngine, Stopwatch.Time) {
        guard let file = LineReader(path: path) else { throw CocoaError(.fileNoSuchFile) }
        var builder = IndexBuilder(language: "none")
        var built = Stopwatch.Time()
        var (items, number): ([StoredItem], UInt32) = ([], 0)
        while let line = file.next() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 2, let id = ItemID("d\(number)") else { continue }
            var item = Item(id: id, title: String(fields[0]))
            item.attributes = ["group": [String(fields[1])]]
            items.append(StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false))
            number += 1
            if items.count == batch { built += add(&items, to: &builder) }
        }
        built += add(&items, to: &builder)
        let began = Stopwatch()
        let engine = try SearchEngine(inMemory: builder, language: "none")
        return (engine, built + began.spent)
    }

    /// How many items are read before they are added: reading is not timed.
    private static let batch = 16384

    private static func add(_ items: inout [StoredItem], to builder: inout IndexBuilder) -> Stopwatch.Time {
        let began = Stopwatch()
        builder.add(contentsOf: items)
        let spent = began.spent
        items.removeAll(keepingCapacity: true)
        return spent
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
