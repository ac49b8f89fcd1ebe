import Evaluation
import Foundation
import JSON
import Recommenders

/// `souk evaluate ratings`: predicts the stars that were kept back, beside plainer predictions.
public enum RatingTask {
    /// What is measured.
    public struct Request: Sendable {
        /// Lines `user item rating [time]`.
        public var data: String
        public var scale: ClosedRange<Double> = 1...5
        /// Keeps ratings back at random, or the newest where there is none.
        public var splitSeed: UInt64? = 1
        /// Where predictions are written, if anywhere.
        public var run: String?
        public var report: String?

        public init(data: String) { self.data = data }
    }

    /// One way to predict, and how far it is off.
    struct Entry {
        let name: String
        let result: RatingEvaluation.Result
    }

    /// Predicts by factors, biases, item means and the global mean, from the part that is not asked for alone.
    ///
    /// - Returns: One line of JSON.
    public static func evaluate(_ request: Request, progress: (Int, Int) -> Void) throws -> String {
        let data = try RatingEvaluation.readData(path: request.data, scale: request.scale)
        let split = request.splitSeed.map { RatingEvaluation.Split.seed($0) } ?? .time
        let (known, asked) = try RatingEvaluation.split(data, by: split)
        let pairs = known.map { RatedPair(user: $0.user, item: $0.item, value: $0.value) }
        let (userCount, itemCount) = (data.users.count, data.items.count)
        let began = ContinuousClock.now
        let choice = RatingFactorModel.choose(
            pairs, userCount: userCount, itemCount: itemCount, seed: request.splitSeed ?? 1, progress: progress)
        let model = RatingFactorModel.train(
            pairs, userCount: userCount, itemCount: itemCount, parameters: choice.parameters)
        let seconds = (ContinuousClock.now - began).inSeconds
        let biases = RatingBiases(pairs, userCount: userCount, itemCount: itemCount)
        let means = itemMeans(pairs, itemCount: itemCount, otherwise: biases.mean)
        let ways: [(name: String, predict: (RatingEvaluation.Rating) -> Double)] = [
            ("factors", { model.prediction(user: $0.user, item: $0.item) }),
            ("biases", { biases.prediction(user: $0.user, item: $0.item) }),
            ("item_mean", { means[Int($0.item)] }), ("global_mean", { _ in biases.mean }),
        ]
        let entries = try ways.map { way in
            let predictions = asked.map {
                min(max(way.predict($0), request.scale.lowerBound), request.scale.upperBound)
            }
            guard let result = RatingEvaluation.score(predictions, of: asked) else {
                throw LearningError(.unusable, "Training on \(request.data) came to no finite predictions.")
            }
            if way.name == "factors", let run = request.run {
                try RatingEvaluation.writeRun(predictions, of: asked, in: data, to: run)
            }
            return Entry(name: way.name, result: result)
        }
        let outcome = RatingOutcome(
            data: data, known: known, asked: asked, choice: choice, trainSeconds: seconds, entries: entries)
        if let report = request.report {
            try outcome.html(path: request.data, split: split).write(to: report)
        }
        return JSONLine.text(outcome.json)
    }

    private static func itemMeans(_ pairs: [RatedPair], itemCount: Int, otherwise mean: Double) -> [Double] {
        var (sums, counts) = ([Double](repeating: 0, count: itemCount), [Double](repeating: 0, count: itemCount))
        for pair in pairs {
            sums[Int(pair.item)] += Double(pair.value)
            counts[Int(pair.item)] += 1
        }
        return zip(sums, counts).map { $1 > 0 ? $0 / $1 : mean }
    }
}
