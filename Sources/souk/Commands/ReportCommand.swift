import CommandInterface
import Foundation
import JSON
import Recommenders
import Serving

/// `souk report`: what a shop's log says, on the terminal.
enum ReportCommand: Command {
    static let name = "report"
    static let summary = "Report on a shop: new-items says how items that came lately were received."
    static let positional = ["REPORT"]
    static let options: [Option] = [
        .shop, .value("days", "N", "Items that arrived in the last N days, 1 to 365; 30 if left out."),
        .value(
            "within", "X",
            "An item has found its level when its 90 % interval lies within this part of it, .05 to 2; .5 if left out."),
        .flag("json", "Print JSON."),
    ]
    static let discussion = """
        souk report new-items --shop DIR

        Impressions, clicks and purchases since each item came, its clicks per impression with a 90 % interval, and after how many
        days it had found its level.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        guard arguments.positional.first == "new-items" else {
            throw UsageError(
                (arguments.positional.first.map { "There is no report '\($0.prefix(64))'." } ?? "REPORT is missing.")
                    + " Reports: new-items.")
        }
        var within = 0.5
        if let text = arguments.value("within") {
            guard let number = Double(text), (0.05...2).contains(number) else {
                throw UsageError("--within takes a number from .05 to 2, not '\(text)'.")
            }
            within = number
        }
        let days = try arguments.integer("days", in: 1...365) ?? 30
        let report = try PublishedShop.ask(arguments) { try $0.newItemReport(days: days, within: within) }
        guard !arguments.has("json") else {
            var writer = JSONWriter()
            writer.object { report.write(to: &$0) }
            return console.print(String(decoding: writer.bytes, as: UTF8.self))
        }
        console.print(
            "\(report.entries.count) new items; \(percent(report.rate)) of all impressions are chosen"
                + (report.isSynthetic ? " (synthetic impressions among them)" : ""))
        for entry in report.entries {
            let level = entry.levelDays.map { "level after \($0) d" } ?? "level not found"
            let total = entry.total
            console.print(
                ShelfTable.line(
                    entry.card,
                    note: "\(total.impressions) seen, \(total.clicks) chosen, \(total.purchases) bought, "
                        + "\(percent(entry.rate)) (\(percent(entry.interval.lowerBound)) to "
                        + "\(percent(entry.interval.upperBound))), \(level)"))
        }
    }

    private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }
}
