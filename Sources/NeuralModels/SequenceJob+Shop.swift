internal import Domain
internal import Foundation
internal import JSON
internal import Meaning
internal import Storage
internal import Torch

extension SequenceJob {
    /// How often each item of `items.txt` was bought, one number a line: 0 for one that is known by its content alone.
    static let countsFile = "counts.txt"

    /// The folder below `var/models` in which `souk train` looks for a shop's network.
    ///
    /// - Throws: `StorageError` for a folder that is no shop.
    public static func folderName(_ kind: SequenceKind, shop path: String) throws -> String {
        "\(kind.rawValue)-\(try ShopFolder(path: path).config().shop)"
    }

    /// Learns before each window and chooses the number of epochs on its first baskets, then learns from all for the mean of them.
    func runShop(_ plan: ShopPlan, _ run: Run, report: (Part, Trainer.Event) -> Void) throws -> JSONValue {
        let shop = ShopFolder(path: data)
        let config = try shop.config()
        let store = try shop.openStore(.readOnly)
        // Before the log is read: whoever is erased meanwhile may have left traces in what is learned.
        let erasures = try store.erasureCount()
        let histories = try ShopHistories(reading: shop, store, plan, seed: settings.seed)
        let newest = histories.windows[0]
        var notes = notes(histories, shop: config.shop.rawValue, erasures: erasures)
        let choice = try choose(histories, run, report: report)
        let (chosen, part, scores) = (choice.newest, choice.part, try choice.outcomes.map { try $0.heldOutScore })
        let epochs = choice.outcomes.map(\.bestEpoch)
        notes.count = chosen.task.parameters.count
        var again = settings
        again.lastEpoch = max(1, Int((Double(epochs.reduce(0, +)) / Double(epochs.count)).rounded()))
        let all = try histories.part(before: histories.end, asking: nil, length: model.shape.length)
        let refitted = try train(all.set, all.content, again, folder: folder, run) { report(.refitting, $0) }
        guard run.isFirst else { return .null }
        var figures = metrics(chosen.outcome)
        figures["validation_ndcg@10"] = scores.reduce(0, +) / Double(scores.count)
        figures["people"] = Double(part.set.questions?.count ?? 0)
        figures["items"] = Double(all.counts.count { $0 > 0 })
        figures["items_by_content"] = Double(all.counts.count { $0 == 0 })
        figures["windows"] = Double(scores.count)
        figures["training_seconds"] = choice.outcomes.flatMap(\.history).reduce(0) { $0 + $1.seconds }
        notes.rows.append([
            "Items",
            "\(Int(figures["items"] ?? 0)) that were bought, \(Int(figures["items_by_content"] ?? 0)) by content alone",
        ])
        notes.rows += zip(histories.windows, zip(scores, epochs)).map { window, result in
            [
                "Window from \(window.start.dateDescription)",
                String(format: "NDCG@10 %.4f, best epoch %ld", result.0, result.1),
            ]
        }
        notes.rows.append(["Epochs of the model that is used", String(again.lastEpoch ?? 0)])
        try writeReport(chosen.outcome, figures, notes)
        notes.inputs["until"] = newest.start.description
        notes.known = "purchases before \(newest.start.dateDescription)"
        let choosing = try write(
            chosen, chosen.outcome, part.items, figures, notes, files: Self.counts(part.counts),
            parent: folder + "/choosing")
        notes.inputs["until"] = histories.end.description
        notes.inputs["choosing"] = String(choosing.split(separator: "/").last ?? "")
        notes.known = "purchases before \(histories.end.dateDescription)"
        let written = try write(
            refitted, chosen.outcome, all.items, figures, notes, files: Self.counts(all.counts), parent: folder)
        return Self.result(figures, folder: written, choosing: choosing)
    }

    /// What choosing the number of epochs came to.
    struct Choice {
        /// Of the newest window, and what it learned from.
        let newest: Trained
        let part: ShopHistories.Part
        /// By window, the newest first.
        let outcomes: [Trainer.Outcome]
    }

    /// Learns before each window and chooses the number of epochs on its first baskets.
    func choose(
        _ histories: ShopHistories, _ run: Run, report: (Part, Trainer.Event) -> Void
    ) throws -> Choice {
        func part(_ window: ShopHistories.Window) throws -> ShopHistories.Part {
            try histories.part(before: window.start, asking: window, length: model.shape.length)
        }
        let first = try part(histories.windows[0])
        let newest = try train(first.set, first.content, settings, folder: folder + "/choosing", run) {
            report(.choosing, $0)
        }
        let others = try histories.windows.enumerated().dropFirst().map { number, window in
            let part = try part(window)
            return try train(part.set, part.content, settings, folder: "\(folder)/folds/\(number + 1)", run) {
                report(.window(number + 1, of: histories.windows.count), $0)
            }.outcome
        }
        return Choice(newest: newest, part: first, outcomes: [newest.outcome] + others)
    }

    private static func counts(_ counts: [Int]) -> [(name: String, bytes: [UInt8])] {
        [(name: countsFile, bytes: Array((counts.map(String.init).joined(separator: "\n") + "\n").utf8))]
    }

    private func notes(_ histories: ShopHistories, shop: String, erasures: Int) -> Notes {
        let (plan, newest) = (histories.plan, histories.windows[0])
        var notes = Notes(
            data: "the shop \(shop)",
            heldOut: "first baskets from \(newest.start.dateDescription) on, within \(plan.windowDays) days",
            contrast: contrast, count: 0)
        notes.unseen = "nothing from \(histories.end.dateDescription) on was read"
        notes.inputs = ["shop": shop, "repeats": plan.repeats.rawValue, "erasures": String(erasures)]
        notes.rows = [
            ["Purchases", plan.repeats == .all ? "all of an item" : "the first of an item"],
            [
                "Content",
                plan.content.isEmpty
                    ? "none"
                    : plan.content.map(\.rawValue).joined(separator: " and ")
                        + ", own vectors left out at \(idDropout)",
            ],
            ["Items of their own", "bought at least \(plan.least) times"],
        ]
        if let days = plan.days { notes.rows.append(["Learned from", "the newest \(days) days"]) }
        return notes
    }
}
