import Domain
import Features
import Foundation
import JSON
import Numerics
import Recommenders
import Storage

/// Times `home` in-process: models of a shop, every person of its log, nothing kept between answers.
struct RecommendBench {
    private let recommendations: Recommendations
    private let contexts: [RecommendationContext]
    private let loaded: Double

    /// - Parameter people: At most so many are asked, spread over all.
    init(shop path: String, people: Int) throws {
        let folder = ShopFolder(path: path)
        let store = try folder.openStore(.readOnly)
        guard let publication = try PublicationStore(folder: folder).current(),
            let models = publication.models[RecommenderModels.artefactKind]
        else { throw CocoaError(.fileNoSuchFile) }
        let before = ProcessMemory.current()
        let loadedModels = try RecommenderModels(loading: path + "/" + models)
        loaded = ProcessMemory.current() - before
        let facts = try ItemFacts(reading: store)
        let log = try InteractionLog(reading: store, itemLimit: try store.numberLimit())
        (recommendations, contexts) = (
            Recommendations(models: loadedModels, facts: facts), Self.contexts(log, facts, people: people)
        )
    }

    /// Trains on a made-up log.
    init(made log: MadeLog, people: Int, _ writer: inout JSONWriter) {
        let set = TrainingSet(log: log.interactions, facts: ItemFacts())
        let before = ProcessMemory.current()
        let watch = Stopwatch()
        let models = RecommenderModels.train(set)
        writer.member("train_seconds", watch.spent.wall)
        writer.member("train_peak_mb", ProcessMemory.peak())
        loaded = ProcessMemory.current() - before
        writer.member("model_file_mb", models.encoded().reduce(0.0) { $0 + Double($1.bytes.count) } / 1e6)
        (recommendations, contexts) = (
            Recommendations(models: models, facts: set.facts), Self.contexts(set.log, set.facts, people: people)
        )
    }

    private static func contexts(_ log: InteractionLog, _ facts: ItemFacts, people: Int) -> [RecommendationContext] {
        let now = Timestamp(milliseconds: (log.end?.milliseconds ?? 0) + 1)
        let step = max(1, log.userLimit / people)
        return stride(from: 0, to: log.userLimit, by: step).compactMap { user in
            let history = log.history(of: UserNumber(UInt32(user)))
            guard !history.isEmpty else { return nil }
            return RecommendationContext(
                now: now, user: UserNumber(UInt32(user)), history: history,
                eligibility: Eligibility(hidden: facts.hidden))
        }
    }

    func write(_ writer: inout JSONWriter) {
        var times: [Double] = []
        for context in contexts {
            let watch = Stopwatch()
            let answer = recommendations.answer(.home, for: context, limit: 12)
            times.append(watch.spent.wall * 1e3)
            precondition(!answer.isEmpty, "nobody gets an empty answer")
        }
        times.sort()
        writer.member("people", times.count)
        writer.member("models_mb", loaded)
        writer.member("median_ms", times[times.count / 2])
        writer.member("p99_ms", times[min(times.count - 1, times.count * 99 / 100)])
    }
}

/// A seeded log: popularity like 1/rank, people who come back to what they had.
struct MadeLog {
    let interactions: InteractionLog

    init(items: Int, events: Int, seed: UInt64 = 1) {
        var random = SeededGenerator(seed: seed)
        // A person has some 200 lines: twenty baskets of ten.
        let people = max(1, events / 200)
        let start = Timestamp(year: 2025, month: 1, day: 1)
        var lines: [InteractionLog.Line] = []
        lines.reserveCapacity(events)
        var had: [[UInt32]] = Array(repeating: [], count: people)
        for basket in 0..<events / 10 {
            let person = Int(random.next() % UInt64(people))
            let time = start.adding(days: 364 * Double(basket) / Double(max(1, events / 10)))
            for _ in 0..<10 {
                let known = had[person]
                let item: UInt32
                if !known.isEmpty, random.unit() < 0.5 {
                    item = known[Int(random.next() % UInt64(known.count))]
                } else {
                    // exp(u · ln n) has a density of 1/rank.
                    item = UInt32(min(Double(items - 1), exp(random.unit() * log(Double(items)))))
                    had[person].append(item)
                }
                lines.append(
                    .init(
                        user: UserNumber(UInt32(person)), item: ItemNumber(item), time: time, price: 199,
                        group: Int64(basket)))
            }
        }
        interactions = InteractionLog(lines, itemLimit: items)
    }
}
