public import Domain
import Evaluation
import Features
import Recommenders
import Storage

extension Workbench {
    /// The settings that are measured unless the caller names others.
    public static let rerankingSettings = [
        "off", "mmr:0.1", "mmr:0.3", "mmr:0.5", "calibration:0.1", "calibration:0.3", "calibration:0.5", "dpp:0.1",
        "dpp:0.3", "dpp:0.5", "freshness:0.5", "exploration:0.1", "brands:0.3", "brands:0.5", "rhythm:0.25",
        "rhythm:0.5", "rhythm:0.75",
    ]
    private static let rerankedCandidates = 100

    /// Puts each household's list of ten together in several ways from the same candidates, and measures accuracy and the rest.
    ///
    /// The hybrid is trained on what lies before the cut alone. New items are those that the log first names within the 30
    /// days before the cut; how often something was shown is not in the data: purchases of those days stand for it.
    /// - Returns: A table for people, and the result as one line of JSON.
    public func evaluateReranking(
        cut: Timestamp, users: String?, settings texts: [String], report page: String? = nil,
        progress: (Int, Int) -> Void
    ) throws -> (table: String, json: String) {
        let settings = try (texts.isEmpty ? Self.rerankingSettings : texts).map { try ListSetting($0) }
        let set = try trainingSet(before: cut)
        let lines = try basketLines(facts: set.facts)
        let truths = BasketEvaluation.truths(lines: lines, cut: cut.milliseconds)
        let people = try people(named: users, in: set.log).compactMap(\.number).filter {
            truths[Int32(bitPattern: $0.rawValue)] != nil
        }
        guard !people.isEmpty else { throw LearningError(.unusable, "Nobody bought on both sides of the cut.") }
        let model = RankedBasketModel.train(set)
        let knowledge = set.listKnowledge()
        var lists = settings.map { _ in [[ItemNumber]]() }
        for (done, user) in people.enumerated() {
            let context = set.context(of: user)
            var pools: [Double: [Reranker.Candidate]] = [:]
            for (index, setting) in settings.enumerated() {
                let candidates = pools[setting.rhythm] ?? candidates(of: model, context, rhythm: setting.rhythm)
                pools[setting.rhythm] = candidates
                let reranker = Reranker(setting.reranking, facts: set.facts, knowledge: knowledge)
                let found = reranker.list(
                    candidates, history: context.history, now: cut,
                    seed: Reranker.seed(user: user, day: cut.day), limit: BasketEvaluation.cutoff)
                lists[index].append(found.places.map { candidates[$0].item })
            }
            if done % 50 == 0 { progress(done, people.count) }
        }
        let report = RerankingReport(people: people, truths: truths, set: set, knowledge: knowledge)
        let rows = try zip(settings, lists).map { try report.row($0.name, $1) }
        let checks = try BasketChecks(set: set, lines: lines, truths: truths, cut: cut).list()
        let contest = Contest(rows.map { .init(name: $0.name, result: $0.accuracy) })
        if let page { try report.html(rows, contest, checks, cut: cut).write(to: page) }
        return (report.table(rows, contest), try checks.line(report.json(rows, contest)))
    }

    private func candidates(
        of model: RankedBasketModel, _ context: RecommendationContext, rhythm: Double
    ) -> [Reranker.Candidate] {
        var context = context
        context.eligibility.excluded.formUnion(
            model.notDue(context.history, now: context.now, fraction: rhythm))
        return Reranker.candidates(model.candidates(for: context, limit: Self.rerankedCandidates))
    }
}

/// A way to make a list: how it is put together, and what is left out of it for its rhythm.
private struct ListSetting {
    let name: String
    let reranking: Reranking
    var rhythm = 0.0

    /// Reads what `Reranking` reads, with `rhythm:0.5` as one more part; throws `unusable` for anything else.
    init(_ text: String) throws {
        name = text
        var parts = text.split(separator: ",").map(String.init)
        if let place = parts.firstIndex(where: { $0.hasPrefix("rhythm:") }) {
            guard let value = Double(parts[place].dropFirst("rhythm:".count)), (0...2).contains(value) else {
                throw LearningError(.unusable, "“\(text.prefix(64))”: a rhythm is a number from 0 to 2.")
            }
            rhythm = value
            parts.remove(at: place)
        }
        do {
            reranking = parts.isEmpty && rhythm > 0 ? .off : try Reranking(parsing: parts.joined(separator: ","))
        } catch {
            throw LearningError(.unusable, "“\(text.prefix(64))”: \(error)")
        }
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
