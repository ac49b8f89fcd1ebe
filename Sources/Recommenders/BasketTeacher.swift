import Dispatch
import Domain
import Features
import Numerics
import Ranking
import Synchronization

/// Makes examples for the stacked ranker from the past's past: no feature knows its own label.
///
/// Each lesson stands some weeks before the moment of training and sees only what lies before itself; the labels are what
/// each person bought first from there on, before the moment of training.
struct BasketTeacher {
    /// Lessons stand one, two, … weeks before the moment of training; where there are many people, each asks others.
    private static let lessonCount = 6
    /// So many further ones teach networks alone, which gain from more examples where trees do not; each asks a part of the people.
    private static let olderCount = 7
    private static let olderPart = 2
    private static let stepDays = 7.0
    /// A lesson needs so many days of log before it.
    private static let leastDays = 28.0
    /// Of the candidates that were not bought, so many are kept.
    private static let keptShares = (any: 0.4, new: 0.12)
    private static let usersPerLesson = 2500
    /// Fewer bought candidates than this teach nothing that lasts.
    private static let leastPositives = 300

    struct Lesson: Sendable {
        var any = RankingExamples(featureCount: BasketFeature.count)
        var new = RankingExamples(featureCount: BasketFeature.count)

        mutating func append(_ other: Lesson) {
            any.append(other.any)
            new.append(other.new)
        }
    }

    /// What rankers are taught with.
    struct Lessons: Sendable {
        /// Of the last weeks, for trees and networks.
        var recent = Lesson()
        /// Of the weeks before, for networks alone.
        var older = Lesson()
    }

    private typealias Candidate = (item: UInt32, proposal: Proposal)

    private let set: TrainingSet

    init(_ set: TrainingSet) { self.set = set }

    /// All examples, lesson after lesson, by user.
    func lessons() -> Lessons {
        var all = Lessons(recent: lessons(1...Self.lessonCount, part: 1))
        if set.parameters.teachesNetworks {
            all.older = lessons(Self.lessonCount + 1...Self.lessonCount + Self.olderCount, part: Self.olderPart)
        }
        return all
    }

    private func lessons(_ numbers: ClosedRange<Int>, part: Int) -> Lesson {
        var all = Lesson()
        guard let first = set.log.times.min() else { return all }
        for number in numbers {
            let cut = set.now.adding(days: -Self.stepDays * Double(number))
            guard cut.days(since: Timestamp(milliseconds: first)) >= Self.leastDays else { break }
            all.append(lesson(at: cut, number: number, part: part))
        }
        return all
    }

    /// - Parameter part: One of so many people is asked.
    private func lesson(at cut: Timestamp, number: Int, part: Int) -> Lesson {
        var past = set
        past.now = cut
        let evidence = BasketEvidence(past)
        let step = part * max(1, (set.log.userLimit + Self.usersPerLesson - 1) / Self.usersPerLesson)
        let users = Array(stride(from: number % step, to: set.log.userLimit, by: step))
        let threads = 2
        let parts = Mutex([Lesson](repeating: Lesson(), count: threads))
        let size = (users.count + threads - 1) / threads
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var part = Lesson()
            for user in users.dropFirst(thread * size).prefix(size) {
                add(UserNumber(UInt32(user)), cut: cut, number: number, evidence: evidence, to: &part)
            }
            parts.withLock { $0[thread] = part }
        }
        return parts.withLock { parts in
            parts.dropFirst().reduce(into: parts[0]) { $0.append($1) }
        }
    }

    private func add(
        _ user: UserNumber, cut: Timestamp, number: Int, evidence: BasketEvidence, to lesson: inout Lesson
    ) {
        let range = set.log.range(of: user, before: set.now)
        let start = set.log.range(of: user, before: cut).upperBound
        guard start > range.lowerBound, start < range.upperBound else { return }
        let basket = set.log.baskets[start]
        let bought = Set(
            (start..<range.upperBound).lazy.filter { set.log.baskets[$0] == basket }.map { set.log.items[$0] })
        let context = RecommendationContext(
            now: cut, user: user, history: set.log.history(of: user, before: cut),
            eligibility: Eligibility(hidden: set.facts.hidden))
        var random = SeededGenerator(seed: set.seed &+ UInt64(number) << 40 &+ UInt64(user.rawValue))
        let person = PersonEvidence(context, blend: evidence.blend)
        let any = evidence.blend.candidates(for: context, person, limit: RankedBasketModel.anyCandidates)
        let new = evidence.blend.newItems(for: context, person, limit: RankedBasketModel.newCandidates)
        let chosenAny = sample(any, bought, Self.keptShares.any, &random)
        let chosenNew = sample(new, bought, Self.keptShares.new, &random)
        let chosen = chosenAny + chosenNew
        // One pass for both.
        let rows = evidence.rows(
            of: chosen.map(\.item), proposals: chosen.map(\.proposal), for: context, person)
        let border = chosenAny.count * BasketFeature.count
        append(chosenAny, rows[..<border], bought, to: &lesson.any)
        append(chosenNew, rows[border...], bought, to: &lesson.new)
    }

    /// What was bought, and a share of the rest; nothing if none was bought.
    private func sample(
        _ items: [ScoredItem], _ bought: Set<UInt32>, _ share: Double, _ random: inout SeededGenerator
    ) -> [Candidate] {
        let chosen = zip(items.map(\.item.rawValue), Proposal.of(items))
            .filter { random.unit() < share || bought.contains($0.0) }
        return chosen.contains { bought.contains($0.0) } ? chosen : []
    }

    /// A person counts the less, the more of the candidates they bought: recall is a mean over people.
    private func append(
        _ items: [Candidate], _ rows: ArraySlice<Float>, _ bought: Set<UInt32>, to examples: inout RankingExamples
    ) {
        let labels: [Float] = items.map { bought.contains($0.item) ? 1 : 0 }
        let positives = labels.reduce(0, +)
        guard positives > 0 else { return }
        examples.append(rows, labels: labels, weight: 1 / positives)
    }

    /// How trees are fitted unless something else is said.
    static var boosting: GradientBoosting {
        var boosting = GradientBoosting()
        boosting.objective = .logistic
        boosting.rounds = 120
        boosting.depth = 4
        boosting.featureShare = 0.6
        boosting.minimumLeafWeight = 10
        boosting.bags = 3
        return boosting
    }

    /// Whether there is enough to learn from.
    static func isEnough(_ examples: RankingExamples) -> Bool {
        examples.labels.lazy.filter { $0 > 0 }.prefix(leastPositives).count == leastPositives
    }

    /// Fits trees, or none where there is too little to learn from.
    static func trees(_ examples: RankingExamples, _ boosting: GradientBoosting, seed: UInt64) -> TreeEnsemble? {
        guard isEnough(examples) else { return nil }
        // Examples are finite and many here; whatever else the library meets, the blend stands in for the trees.
        return try? boosting.train(examples, seed: seed)  // The blend serves alone.
    }
}
