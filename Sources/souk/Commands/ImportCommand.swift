import CommandInterface
import Domain
import Feeds
import Learning
import Merchandising

/// `souk import`: reads feeds of items, events, or the Complete Journey data.
enum ImportCommand: Command {
    static let name = "import"
    static let summary = "Read items, offers and events from feeds."
    static let options: [Option] = [
        .shop,
        .value("items", "FILE", "Items, .jsonl or .csv, with Google Merchant Center's field names.", repeatable: true),
        .value("events", "FILE", "Events, .jsonl, with GA4's e-commerce names.", repeatable: true),
        .value("completejourney", "DIR", "The exported tables of Complete Journey (Setup/export_complete_journey.py)."),
        .value("fashion", "DATA", "The pictures of Fashion-MNIST as items: fashion-mnist, or a folder with its files."),
        .value("settings", "FILE", "Index settings of Algolia, or a collection schema of Typesense, as JSON."),
        .flag("promotions", "With --completejourney: also its display and mailer rows, as one compact table."),
        .flag("full", "The feed is the whole catalogue: what is missing from it is withdrawn."),
        .flag("force", "Withdraw even if more than a tenth of the catalogue would go."),
        .flag("dry-run", "Say what would change, and change nothing."), .quiet,
    ]
    static let discussion = """
        Rows that are refused go to rejects.jsonl in the shop's folder, with line and reason; the summary counts them.
        Importing twice changes nothing. Exit code 3: a full feed would withdraw more than a tenth; look, then --force.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        let mode = FeedMode(
            isFull: arguments.has("full"), isForced: arguments.has("force"), isDryRun: arguments.has("dry-run"))
        let (items, events) = (arguments.values("items"), arguments.values("events"))
        let journey = arguments.value("completejourney")
        let fashion = arguments.value("fashion")
        let settings = arguments.value("settings")
        guard !items.isEmpty || !events.isEmpty || journey != nil || fashion != nil || settings != nil else {
            throw UsageError("Nothing to import: give --items, --events, --settings, --completejourney or --fashion.")
        }
        guard journey != nil || !arguments.has("promotions") else {
            throw UsageError("--promotions needs --completejourney DIR.")
        }
        guard items.count <= 1 || !mode.isFull else {
            throw UsageError("--full takes one file of items: each full feed would withdraw the other's items.")
        }
        if let settings {
            let taken = try workbench.importSettings(settings, isDryRun: mode.isDryRun)
            for note in taken.notes { console.note("  \(note.setting): \(note.text)") }
            console.note(
                "\(mode.isDryRun ? "Would take" : "Took") over settings of \(taken.format.rawValue); run `souk index`.")
        }
        do {
            for file in items {
                let line = console.progress("items")
                let summary = try workbench.importItems(file, mode: mode) { line.update($0, of: $1) }
                report(summary, line, console)
            }
            for file in events {
                let line = console.progress("events")
                let summary = try workbench.importEvents(file, mode: mode) { line.update($0, of: $1) }
                report(summary, line, console)
            }
            if let journey {
                try importJourney(journey, workbench, mode, console)
                if arguments.has("promotions") { try importPromotions(journey, workbench, console) }
            }
            if let fashion {
                guard !mode.isDryRun else { throw UsageError("--dry-run works with --items and --events.") }
                let line = console.progress("fashion")
                report(try workbench.importFashion(fashion) { line.update($0, of: $1) }, line, console)
            }
        } catch let error as FeedError where error.code == .wouldWithdrawTooMuch {
            throw ExitError(status: 3, description: error.message)
        }
    }

    private static func importJourney(
        _ folder: String, _ workbench: Workbench, _ mode: FeedMode, _ console: Console
    ) throws {
        guard !mode.isDryRun else { throw UsageError("--dry-run works with --items and --events.") }
        let line = console.progress("complete journey")
        report(try workbench.importJourney(folder) { line.update($0, of: $1) }, line, console)
    }

    private static func importPromotions(_ folder: String, _ workbench: Workbench, _ console: Console) throws {
        let line = console.progress("promotions")
        let summary = try workbench.importPromotions(folder) { line.update($0, of: $1) }
        var told = "\(summary.rows) rows of \(summary.stores) stores, \(summary.bytes) bytes"
        if summary.rowsOfUnknownItems > 0 { told += ", \(summary.rowsOfUnknownItems) rows of unknown items left out" }
        line.finish(told)
    }

    private static func report(_ summary: ImportSummary, _ line: ProgressLine, _ console: Console) {
        let parts: [(Int, String)] = [
            (summary.added, "added"), (summary.changed, "changed"), (summary.unchanged, "unchanged"),
            (summary.withdrawn, "withdrawn"), (summary.offersChanged, "offers changed"),
            (summary.eventsAccepted, "events accepted"), (summary.eventsRepeated, "events known before"),
            (summary.linesOfUnknownItems, "lines of unknown items"), (summary.customers, "customers"),
            (summary.campaigns, "campaigns"), (summary.stores, "stores"),
        ]
        let told = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" } + ["\(summary.rejected) refused"]
        line.finish((summary.isDryRun ? "would be: " : "") + told.joined(separator: ", "))
        guard summary.isDryRun else { return }
        let samples = [
            ("added", summary.addedSample), ("changed", summary.changedSample), ("withdrawn", summary.withdrawnSample),
        ]
        for (name, ids) in samples where !ids.isEmpty {
            console.note("  \(name), among others: \(ids.map(\.rawValue).joined(separator: ", "))")
        }
    }
}
