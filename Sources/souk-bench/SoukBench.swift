import Domain
import Foundation
import JSON
import SearchIndex

/// Times the search engine in-process, without server and without understanding of queries, for comparison with libraries.
///
///     souk-bench DOCUMENTS QUERIES ROUNDS
///
/// DOCUMENTS: lines `words TAB category`, words with blanks between; QUERIES: lines of words. Both are taken as they are:
/// nothing is stemmed. Prints one JSON object.
@main struct SoukBench {
    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let rounds = Int(arguments[3]), rounds > 0 else {
            FileHandle.standardError.write(Data("usage: souk-bench DOCUMENTS QUERIES ROUNDS\n".utf8))
            exit(2)
        }
        let began = ContinuousClock.now
        let engine = try SearchEngine(items: try documents(arguments[1]), language: "none")
        let built = ContinuousClock.now - began
        let snapshot = engine.snapshot()
        let queries = try String(contentsOfFile: arguments[2], encoding: .utf8).split(separator: "\n").map(String.init)
        let bench = SearchBench(snapshot: snapshot, queries: queries, rounds: rounds)
        var writer = JSONWriter()
        writer.object { object in
            object.member("documents", snapshot.documentCount)
            object.member("bytes", snapshot.byteCount)
            object.member("build_seconds", seconds(built))
            object.member("resident_mb", residentMegabytes())
            bench.write(&object)
        }
        print(String(decoding: writer.finish(), as: UTF8.self))
    }

    private static func documents(_ path: String) throws -> [StoredItem] {
        var items: [StoredItem] = []
        for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 2, let id = ItemID("d\(items.count)") else { continue }
            var item = Item(id: id, title: String(fields[0]))
            item.attributes = ["group": [String(fields[1])]]
            items.append(StoredItem(number: ItemNumber(UInt32(items.count)), item: item, isWithdrawn: false))
        }
        return items
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }

    /// Highest resident memory of this process so far, from `/proc`.
    private static func residentMegabytes() -> Double {
        // An absent file shows as zero.
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""  // See above.
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0) / 1024
    }
}
