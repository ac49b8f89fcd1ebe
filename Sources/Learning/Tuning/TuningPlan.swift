/// Decides what a search measures next, from the trials so far alone: so that it goes on where it stopped.
struct TuningPlan {
    struct Step: Hashable {
        let values: [Double]
        /// Part of the users to measure.
        let share: Double
    }

    /// A bracket of successive halving: nine places on a ninth of the users, three on a third, one on all.
    private static let bracket = 13

    let space: SearchSpace
    let sampler: Sampler
    /// How many trials are measured at once.
    let jobs: Int

    init(space: SearchSpace, method: SearchMethod, seed: UInt64, jobs: Int = 1) {
        (self.space, self.jobs) = (space, jobs)
        sampler = Sampler(method: method, dimensions: space.parameters.count, seed: seed)
    }

    /// How many trials, counted from the first, a trial is drawn from.
    ///
    /// By Parzen estimators all but those that may still be under way: the last `jobs` - 1. So more jobs know a little less.
    func basis(of number: Int) -> Int {
        switch sampler.method {
        case .random: return 0
        case .tpe: return max(0, number - jobs + 1)
        case .halving:
            guard number > 0 else { return 0 }
            let (start, place) = bracket(of: number)
            return place < 9 ? 0 : start + (place < 12 ? 9 : 12)
        }
    }

    /// What a trial measures, drawn from the first `basis` trials; the first is what is shipped.
    func step(_ number: Int, after trials: [Trial]) -> Step {
        guard number > 0 else { return Step(values: space.shipped, share: 1) }
        guard sampler.method == .halving else {
            let earlier = trials.map { (place: space.units(of: $0.values), value: $0.score) }
            return Step(values: space.values(at: sampler.next(number, after: earlier)), share: 1)
        }
        let (start, place) = bracket(of: number)
        switch place {
        case 0..<9: return Step(values: space.values(at: sampler.next(number, after: [])), share: 1.0 / 9)
        case 9..<12: return Step(values: best(of: trials[start..<start + 9], rank: place - 9), share: 1.0 / 3)
        default: return Step(values: best(of: trials[start + 9..<start + 12], rank: 0), share: 1)
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
