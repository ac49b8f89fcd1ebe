import Evaluation
import Foundation
import JSON
import Numerics
import Recommenders

/// The next-item task on a file of sequences, which needs no shop.
public enum SequenceTask {
    /// The model that is measured unless another is named.
    public static let defaultModel = SequenceHybrid.name

    /// What is measured.
    public struct Request: Sendable {
        /// Lines `user item item …`, oldest first.
        public var data: String
        /// The model's name; the default if left out.
        public var model: String?
        /// The folder of a network that `souk-train` wrote.
        public var weights: String?
        /// What the network's score weighs beside the counting hybrid's.
        public var weight: Double?
        /// A search's log: its best trial gives model and parameters.
        public var trials: String?
        /// Exchanges neighbouring items within each history first: what a model still knows then does not hang on the order of
        /// items of one day.
        public var shuffleSeed: UInt64?
        /// Asks for the last item but one and leaves the last unseen.
        public var isValidation = false
        /// Where the lists are written.
        public var run: String
        public var report: String?

        public init(data: String, run: String) { (self.data, self.run) = (data, run) }
    }

    /// Writes ten items for each user from all but their last item, and scores them against it.
    ///
    /// - Parameter times: Told the seconds that training took from histories in memory (loading, for a network), and those of
    ///   all lists.
    /// - Returns: The result as one line of JSON.
    public static func evaluate(
        _ request: Request, times: (_ train: Double, _ lists: Double) -> Void = { _, _ in },
        progress: (Int, Int) -> Void
    ) throws -> String {
        let tuned = try request.trials.map { try ModelTuner.trainer(log: $0) }
        if let tuned, let model = request.model, model != tuned.name {
            throw LearningError(.unusable, "The trials are of '\(tuned.name)', not of '\(model)'.")
        }
        let name = tuned?.name ?? request.model ?? defaultModel
        try check(name, request)
        let data = try read(request)
        progress(0, data.users.count)
        var histories = data.users.indices.map { user in data.history(of: user).map { UInt32(bitPattern: $0) } }
        if let seed = request.shuffleSeed { exchangeNeighbours(in: &histories, seed: seed) }
        let began = ContinuousClock.now
        let train = { (histories: [[UInt32]]) throws -> any SequenceScorer in
            if let tuned { return tuned.train(histories, data.items.count) }
            return try Self.scorer(name, request, data, histories)
        }
        let scorer = try train(histories)
        let trained = ContinuousClock.now
        let lists = SequenceModels.lists(of: scorer, after: histories, itemLimit: data.items.count, limit: 10)
            .map { $0.map { Int32(bitPattern: $0) } }
        let listed = ContinuousClock.now
        progress(data.users.count, data.users.count)
        try SequenceEvaluation.writeRun(lists, of: data, to: request.run)
        times((trained - began).inSeconds, (listed - trained).inSeconds)
        let result = SequenceEvaluation.score(lists, of: data)
        let counts = data.userCounts
        let judgement = SequenceJudgement(scorer, after: histories, data: data, userCounts: counts)
        let checks = SequenceChecks(data: data, histories: histories).list(judgement, shown: result.ndcgByUser)
        let bias = BiasReport(
            bias: PopularityBias(counts: counts),
            profiles: data.users.indices.map { Set(data.history(of: $0)).map { Int($0) } },
            lists: lists.map { $0.map { Int($0) } })
        if let report = request.report {
            let reporting = Reporting(
                name: name, data: data, histories: histories, lists: lists, result: result, judgement: judgement,
                checks: checks, bias: bias,
                seconds: ((trained - began).inSeconds, (listed - trained).inSeconds / Double(max(1, histories.count))),
                train: request.weights == nil ? train : nil)
            try EvaluationReports.sequences(result, data: request.data, model: name, details: try reporting.details())
                .write(to: report)
        }
        return try checks.line((result.json.objectValue ?? []) + [.init("popularity_bias", bias.json)])
    }

    private static func check(_ name: String, _ request: Request) throws(LearningError) {
        let networks = NeuralSequenceModel.names + NeuralHybrid.names
        guard SequenceModels.names.contains(name) || networks.contains(name) else {
            let names = (SequenceModels.names + networks).joined(separator: ", ")
            throw LearningError(.unusable, "There is no sequence model '\(name)'. Models: \(names).")
        }
        guard networks.contains(name) == (request.weights != nil) else {
            throw LearningError(
                .unusable,
                request.weights == nil
                    ? "The model '\(name)' needs --weights DIR, a folder that `souk-train` wrote."
                    : "--weights belong to \(networks.joined(separator: " or ")), not to '\(name)'.")
        }
    }

    private static func read(_ request: Request) throws -> SequenceEvaluation.Data {
        let data = try SequenceEvaluation.readData(path: request.data)
        guard request.isValidation else { return data }
        guard let part = data.validationPart else {
            throw LearningError(.unusable, "\(request.data): no user has three items, so none has one before the last.")
        }
        return part
    }

    private static func scorer(
        _ name: String, _ request: Request, _ data: SequenceEvaluation.Data, _ histories: [[UInt32]]
    ) throws -> any SequenceScorer {
        if let folder = request.weights {
            let isHybrid = NeuralHybrid.names.contains(name)
            let network = try NeuralSequenceModel(
                isHybrid ? String(name.dropLast(NeuralHybrid.suffix.count)) : name, folder: folder, items: data.items)
            guard isHybrid else { return network }
            return NeuralHybrid(
                counting: SequenceHybrid.train(histories, itemLimit: data.items.count), network: network,
                weight: request.weight ?? NeuralHybrid.defaultWeight)
        }
        guard let model = SequenceModels.train(name, on: histories, itemLimit: data.items.count) else {
            throw LearningError(.unusable, "The sequence model '\(name)' cannot be trained.")
        }
        return model
    }

    /// Each item changes places with the next with probability one half, unless it has just been moved.
    static func exchangeNeighbours(in histories: inout [[UInt32]], seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for user in histories.indices {
            var place = 0
            while place + 1 < histories[user].count {
                let isExchanged = random.unit() < 0.5
                if isExchanged { histories[user].swapAt(place, place + 1) }
                place += isExchanged ? 2 : 1
            }
        }
    }
}
