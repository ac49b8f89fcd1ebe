import Foundation
import JSON

/// What one model came to on the task of a comparison.
public struct MeasuredModel: Hashable, Sendable {
    /// One measure of accuracy.
    struct Figure: Hashable, Sendable {
        /// Such as `NDCG@10`.
        let name: String
        /// Its name in the line of JSON, such as `ndcg@10`.
        let key: String
        /// By person, the same people for every model.
        let values: [Double]

        var mean: Double { values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count) }
    }

    let name: String
    /// The first is what models are put in order by.
    let figures: [Figure]
    /// On histories whose neighbouring items were exchanged; empty if that was not asked for.
    let exchanged: [Figure]
    /// How many people were asked for.
    let people: Int
    /// Interactions that were learned from.
    let interactions: Int
    let trainSeconds: Double
    /// Seconds for the list of one person, on two threads.
    let answerSeconds: Double
    /// How far the memory of the process rose while the model was trained and asked. What reading the data freed is used again, and
    /// does not count.
    let memoryMegabytes: Double
    /// The most that the process took, the data included.
    let peakMegabytes: Double
    /// Part of the items that any list shows.
    let coverage: Double
    let gini: Double
    /// The items shown to each person, best first; ten at most.
    let lists: [[Int32]]
    /// Of the long lists of some people.
    let places: [ListCurves.Places]
    /// Learned from parts of the people and from all; empty where that was not asked for or makes no sense.
    let curve: [LearningCurve.Point]

    /// The figure that models are put in order by.
    var accuracy: Figure { figures[0] }

    /// The lists as item numbers of the catalogue.
    var shown: [[Int]] { lists.map { $0.map { Int($0) } } }

    /// One line of figures, without those by person.
    var summary: JSONValue {
        var members = figures.map { JSONValue.Member($0.key, .number($0.mean)) }
        members += numbers.map { .init($0.name, .number($0.value)) }
        members += exchanged.map { .init("exchanged_\($0.key)", .number($0.mean)) }
        return .object(members)
    }

    private var numbers: [(name: String, value: Double)] {
        [
            ("train_seconds", trainSeconds), ("answer_milliseconds", 1000 * answerSeconds),
            ("memory_mb", memoryMegabytes), ("peak_mb", peakMegabytes), ("coverage", coverage), ("gini", gini),
        ]
    }
}

// What a process that measured one model tells the one that compares.
extension MeasuredModel {
    var json: JSONValue {
        .object([
            .init("model", .string(name)), .init("people", .integer(Int64(people))),
            .init("interactions", .integer(Int64(interactions))),
            .init("figures", .array(figures.map(\.json))), .init("exchanged", .array(exchanged.map(\.json))),
            .init("numbers", .object(numbers.map { .init($0.name, .number($0.value)) })),
            .init("lists", .array(lists.map(Self.array))), .init("places", .array(places.map(\.json))),
            .init("curve", .array(curve.map(\.json))),
        ])
    }

    /// `nil` for what is no such object.
    init?(_ json: JSONValue) {
        func number(_ name: String) -> Double? { json["numbers"]?[name]?.doubleValue }
        guard let name = json["model"]?.stringValue, let people = json["people"]?.integerValue,
            let interactions = json["interactions"]?.integerValue,
            let figures = json["figures"]?.arrayValue?.compactMap(Figure.init), !figures.isEmpty,
            let exchanged = json["exchanged"]?.arrayValue?.compactMap(Figure.init),
            let train = number("train_seconds"), let answer = number("answer_milliseconds"),
            let memory = number("memory_mb"), let peak = number("peak_mb"), let coverage = number("coverage"),
            let gini = number("gini"),
            let lists = json["lists"]?.arrayValue?.compactMap({ Self.integers($0) as [Int32]? }),
            let places = json["places"]?.arrayValue?.compactMap(ListCurves.Places.init),
            let curve = json["curve"]?.arrayValue?.compactMap(LearningCurve.Point.init)
        else { return nil }
        (self.name, self.figures, self.exchanged) = (name, figures, exchanged)
        (self.people, self.interactions) = (Int(people), Int(interactions))
        (trainSeconds, answerSeconds, memoryMegabytes) = (train, answer / 1000, memory)
        (peakMegabytes, self.coverage, self.gini) = (peak, coverage, gini)
        (self.lists, self.places, self.curve) = (lists, places, curve)
    }

    fileprivate static func array(_ values: some Sequence<some BinaryInteger>) -> JSONValue {
        .array(values.map { .integer(Int64($0)) })
    }

    fileprivate static func integers<Integer: BinaryInteger>(_ json: JSONValue) -> [Integer]? {
        json.arrayValue?.compactMap { $0.integerValue.flatMap { Integer(exactly: $0) } }
    }
}

extension MeasuredModel.Figure {
    fileprivate var json: JSONValue {
        .object([
            .init("name", .string(name)), .init("key", .string(key)),
            .init("values", .array(values.map { .number($0) })),
        ])
    }

    fileprivate init?(_ json: JSONValue) {
        guard let name = json["name"]?.stringValue, let key = json["key"]?.stringValue,
            let values = json["values"]?.arrayValue?.compactMap(\.doubleValue)
        else { return nil }
        (self.name, self.key, self.values) = (name, key, values)
    }
}

extension ListCurves.Places {
    fileprivate var json: JSONValue {
        .object([.init("length", .integer(Int64(length))), .init("found", MeasuredModel.array(found))])
    }

    fileprivate init?(_ json: JSONValue) {
        guard let length = json["length"]?.integerValue,
            let found: [Int] = json["found"].flatMap(MeasuredModel.integers)
        else { return nil }
        self.init(length: Int(length), found: found)
    }
}

extension LearningCurve.Point {
    fileprivate var json: JSONValue {
        .object([
            .init("share", .number(share)), .init("people", .integer(Int64(people))),
            .init("values", .array(values.map { .number($0) })), .init("train_seconds", .number(trainSeconds)),
        ])
    }

    fileprivate init?(_ json: JSONValue) {
        guard let share = json["share"]?.doubleValue, let people = json["people"]?.integerValue,
            let values = json["values"]?.arrayValue?.compactMap(\.doubleValue),
            let seconds = json["train_seconds"]?.doubleValue
        else { return nil }
        self.init(share: share, people: Int(people), values: values, trainSeconds: seconds)
    }
}
