public import Domain
import Evaluation
import Features
import JSON
import Recommenders
import Storage

extension Workbench {
    /// The settings that are measured unless the caller names others.
    public static let rerankingSettings = [
        "off", "mmr:0.1", "mmr:0.3", "mmr:0.5", "calibration:0.1", "calibration:0.3", "calibration:0.5", "dpp:0.1",
        "dpp:0.3", "dpp:0.5", "freshness:0.5", "exploration:0.1", "brands:0.3", "brands:0.5",
    ]
    private static let rerankedCandidates = 100

    /// Puts each household's list of ten together in several ways from the same candidates, and measures accuracy and the rest.
    ///
    /// The hybrid is trained on what lies before the cut alone. New items are those that the log first names within the 30
    /// days before the cut; how often something was shown is not in the data: purchases of those days stand for it.
    /// - Returns: A table for people, and the result as one line of JSON.
    public func evaluateReranking(
        cut: Timestamp, users: String?, settings texts: [String], progress: (Int, Int) -> Void
    ) throws -> (table: String, json: String) {
        let settings = try (texts.isEmpty ? Self.rerankingSettings : texts).map { text in
            do {
                return (text, try Reranking(parsing: text))
            } catch {
                throw LearningError(.unusable, "“\(text.prefix(64))”: \(error)")
            }
        }
        let set = try trainingSet(before: cut)
        let truths = BasketEvaluation.truths(lines: try basketLines(facts: set.facts), cut: cut.milliseconds)
        let people = try people(named: users, in: set.log).compactMap(\.number).filter {
            truths[Int32(bitPattern: $0.rawValue)] != nil
        }
        guard !people.isEmpty else { throw LearningError(.unusable, "Nobody bought on both sides of the cut.") }
        let model = RankedBasketModel.train(set)
        let knowledge = set.listKnowledge()
        var lists = settings.map { _ in [[ItemNumber]]() }
        for (done, user) in people.enumerated() {
            let context = set.context(of: user)
            let candidates = Reranker.candidates(model.candidates(for: context, limit: Self.rerankedCandidates))
            for (index, setting) in settings.enumerated() {
                let reranker = Reranker(setting.1, facts: set.facts, knowledge: knowledge)
                let found = reranker.list(
                    candidates, history: context.history, now: cut,
                    seed: Reranker.seed(user: user, day: cut.day), limit: BasketEvaluation.cutoff)
                lists[index].append(found.places.map { candidates[$0].item })
            }
            if done % 50 == 0 { progress(done, people.count) }
        }
        let report = RerankingReport(people: people, truths: truths, set: set, knowledge: knowledge)
        let rows = try zip(settings, lists).map { try report.row($0.0, $1) }
        return (report.table(rows), report.json(rows))
    }
}

extension TrainingSet {
    /// What re-ranking may know of items at the moment of training.
    func listKnowledge() -> ListKnowledge {
        var knowledge = ListKnowledge()
        var first = [Int64](repeating: .max, count: itemLimit)
        var weights = [Double](repeating: 0, count: itemLimit)
        knowledge.impressions = Array(repeating: 0, count: itemLimit)
        let recent = now.adding(days: -30).milliseconds
        for (item, time) in zip(log.items, log.times) where time < now.milliseconds {
            first[Int(item)] = min(first[Int(item)], time)
            weights[Int(item)] += 1
            if time >= recent { knowledge.impressions[Int(item)] += 1 }
        }
        for (item, time) in first.enumerated() where time != .max && time >= recent {
            knowledge.ages[ItemNumber(UInt32(item))] = now.days(since: Timestamp(milliseconds: time))
        }
        knowledge.isLargeBrand = LargeBrands.among(weights, facts: facts)
        return knowledge
    }
}
