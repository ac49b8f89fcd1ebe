import Foundation
import Numerics

/// The protocol of ratings: a fifth of them is kept back, by chance or as the newest, and predicted from the others.
public enum RatingEvaluation {
    /// What part of the ratings is predicted.
    static let testShare = 0.2

    /// How the part to predict is chosen.
    public enum Split: Hashable, Sendable {
        /// At random, the same for a seed.
        case seed(UInt64)
        /// The newest: nothing at or after the moment of the oldest of them is learned from.
        case time
    }

    /// One rating, by numbers of the data's users and items.
    public struct Rating: Hashable, Sendable {
        public let user: UInt32
        public let item: UInt32
        public let value: Float
        /// In any unit; `nil` if the file holds no times.
        public let time: Int64?
    }

    /// Ratings as they stand in a file, each pair of user and item once.
    public struct Table: Hashable, Sendable {
        /// In the order in which they occur first; items likewise.
        public let users: [String]
        public let items: [String]
        public let ratings: [Rating]
        /// How many ratings gave way to a later one of the same user and item.
        public let duplicates: Int
        public let scale: ClosedRange<Double>
    }

    /// Reads lines `user item rating [time]`, blanks or tabs between, times as whole numbers.
    ///
    /// Of two ratings of one pair the one with the later time counts, without times or at the same time the later line. Throws
    /// `badLine` for another number of fields, a rating that is no number or lies outside of `scale`, a time that is no whole
    /// number, and a line with a time in a file whose first line has none, or the other way round.
    public static func readData(path: String, scale: ClosedRange<Double>) throws(EvaluationError) -> Table {
        let file = try LineFile(path: path)
        var (users, items) = (NumberedNames(), NumberedNames())
        var ratings: [Rating] = []
        var places: [UInt64: Int] = [:]
        var duplicates = 0
        try file.forEachLine { number, line throws(EvaluationError) in
            let fields = LineFile.fields(line)
            guard (3...4).contains(fields.count) else {
                throw file.error(number, "holds \(fields.count) fields instead of `user item rating [time]`")
            }
            guard let value = Double(fields[2]), value.isFinite else {
                throw file.error(number, "names a rating that is no number")
            }
            guard scale.contains(value) else {
                throw file.error(
                    number, "names the rating \(fields[2]), outside of \(scale.lowerBound) to \(scale.upperBound)")
            }
            let time = fields.count > 3 ? Int64(fields[3]) : nil
            guard fields.count == 3 || time != nil else {
                throw file.error(number, "names a time that is no whole number")
            }
            guard ratings.isEmpty || (ratings[0].time == nil) == (time == nil) else {
                throw file.error(number, "\(time == nil ? "has no time" : "has a time"), unlike the lines before it")
            }
            let rating = Rating(
                user: users.number(of: fields[0]), item: items.number(of: fields[1]), value: Float(value), time: time)
            let pair = UInt64(rating.user) << 32 | UInt64(rating.item)
            if let place = places[pair] {
                duplicates += 1
                if (rating.time ?? 0) >= (ratings[place].time ?? 0) { ratings[place] = rating }
            } else {
                places[pair] = ratings.count
                ratings.append(rating)
            }
        }
        guard !ratings.isEmpty else { throw EvaluationError(.nothingToMeasure, "\(path) holds no rating.") }
        return Table(users: users.names, items: items.names, ratings: ratings, duplicates: duplicates, scale: scale)
    }

    /// The ratings to learn from and those to predict, each in the order of the file.
    ///
    /// Throws `nothingToMeasure` if either part is empty, and where times are needed and there are none.
    public static func split(
        _ data: Table, by split: Split
    ) throws(EvaluationError) -> (known: [Rating], asked: [Rating]) {
        let count = max(1, Int((Double(data.ratings.count) * testShare).rounded()))
        let isAsked: [Bool]
        switch split {
        case .seed(let seed):
            var random = SeededGenerator(seed: seed)
            var order = Array(data.ratings.indices)
            order.shuffle(using: &random)
            var marks = [Bool](repeating: false, count: order.count)
            for place in order.prefix(count) { marks[place] = true }
            isAsked = marks
        case .time:
            let times = data.ratings.compactMap(\.time).sorted()
            guard times.count == data.ratings.count else {
                throw EvaluationError(.nothingToMeasure, "A split by time needs a time on every line.")
            }
            let cut = times[times.count - count]
            isAsked = data.ratings.map { ($0.time ?? cut) >= cut }
        }
        let known = zip(data.ratings, isAsked).filter { !$1 }.map(\.0)
        let asked = zip(data.ratings, isAsked).filter { $1 }.map(\.0)
        guard !known.isEmpty, !asked.isEmpty else {
            throw EvaluationError(
                .nothingToMeasure, "\(data.ratings.count) ratings leave nothing to learn from beside those to predict.")
        }
        return (known, asked)
    }

    /// Writes a line `user item prediction` for each rating asked for, predictions with six decimals.
    public static func writeRun(
        _ predictions: [Double], of asked: [Rating], in data: Table, to path: String
    ) throws(EvaluationError) {
        precondition(predictions.count == asked.count, "one prediction for each rating")
        var text = ""
        for (prediction, rating) in zip(predictions, asked) {
            text += "\(data.users[Int(rating.user)]) \(data.items[Int(rating.item)]) "
            text += String(format: "%.6f", prediction) + "\n"
        }
        try RunWriter.write(text, to: path)
    }

    /// How far predictions are off, with intervals over users.
    public struct Result: Hashable, Sendable {
        public let meanAbsoluteError: ConfidenceInterval
        public let rootMeanSquaredError: ConfidenceInterval
        /// |prediction - rating| of each rating asked for.
        public let errors: [Double]
    }

    /// Scores one prediction a rating; `nil` if one is not finite.
    public static func score(_ predictions: [Double], of asked: [Rating]) -> Result? {
        let actual = asked.map { Double($0.value) }
        guard let mae = RegressionMetrics.meanAbsoluteError(predicted: predictions, actual: actual),
            let rmse = RegressionMetrics.rootMeanSquaredError(predicted: predictions, actual: actual)
        else { return nil }
        let errors = zip(predictions, actual).map { abs($0 - $1) }
        let groups = asked.map { Int($0.user) }
        guard let absolute = ClusterBootstrap.interval(of: errors, groups: groups, measure: .mean),
            let squared = ClusterBootstrap.interval(of: errors, groups: groups, measure: .rootMeanSquare)
        else { return nil }
        return Result(
            meanAbsoluteError: absolute.around(mae), rootMeanSquaredError: squared.around(rmse), errors: errors)
    }
}

extension ConfidenceInterval {
    /// The same bounds about a mean that was summed elsewhere.
    fileprivate func around(_ mean: Double) -> ConfidenceInterval {
        ConfidenceInterval(mean: mean, lower: lower, upper: upper, confidence: confidence)
    }
}

/// Names with numbers in the order in which they occur first.
private struct NumberedNames {
    private(set) var names: [String] = []
    private var numbers: [String: UInt32] = [:]

    mutating func number(of name: Substring) -> UInt32 {
        let name = String(name)
        if let number = numbers[name] { return number }
        let number = UInt32(names.count)
        numbers[name] = number
        names.append(name)
        return number
    }
}
