import CommandInterface
import Foundation
import NeuralModels
import Torch

/// Options that every model has.
enum TrainingOptions {
    /// Those of models that learn from a data set.
    static let all: [Option] = [.value("data", "DATA", "The data set.", required: true)] + common

    static let common: [Option] =
        [
            .value("folder", "DIR", "Where checkpoint, log and models are kept; var/models/NAME if left out."),
            .value("report", "FILE.html", "Where the report is written; var/reports/NAME.html if left out."),
            .value("epochs", "N", "Most passes over the training data."),
            .value("batch", "N", "Examples a step."),
            .value("rate", "X", "The highest learning rate."),
            .value("schedule", "NAME", "How the rate changes: \(LearningRate.forms); the model's own if left out."),
            .value(
                "optimiser", "NAME",
                "\(names(UpdateRuleKind.allCases)); adamw if left out, which without --decay is adam."),
            .value("decay", "X", "Weight decay of adamw."),
            .value("l1", "X", "Adds this times the sum of the weights' sizes to the loss; 0 if left out."),
            .value("l2", "X", "Adds half of this times the sum of the weights' squares to the loss; 0 if left out."),
            .value("clip", "X", "The greatest joint length of the gradients; 0 for no limit."),
            .value("patience", "N", "Stop after this many epochs without a better figure on held-out data."),
            .value("seed", "N", "Seed of first values, orders and dropout; 1 if left out."),
            .value(
                "threads", "N",
                "Threads of one operation; if left out, one for sequence networks, and for others as many as there are processors, shared by --processes."
            ),
            .value("device", "NAME", "Where to compute: cpu, cuda, cuda:1; cpu if left out."),
            .flag("resume", "Go on from the folder's checkpoint."), .quiet,
        ] + ProcessOptions.all

    /// Sets what every model shares.
    ///
    /// - Parameter threads: The most threads that pay for the model if none are asked for.
    static func apply(
        _ arguments: Arguments, to settings: inout TrainingSettings, threads most: Int = .max
    ) throws {
        settings.epochs = try arguments.integer("epochs", in: 1...10_000) ?? settings.epochs
        settings.patience = try arguments.integer("patience", in: 1...10_000) ?? settings.patience
        settings.seed = try arguments.integer("seed", in: 0...Int.max).map { UInt64($0) } ?? settings.seed
        settings.rate = try number(arguments, "rate") ?? settings.rate
        if let clip = try number(arguments, "clip") { settings.clip = clip > 0 ? clip : nil }
        settings.penalty = Optimiser.Penalty(
            l1: try number(arguments, "l1") ?? settings.penalty.l1,
            l2: try number(arguments, "l2") ?? settings.penalty.l2)
        settings.optimiser = try choice(arguments, "optimiser", UpdateRuleKind.self) ?? settings.optimiser
        guard settings.optimiser == .adamw || arguments.value("decay") == nil else {
            throw UsageError("--decay is adamw's: give --l2 with --optimiser \(settings.optimiser.rawValue).")
        }
        if let text = arguments.value("schedule") {
            guard let schedule = LearningRate(text) else {
                throw UsageError("--schedule takes \(LearningRate.forms), not '\(text)'.")
            }
            settings.schedule = schedule
        }
        try Runtime.setThreads(
            try arguments.integer("threads", in: 1...256)
                ?? min(most, LocalWorkers.share(of: try ProcessOptions.local(arguments))))
    }

    /// A number of at least 0.
    static func number(_ arguments: Arguments, _ name: String) throws -> Double? {
        guard let text = arguments.value(name) else { return nil }
        guard let value = Double(text), value.isFinite, value >= 0 else {
            throw UsageError("--\(name) takes a number of at least 0, not '\(text)'.")
        }
        return value
    }

    /// One of several names; `nil` without the option.
    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ arguments: Arguments, _ name: String, _ type: Choice.Type
    ) throws -> Choice? {
        guard let text = arguments.value(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw UsageError("--\(name) takes \(names(Choice.allCases)), not '\(text)'.")
        }
        return choice
    }

    /// The names for a reader.
    static func names(_ choices: some Collection<some RawRepresentable<String>>) -> String {
        let all = choices.map(\.rawValue)
        return all.count < 2 ? all.joined() : all.dropLast().joined(separator: ", ") + " or " + all[all.count - 1]
    }

    /// A number as an option takes it, in the fewest digits.
    static func text(_ number: Double) -> String {
        number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
    }

    /// The share of an epoch that was spent with other processes.
    private static func exchange(_ record: EpochRecord) -> String {
        record.exchangeSeconds.map {
            String(format: "  %.0f %% of it exchanging", 100 * $0 / max(record.seconds, 1e-9))
        } ?? ""
    }

    /// Shows a run on the console: a bar with the time left, and a line for each epoch.
    static func follow(_ name: String, _ console: Console) -> (line: ProgressLine, report: (Trainer.Event) -> Void) {
        let line = console.progress(name)
        let start = console.isTerminal ? "\r\u{1B}[K" : ""
        return (
            line,
            { event in
                switch event {
                case .resumed(let epoch): console.note("\(name): goes on after epoch \(epoch)")
                case .begun(let done, _): line.begin(at: done)
                case .step(let done, let total, _): line.update(done, of: total)
                case .epoch(let record, let isBest):
                    let heldOut =
                        record.validation.map {
                            String(
                                format: "  held out: loss %.4f, score %.4f%@", $0.loss, $0.score, isBest ? " *" : "  ")
                        } ?? ""
                    console.note(
                        start
                            + String(format: "epoch %3ld  loss %.4f", record.epoch, record.trainingLoss) + heldOut
                            + String(format: "  %.1f s", record.seconds) + exchange(record))
                }
            }
        )
    }
}
