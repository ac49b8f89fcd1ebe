import Domain
import Foundation
import Learning
import TestSupport

/// A shop in a folder of its own whose people buy one basket a week.
struct CornerShop {
    static let start = Timestamp(milliseconds: 1_700_000_000_000)
    let folder: TemporaryFolder
    let workbench: Workbench

    /// - Parameter items: How many there are, `i0`, `i1`, ….
    /// - Parameter basket: Numbers of the items that a person, `u0`, `u1`, …, buys in a week.
    init(items: Int, people: Int, weeks: Int, basket: (_ person: Int, _ week: Int) -> [Int]) throws {
        folder = try TemporaryFolder()
        let path = folder.file("corner")
        try Workbench.create(path: path, title: "Corner", currency: .eur, language: "en", isDemo: true)
        workbench = try Workbench(path: path)
        let catalogue = (0..<items).map {
            #"{"id":"i\#($0)","title":"Item \#($0)","product_type":"A","price":"2.00 EUR","availability":"in_stock"}"#
        }
        let events = (0..<people).flatMap { person in
            (0..<weeks).map { week in
                let day = Self.start.adding(days: Double(7 * week)).description
                let lines = basket(person, week).map { #"{"item_id":"i\#($0)"}"# }.joined(separator: ",")
                return
                    #"{"event_id":"e\#(person)-\#(week)","event_name":"purchase","time":"\#(day)","user_id":"u\#(person)","#
                    + #""currency":"EUR","items":[\#(lines)]}"#
            }
        }
        let mode = FeedMode(isFull: true, isForced: false, isDryRun: false)
        func feed(_ lines: [String], _ name: String) throws -> String {
            try lines.joined(separator: "\n").write(toFile: folder.file(name), atomically: true, encoding: .utf8)
            return folder.file(name)
        }
        _ = try workbench.importItems(feed(catalogue, "items.jsonl"), mode: mode, progress: { _, _ in })
        _ = try workbench.importEvents(feed(events, "events.jsonl"), mode: mode, progress: { _, _ in })
    }
}
