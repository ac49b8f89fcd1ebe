import Evaluation
import Foundation
import JSON
import Recommenders

/// `souk tune`: searches the parameters of a sequence model on the validation part of a file of sequences.
public enum ModelTuner {
    /// What to search, and for how long.
    public struct Request: Sendable {
        public var data: String
        public var model = SequenceHybrid.name
        public var method = SearchMethod.tpe
        public var trials = 40
        /// `nil`: as long as the trials take. A trial that has begun ends.
        public var budgetSeconds: Double?
        /// How many trials are measured at once.
        public var jobs = 1
        /// Where every trial is written; a search goes on from what is there.
        public var log: String
        public var report: String?
        public var seed: UInt64 = 1

        public init(data: String, log: String) { (self.data, self.log) = (data, log) }
    }

    /// Measures NDCG@10 of the item before each user's last one, from what came before it; last items are never read.
    ///
    /// - Returns: One line of JSON with the best parameters.
    public static func run(_ request: Request, progress: (Int, Int) -> Void) throws -> String {
        let began = ContinuousClock.now
        let tunable = try model(request.model)
        let part = ValidationPart(try SequenceEvaluation.readData(path: request.data))
        guard !part.targets.isEmpty else {
            throw LearningError(.unusable, "\(request.data) holds no user with three items: nothing to validate on.")
        }
        let name = URL(filePath: request.data).lastPathComponent
        var log = try TrialLog(
            path: request.log, header: header(request, file: name, part: part),
            parameterCount: tunable.space.parameters.count)
        let plan = TuningPlan(
            space: tunable.space, method: request.method, seed: request.seed, jobs: request.jobs)
        let budget = request.budgetSeconds ?? .infinity
        let hasTime: @Sendable () -> Bool = { (ContinuousClock.now - began).inSeconds < budget }
        if log.trials.count < request.trials, hasTime() {
            let trainer = tunable.prepare(part.histories, part.itemCount)
            let runner = TrialRunner(TrialQueue(plan: plan, limit: request.trials, recorded: log.trials))
            try runner.run(jobs: request.jobs, mayBegin: hasTime) { number, step in
                let start = ContinuousClock.now
                let score = part.score(trainer(step.values), share: step.share)
                return Trial(
                    number: number, values: step.values, share: step.share, score: score,
                    seconds: (ContinuousClock.now - start).inSeconds)
            } record: { trial in
                try log.append(trial)
                progress(log.trials.count, request.trials)
            }
        }
        if let report = request.report {
            try TuningReport(trials: log.trials, plan: plan, model: request.model, file: name).html.write(to: report)
        }
        return JSONLine.text(try json(log.trials, tunable))
    }

    /// The model of a search's best trial, for training on more than the search saw.
    static func trainer(log path: String) throws -> (
        name: String, train: @Sendable ([[UInt32]], Int) -> any SequenceModel
    ) {
        let first = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
        guard let header = try? JSONValue(parsing: Array(first.utf8)),  // What is no JSON is no header.
            let name = header["model"]?.stringValue
        else { throw LearningError(.unusable, "\(path) holds no trials of `souk tune`.") }
        let tunable = try model(name)
        let log = try TrialLog(
            path: path, header: String(first), parameterCount: tunable.space.parameters.count)
        guard let best = best(log.trials) else {
            throw LearningError(.unusable, "\(path) holds no trial on all users.")
        }
        return (name, { sequences, itemLimit in tunable.prepare(sequences, itemLimit)(best.values) })
    }

    private static func model(_ name: String) throws -> TunableModel {
        guard let model = TunableModel.named(name) else {
            throw LearningError(
                .unusable,
                "'\(name)' has no parameters to tune. Models: \(TunableModel.all.map(\.name).joined(separator: ", ")).")
        }
        return model
    }

    /// The best trial on all users; the earlier of equals.
    static func best(_ trials: [Trial]) -> Trial? {
        trials.filter { $0.share == 1 }.min { ($1.score, $0.number) < ($0.score, $1.number) }
    }

    private static func header(_ request: Request, file: String, part: ValidationPart) -> String {
        var members: [JSONValue.Member] = [
            .init("model", .string(request.model)), .init("data", .string(file)),
            .init("users", .integer(Int64(part.targets.count))), .init("method", .string(request.method.rawValue)),
            .init("seed", .integer(Int64(clamping: request.seed))),
        ]
        // The other methods draw the same trials however many are measured at once.
        if request.method == .tpe, request.jobs > 1 { members.append(.init("jobs", .integer(Int64(request.jobs)))) }
        return JSONLine.text(.object(members))
    }

    private static func json(_ trials: [Trial], _ model: TunableModel) throws -> JSONValue {
        guard let best = best(trials), let shipped = trials.first else {
            throw LearningError(.unusable, "No trial was made: give more time or trials.")
        }
        let parameters = zip(model.space.parameters, best.values).map { JSONValue.Member($0.name, .number($1)) }
        return .object([
            .init("trials", .integer(Int64(trials.count))), .init("validation_ndcg@10", .number(best.score)),
            .init("shipped_validation_ndcg@10", .number(shipped.score)), .init("parameters", .object(parameters)),
        ])
    }
}

/// Users' histories without their last two items, and the first of these as the target.
struct ValidationPart: Sendable {
    let histories: [[UInt32]]
    let targets: [Int32]
    let itemCount: Int

    /// Users with fewer than three items are left out.
    init(_ data: SequenceEvaluation.Data) {
        let users = data.users.indices.filter { data.history(of: $0).count >= 2 }
        histories = users.map { data.history(of: $0).dropLast().map { UInt32(bitPattern: $0) } }
        targets = users.compactMap { data.history(of: $0).last }
        itemCount = data.items.count
    }

    /// Mean NDCG@10 over every *n*-th user, with 1/n the share.
    func score(_ model: any SequenceModel, share: Double) -> Double {
        let step = max(1, Int((1 / share).rounded()))
        let asked = Array(stride(from: 0, to: histories.count, by: step))
        let lists = SequenceModels.lists(
            of: model, after: asked.map { histories[$0] }, itemLimit: itemCount, limit: SequenceEvaluation.cutoff,
            known: histories)
        let sum = zip(lists, asked).reduce(0.0) { sum, pair in
            let hits = pair.0.map { Int32(bitPattern: $0) == targets[pair.1] }
            return sum + (RankingMetrics.ndcg(hits: hits, relevantCount: 1, at: SequenceEvaluation.cutoff) ?? 0)
        }
        return sum / Double(max(1, asked.count))
    }
}
