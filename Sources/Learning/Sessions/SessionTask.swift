import Domain
import Evaluation
import Foundation
import JSON
import Numerics
import Recommenders

/// `souk evaluate sessions`: what comes next in a session, from its beginning and the sessions before.
public enum SessionTask {
    /// What is measured unless models are named; the first is what the others are tested against.
    public static let defaultModels = [
        VMISModel.name, ItemCosineModel.name, SequentialRulesModel.name, MarkovChainModel.name, popularity,
    ]
    /// The name of the plainest model: what stands in most sessions.
    static let popularity = "popularity"
    /// So many test sessions at most.
    static let sessionLimit = 2000

    /// Every name.
    public static let names = SequenceModels.names + [popularity]

    /// One model with what it came to.
    struct Entry {
        let name: String
        let lists: [[UInt32]]
        let result: SessionEvaluation.Result
        let trainSeconds: Double
        /// For one list, on two threads.
        let answerSeconds: Double
    }

    /// Measures models on a file of sessions: lines `session item item …`, oldest session first.
    public static func evaluate(
        data path: String, models: [String]?, report: String?, progress: (Int, Int) -> Void
    ) throws -> String {
        let data = try SessionEvaluation.readData(path: path, limit: sessionLimit)
        let split = CheckList.Check(
            name: "split", isPassed: true,
            detail: "the newest tenth of the sessions of the file is asked for, and none of it learned from.")
        return try evaluate(
            data, models: models, split: split, subtitle: URL(filePath: path).lastPathComponent, report: report,
            progress: progress)
    }

    static func evaluate(
        _ data: SessionEvaluation.Data, models names: [String]?, split: CheckList.Check, subtitle: String,
        report: String?, progress: (Int, Int) -> Void
    ) throws -> String {
        let names = names ?? defaultModels
        for name in names where !Self.names.contains(name) {
            throw LearningError(
                .unusable, "There is no model '\(name)'. Models: \(Self.names.joined(separator: ", ")).")
        }
        let questions = data.questions
        var entries: [Entry] = []
        for name in names {
            progress(entries.count, names.count)
            entries.append(try measure(name, data, questions))
        }
        progress(names.count, names.count)
        let outcome = SessionOutcome(data: data, questions: questions, entries: entries)
        let checks = CheckList([split] + outcome.checks)
        if let report { try outcome.html(checks, subtitle: subtitle).write(to: report) }
        return try checks.line(outcome.members)
    }

    private static func measure(
        _ name: String, _ data: SessionEvaluation.Data, _ questions: [SessionEvaluation.Question]
    ) throws -> Entry {
        let began = ContinuousClock.now
        let model: any SequenceScorer
        if name == popularity {
            model = SessionPopularity(data.training, itemCount: data.items.count)
        } else if let trained = SequenceModels.train(name, on: data.training, itemLimit: data.items.count) {
            model = trained
        } else {
            throw LearningError(.unusable, "The model '\(name)' cannot be trained on sessions.")
        }
        let trained = ContinuousClock.now
        let lists = Self.lists(model, data, questions)
        let listed = ContinuousClock.now
        return Entry(
            name: name, lists: lists, result: .init(lists, of: questions), trainSeconds: (trained - began).inSeconds,
            answerSeconds: (listed - trained).inSeconds / Double(max(1, questions.count)))
    }

    static func lists(
        _ model: any SequenceScorer, _ data: SessionEvaluation.Data, _ questions: [SessionEvaluation.Question]
    ) -> [[UInt32]] {
        SequenceModels.lists(
            of: model, after: questions.map(\.beginning), itemLimit: data.items.count,
            limit: SessionEvaluation.cutoff, known: data.training)
    }
}

/// How many sessions hold each item.
private struct SessionPopularity: SequenceScorer {
    private let counts: [Double]

    init(_ sessions: [[UInt32]], itemCount: Int) {
        var counts = [Double](repeating: 0, count: itemCount)
        for session in sessions { for item in session { counts[Int(item)] += 1 } }
        self.counts = counts
    }

    func addScores(after history: [UInt32], to scores: inout [Double]) {
        for item in scores.indices { scores[item] += counts[item] }
    }
}
