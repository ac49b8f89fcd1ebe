import Dispatch
import Ranking
import Synchronization

/// Fits both rankers of the hybrid: trees to the examples of the last weeks, and the members of each network to older ones as well.
struct RankerSchool {
    /// One of the two rankers.
    private struct Pupil {
        let examples: RankingExamples
        /// `nil` where no network is taught.
        let lesson: RankerNetwork.Lesson?
        let seed: UInt64
    }

    /// What is fitted on a thread of its own.
    private enum Part: Sendable {
        case trees(TreeEnsemble?)
        case member(Perceptron?)
    }

    private let parameters: ModelParameters
    private let any: Pupil
    private let new: Pupil

    init(_ lessons: BasketTeacher.Lessons, _ parameters: ModelParameters, seed: UInt64) {
        func pupil(_ recent: RankingExamples, _ older: RankingExamples, seed: UInt64) -> Pupil {
            let isTaught = parameters.teachesNetworks && BasketTeacher.isEnough(recent)
            return Pupil(
                examples: recent, lesson: isTaught ? RankerNetwork.Lesson(recent: recent, older: older) : nil,
                seed: seed)
        }
        self.parameters = parameters
        any = pupil(lessons.recent.any, lessons.older.any, seed: seed)
        new = pupil(lessons.recent.new, lessons.older.new, seed: seed &+ 1)
    }

    /// The ranker for any item and that for new ones, each `nil` where there is too little to learn from.
    ///
    /// Parts are fitted on as many threads as there are processors; each has one, so that results do not depend on them.
    func rankers() -> (any: BasketRanker?, new: BasketRanker?) {
        let (pupils, each) = ([any, new], 1 + parameters.rankerNetwork.count)
        let fitted = Mutex([Part?](repeating: nil, count: pupils.count * each))
        // The first parts of both come first, for trees take longest.
        DispatchQueue.concurrentPerform(iterations: pupils.count * each) { number in
            let part = part(number / pupils.count, of: pupils[number % pupils.count])
            fitted.withLock { $0[number] = part }
        }
        let parts = fitted.withLock { $0 }
        func ranker(_ place: Int) -> BasketRanker? {
            var (trees, members): (TreeEnsemble?, [Perceptron]) = (nil, [])
            for number in stride(from: place, to: parts.count, by: pupils.count) {
                switch parts[number] {
                case .trees(let found): trees = found
                case .member(let found): if let found { members.append(found) }
                case nil: break
                }
            }
            return trees.map {
                BasketRanker(
                    trees: $0, network: pupils[place].lesson?.network(members), share: parameters.rankerNetwork.share)
            }
        }
        return (ranker(0), ranker(1))
    }

    /// The trees are the first part, members of the network those behind them.
    private func part(_ number: Int, of pupil: Pupil) -> Part {
        guard number > 0 else {
            return .trees(BasketTeacher.trees(pupil.examples, parameters.ranker, seed: pupil.seed))
        }
        // Two apart, for the other ranker has the seed between.
        let seed = pupil.seed &+ UInt64(2 * number)
        return .member(pupil.lesson?.member(parameters.rankerNetwork.fitting, seed: seed))
    }
}
