import Domain
import Foundation
import Numerics
import Storage
import TestSupport

@testable import Learning

/// A small made-up shop: forty people who buy most of what they like every week, and something else now and then.
struct GrocerShop {
    static let start = Timestamp(year: 2025, month: 1, day: 6)
    static let (people, weeks) = (40, 16)

    let folder: TemporaryFolder
    let workbench: Workbench

    var path: String { workbench.folder.path }

    init() throws {
        folder = try TemporaryFolder()
        try Workbench.create(path: folder.file("corner"), title: "Corner", currency: .eur, language: "en", isDemo: true)
        workbench = try Workbench(path: folder.file("corner"))
        var random = SeededGenerator(seed: 5)
        let items = (0..<60).map {
            #"{"id":"i\#($0)","title":"Item \#($0)","product_type":"A > B\#($0 % 6)","price":"2.00 EUR"}"#
        }
        var events: [String] = []
        for person in 0..<Self.people {
            for week in 0..<Self.weeks where random.unit() < 0.85 {
                let liked = (0..<6).map { (person * 7 + 9 * $0) % 60 }.filter { _ in random.unit() < 0.6 }
                let bought = liked + [Int.random(in: 0..<60, using: &random)]
                let day = Self.start.adding(days: Double(7 * week + person % 7)).description
                let lines = bought.map { #"{"item_id":"i\#($0)"}"# }.joined(separator: ",")
                events.append(
                    #"{"event_id":"e\#(person)-\#(week)","event_name":"purchase","time":"\#(day)","user_id":"u\#(person)","#
                        + #""currency":"EUR","items":[\#(lines)]}"#)
            }
        }
        let mode = FeedMode(isFull: true, isForced: false, isDryRun: false)
        try items.joined(separator: "\n").write(toFile: folder.file("items.jsonl"), atomically: true, encoding: .utf8)
        try events.joined(separator: "\n").write(toFile: folder.file("events.jsonl"), atomically: true, encoding: .utf8)
        _ = try workbench.importItems(folder.file("items.jsonl"), mode: mode, progress: { _, _ in })
        _ = try workbench.importEvents(folder.file("events.jsonl"), mode: mode, progress: { _, _ in })
    }

    /// The first day of a week.
    static func day(ofWeek week: Int) -> Timestamp { start.adding(days: Double(7 * week)) }
}
