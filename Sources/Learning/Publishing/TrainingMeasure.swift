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
    /// - Parameter served: The default one of the models in service, with their name and the end of what they learned from.
    /// - Complexity: That of training the default recommender once more.
    init?(
        _ set: TrainingSet, days: Int = days,
        beside served: (name: String, until: Timestamp, model: RankedBasketModel)? = nil
    ) {
        guard let end = set.log.end else { return nil }
        let cut = Timestamp(milliseconds: end.milliseconds + 1).adding(days: -Double(days))
        var past = set
        past.now = cut
        let step = max(1, (set.log.userLimit + Self.peopleLimit - 1) / Self.peopleLimit)
        let truths = stride(from: 0, to: set.log.userLimit, by: step).compactMap { index in
            let user = UserNumber(UInt32(index))
            return Self.basket(of: user, from: cut, in: set.log).map { (user: user, items: $0) }
        }
        guard !truths.isEmpty else { return nil }
        func values(_ model: RankedBasketModel) -> [UInt32: Double] {
            var values: [UInt32: Double] = [:]
            for (user, items) in truths {
                let list = model.candidates(for: past.context(of: user), limit: BasketEvaluation.cutoff)
                let hits = list.map { items.contains($0.item.rawValue) }
                values[user.rawValue] =
                    RankingMetrics.ndcg(hits: hits, relevantCount: items.count, at: BasketEvaluation.cutoff) ?? 0
            }
            return values
        }
        self.init(cut: cut, values: values(RankedBasketModel.train(past)))
        if let served, served.until <= cut { rival = Rival(name: served.name, values: values(served.model)) }
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
