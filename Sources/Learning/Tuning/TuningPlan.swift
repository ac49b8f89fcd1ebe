/// Decides what a search measures next and when it ends, from the trials so far alone: so that it goes on where it stopped.
struct TuningPlan {
    struct Step: Hashable, Sendable {
        let values: [Double]
        /// Part of the users to measure.
        var share = 1.0
        /// Asked after each window, if trials may end early.
        var rule: MedianRule?
        /// The first trial's scores by window; empty for itself.
        var first: [Double] = []
    }

    /// A bracket of successive halving: nine places on a ninth of the users, three on a third, one on all.
    private static let bracket = 13

    let space: SearchSpace
    let sampler: Sampler
    /// How many trials are measured at once.
    let jobs: Int
    /// The search ends when so many trials did not improve on the best; `nil` for never.
    let patience: Int?
    /// Whether trials may end before their last window.
    let prunes: Bool

    /// - Parameter prunes: Halving ends trials in its own way.
    init(
        space: SearchSpace, method: SearchMethod, seed: UInt64, jobs: Int = 1, patience: Int? = nil,
        prunes: Bool = false
    ) {
        (self.space, self.jobs, self.patience) = (space, jobs, patience)
        self.prunes = prunes && method != .halving
        sampler = Sampler(method: method, choices: space.parameters.map(\.choiceCount), seed: seed)
    }

    /// Whether trials hang on how many are measured at once.
    var dependsOnJobs: Bool { jobs > 1 && (sampler.method == .tpe || prunes) }

    /// How many trials, counted from the first, must be known before a trial begins.
    ///
    /// What looks back sees all but those that may still be under way: the last `jobs` - 1. So more jobs know a little less.
    func basis(of number: Int) -> Int {
        let known = max(0, number - jobs + 1)
        let looksBack = prunes || patience != nil
        switch sampler.method {
        case .random: return looksBack ? known : 0
        case .tpe: return known
        case .halving:
            guard number > 0 else { return 0 }
            let (start, place) = bracket(of: number)
            return max(looksBack ? known : 0, place < 9 ? 0 : start + (place < 12 ? 9 : 12))
        }
    }

    /// Whether the last trials, as many as patience lasts, did not improve on the best before them.
    func isStuck(_ trials: [Trial]) -> Bool {
        guard let patience, let best = Trial.best(of: trials) else { return false }
        return trials.count - 1 - best.number >= patience
    }

    /// What a trial measures, drawn from the first `basis` trials; the first is what is shipped.
    func step(_ number: Int, after trials: [Trial]) -> Step {
        guard number > 0 else { return Step(values: space.shipped) }
        guard sampler.method == .halving else {
            let earlier = trials.map { (place: space.units(of: $0.values), value: $0.score) }
            return Step(
                values: space.values(at: sampler.next(number, after: earlier)),
                rule: prunes ? MedianRule(rivals: trials.map(\.windows)) : nil, first: trials.first?.windows ?? [])
        }
        let (start, place) = bracket(of: number)
        switch place {
        case 0..<9: return Step(values: space.values(at: sampler.next(number, after: [])), share: 1.0 / 9)
        case 9..<12: return Step(values: best(of: trials[start..<start + 9], rank: place - 9), share: 1.0 / 3)
        default: return Step(values: best(of: trials[start + 9..<start + 12], rank: 0))
        }
    }

    /// The first trial of a trial's bracket, and its place there.
    private func bracket(of number: Int) -> (start: Int, place: Int) {
        let place = (number - 1) % Self.bracket
        return (number - place, place)
    }

    private func best(of trials: ArraySlice<Trial>, rank: Int) -> [Double] {
        trials.sorted { ($1.score, $0.number) < ($0.score, $1.number) }[rank].values
    }

    /// Of the variance of scores, the part that each parameter explains alone, over trials on equally many users.
    ///
    /// Means in four ranges of each parameter, as a first-order analysis of variance (Hutter, Hoos and Leyton-Brown, ICML
    /// 2014, without the forest). Empty for fewer than twelve trials.
    func importance(of trials: [Trial]) -> [Double] {
        let shares = Dictionary(grouping: trials, by: \.share).values.max {
            ($0.count, $1[0].share) < ($1.count, $0[0].share)
        }
        guard let group = shares, group.count >= 12 else { return [] }
        let mean = group.reduce(0) { $0 + $1.score } / Double(group.count)
        let total = group.reduce(0) { $0 + ($1.score - mean) * ($1.score - mean) }
        return space.parameters.indices.map { parameter in
            var bins = [[Double]](repeating: [], count: 4)
            for trial in group {
                bins[min(3, Int(space.units(of: trial.values)[parameter] * 4))].append(trial.score)
            }
            let between = bins.reduce(0.0) { sum, bin in
                guard !bin.isEmpty else { return sum }
                let difference = bin.reduce(0, +) / Double(bin.count) - mean
                return sum + Double(bin.count) * difference * difference
            }
            return total > 0 ? between / total : 0
        }
    }
}
