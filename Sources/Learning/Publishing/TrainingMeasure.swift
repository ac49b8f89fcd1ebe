import Domain
import Evaluation
import Features
import Foundation
import JSON
import Recommenders
import Storage

/// How well the default recommender, trained without the newest days of a log, told the first basket of each person in them: what
/// `souk train --measure` keeps beside the models that it trains on everything.
struct TrainingMeasure: Hashable, Sendable {
    static let file = "measure.json"
    static let metric = "ndcg@10"
    private static let servedMetric = "served_ndcg@10"
    static let days = 7
    /// So many people are measured at most, evenly over their numbers.
    static let peopleLimit = 20_000
    private static let formatVersion = 1

    /// What lies at or after it was not learned from.
    let cut: Timestamp
    /// NDCG@10 by the person's number.
    let values: [UInt32: Double]
    /// The models in service on the same baskets, if they had learned from nothing at or after the cut.
    var rival: Rival?

    /// Other models, by their place in the shop's folder.
    struct Rival: Hashable, Sendable {
        let name: String
        /// As those of the measure, for the same people.
        let values: [UInt32: Double]
    }

    var mean: Double { values.isEmpty ? 0 : values.values.sorted().reduce(0, +) / Double(values.count) }

    init(cut: Timestamp, values: [UInt32: Double], rival: Rival? = nil) {
        (self.cut, self.values, self.rival) = (cut, values, rival)
    }

    /// Trains on the log before the last `days` and measures on them; `nil` if nobody bought both before and in them.
    ///
    /// - Parameter kept: The rankers that are not to be taught; `nil` comes back where they learned from the days that are measured.
    /// - Parameter served: The default one of the models in service, with their name and the end of what they learned from.
    /// - Complexity: That of training the default recommender once more.
    init?(
        _ set: TrainingSet, days: Int = days, keeping kept: KeptRankers? = nil,
        beside served: (name: String, until: Timestamp, model: any Recommender)? = nil
    ) {
        guard let end = set.log.end else { return nil }
        var past = set
        past.now = Timestamp(milliseconds: end.milliseconds + 1).adding(days: -Double(days))
        guard !Self.truths(set.log, from: past.now, newAlone: false).isEmpty else { return nil }
        if let kept, kept.until > past.now { return nil }
        let model = RankedBasketModel.train(past, keepingRankersOf: kept?.model)
        self.init(set, of: model, from: past.now, newAlone: false, beside: served)
    }

    /// Measures a model that learned from nothing at or after `cut`; `nil` if nobody bought both before and from then on.
    ///
    /// - Parameter newAlone: Whether only items count that the person never had.
    init?(
        _ set: TrainingSet, of model: any Recommender, from cut: Timestamp, newAlone: Bool,
        beside served: (name: String, until: Timestamp, model: any Recommender)?
    ) {
        var past = set
        past.now = cut
        let truths = Self.truths(set.log, from: cut, newAlone: newAlone)
        guard !truths.isEmpty else { return nil }
        func values(_ model: any Recommender) -> [UInt32: Double] {
            var values: [UInt32: Double] = [:]
            for (user, items) in truths {
                var context = past.context(of: user)
                if newAlone { context.eligibility.excluded.formUnion(context.history.map(\.item)) }
                let list = model.candidates(for: context, limit: BasketEvaluation.cutoff)
                let hits = list.map { items.contains($0.item.rawValue) }
                values[user.rawValue] =
                    RankingMetrics.ndcg(hits: hits, relevantCount: items.count, at: BasketEvaluation.cutoff) ?? 0
            }
            return values
        }
        self.init(cut: cut, values: values(model))
        if let served, served.until <= cut { rival = Rival(name: served.name, values: values(served.model)) }
    }

    /// The first baskets from `cut` on of people who bought before it, evenly over their numbers.
    private static func truths(
        _ log: InteractionLog, from cut: Timestamp, newAlone: Bool
    ) -> [(user: UserNumber, items: Set<UInt32>)] {
        let step = max(1, (log.userLimit + peopleLimit - 1) / peopleLimit)
        return stride(from: 0, to: log.userLimit, by: step).compactMap { index in
            let user = UserNumber(UInt32(index))
            guard var items = basket(of: user, from: cut, in: log) else { return nil }
            if newAlone { items.subtract(log.range(of: user, before: cut).map { log.items[$0] }) }
            return items.isEmpty ? nil : (user: user, items: items)
        }
    }

    /// The first basket from `cut` on of somebody who bought before it.
    private static func basket(of user: UserNumber, from cut: Timestamp, in log: InteractionLog) -> Set<UInt32>? {
        let (all, known) = (log.range(of: user), log.range(of: user, before: cut))
        guard !known.isEmpty, known.upperBound < all.upperBound else { return nil }
        let basket = log.baskets[known.upperBound]
        return Set((known.upperBound..<all.upperBound).filter { log.baskets[$0] == basket }.map { log.items[$0] })
    }

    var encoded: [UInt8] {
        let people = values.keys.sorted()
        func figures(_ values: [UInt32: Double]) -> JSONValue { .array(people.map { .number(values[$0] ?? 0) }) }
        let served: [JSONValue.Member] =
            rival.map { [.init("served", .string($0.name)), .init(Self.servedMetric, figures($0.values))] } ?? []
        return JSONValue.object(
            [
                .init("format", .integer(Int64(Self.formatVersion))), .init("cut", .string(cut.description)),
                .init("people", .array(people.map { .integer(Int64($0)) })), .init(Self.metric, figures(values)),
            ] + served
        ).encoded + [0x0A]
    }

    /// Reads the measure of a folder of recommenders; `nil` for models that were not measured.
    ///
    /// - Throws: `StorageError` for a folder that was changed or cannot be read.
    init?(folder: String) throws {
        // Whatever format its models have: those in service may be older than this program.
        let artefact = try Artefact(folder: folder, verify: .sizes)
        guard artefact.manifest.files[Self.file] != nil else { return nil }
        let json = try JSONValue(parsing: artefact.read(Self.file))
        guard json["format"]?.integerValue == Int64(Self.formatVersion),
            let cut = json["cut"]?.stringValue.flatMap({ Timestamp(iso8601: $0) }),
            let people = json["people"]?.arrayValue?.compactMap({ $0.integerValue.flatMap { UInt32(exactly: $0) } }),
            let figures = json[Self.metric]?.arrayValue?.compactMap(\.doubleValue), people.count == figures.count
        else {
            throw StorageError(.corrupt, "\(folder)/\(Self.file) holds no measure of this version. Train again.")
        }
        self.init(cut: cut, values: Dictionary(zip(people, figures)) { first, _ in first })
        if let name = json["served"]?.stringValue,
            let served = json[Self.servedMetric]?.arrayValue?.compactMap(\.doubleValue), served.count == people.count
        {
            rival = Rival(name: name, values: Dictionary(zip(people, served)) { first, _ in first })
        }
    }
}
