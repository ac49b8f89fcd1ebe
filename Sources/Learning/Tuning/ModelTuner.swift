import Evaluation
import Foundation
import JSON
import Recommenders

/// `souk tune`: searches the parameters of a model, on the validation part of a file of sequences or in a shop's past.
public enum ModelTuner {
    /// What the trials are measured on.
    public enum Source: Sendable {
        /// A file of sequences: the item before each user's last.
        case file(String)
        /// A shop: next baskets from several cuts on.
        case shop(String, BasketWindows)
        /// What another module measures.
        case task(TuningTask)
    }

    /// What to search, and for how long.
    public struct Request: Sendable {
        public var source: Source
        public var model = SequenceHybrid.name
        public var method = SearchMethod.tpe
        public var trials = 40
        /// `nil`: as long as the trials take. A trial that has begun ends.
        public var budgetSeconds: Double?
        /// The search ends when so many trials did not improve on the best.
        public var patience: Int?
        /// Whether a trial that does worse than most ends before its last window.
        public var prunes = true
        /// How many trials are measured at once.
        public var jobs = 1
        /// Where every trial is written; a search goes on from what is there.
        public var log: String
        public var report: String?
        /// Where the best parameters of a shop's model are written, for `souk train --parameters`.
        public var best: String?
        public var seed: UInt64 = 1

        public init(_ source: Source, log: String) { (self.source, self.log) = (source, log) }
    }

    /// Measures trials until there are enough, until time is up, or until nothing gets better.
    ///
    /// - Returns: One line of JSON with the best parameters, and why the search ended.
    public static func run(_ request: Request, progress: (Int, Int) -> Void) throws -> String {
        let began = ContinuousClock.now
        let task = try task(of: request)
        let plan = TuningPlan(
            space: task.space, method: request.method, seed: request.seed, jobs: request.jobs,
            patience: request.patience, prunes: request.prunes && task.windows.count > 1)
        var log = try TrialLog(
            path: request.log, header: header(request, task, plan), parameterCount: task.space.parameters.count)
        let budget = request.budgetSeconds ?? .infinity
        let hasTime: @Sendable () -> Bool = { (ContinuousClock.now - began).inSeconds < budget }
        let queue = TrialQueue(plan: plan, limit: request.trials, recorded: log.trials)
        if !queue.isOver, hasTime() {
            let scorer = try task.prepare()
            try TrialRunner(queue).run(jobs: request.jobs, mayBegin: hasTime) { number, step in
                try measure(number, step, windows: task.windows.count, by: scorer)
            } record: { trial in
                try log.append(trial)
                progress(log.trials.count, request.trials)
            }
        }
        let outcome = try Outcome(log.trials, task, end: ending(log.trials, request, plan))
        if let report = request.report {
            try TuningReport(trials: log.trials, plan: plan, task: task, end: outcome.end).html.write(to: report)
        }
        if let path = request.best { try ParameterFile(model: task.model, values: outcome.best.values).write(to: path) }
        return JSONLine.text(outcome.json)
    }

    private static func task(of request: Request) throws -> TuningTask {
        switch request.source {
        case .file(let path):
            guard request.best == nil else {
                throw LearningError(
                    .unusable,
                    "Parameters for `souk train` come from a shop: `souk evaluate sequences --trials` reads the log itself."
                )
            }
            return try TuningTask(sequences: path, model: try SequenceTuning.model(request.model))
        case .task(let task): return task
        case .shop(let path, let windows):
            let model = try BasketTuning.model(request.model)
            return try TuningTask(baskets: windows, of: try Workbench(path: path), model: model)
        }
    }

    private static func measure(
        _ number: Int, _ step: TuningPlan.Step, windows: Int, by scorer: TuningTask.Scorer
    ) throws -> Trial {
        let start = ContinuousClock.now
        var scores: [Double] = []
        while scores.count < windows, step.rule?.ends(scores) != true {
            scores.append(try scorer(step.values, scores.count, step.share))
        }
        return Trial(
            number: number, values: step.values, share: step.share, windows: scores,
            score: MedianRule.standing(scores, beside: step.first), isPruned: scores.count < windows,
            seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// Why no further trial was begun.
    private static func ending(_ trials: [Trial], _ request: Request, _ plan: TuningPlan) -> String {
        if trials.count >= request.trials { return "trials" }
        return plan.isStuck(Array(trials.prefix(plan.basis(of: trials.count)))) ? "patience" : "budget"
    }

    private static func header(_ request: Request, _ task: TuningTask, _ plan: TuningPlan) -> String {
        var members: [JSONValue.Member] = [.init("model", .string(task.model))]
        members += task.identity
        members += [
            .init("method", .string(request.method.rawValue)), .init("seed", .integer(Int64(clamping: request.seed))),
        ]
        if task.windows.count > 1 { members.append(.init("prunes", .bool(plan.prunes))) }
        // The other searches draw the same trials however many are measured at once.
        if plan.dependsOnJobs { members.append(.init("jobs", .integer(Int64(request.jobs)))) }
        return JSONLine.text(.object(members))
    }
}

/// What a search came to.
private struct Outcome {
    let best: Trial
    let end: String
    let json: JSONValue

    init(_ trials: [Trial], _ task: TuningTask, end: String) throws(LearningError) {
        guard let best = Trial.best(of: trials), let shipped = trials.first else {
            throw LearningError(.unusable, "No trial was made: give more time or trials.")
        }
        (self.best, self.end) = (best, end)
        let key = "validation_\(task.measureKey)"
        json = .object([
            .init("trials", .integer(Int64(trials.count))),
            .init("pruned", .integer(Int64(trials.count { $0.isPruned }))), .init("stopped_by", .string(end)),
            .init(key, .number(best.score)), .init("shipped_\(key)", .number(shipped.score)),
            .init("parameters", ParameterFile.json(best.values, task.space)),
        ])
    }
}
