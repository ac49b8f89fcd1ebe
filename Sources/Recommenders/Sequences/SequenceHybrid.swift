import Foundation

/// The blend of the sequence models: transitions first, helped by who and what is near.
///
/// A logarithmic opinion pool of its members (Genest and Zidek, Statistical Science 1986), each smoothed.
/// score = PCTM + Σ w_m log(1 + s_m · score of member *m*): sums of logarithms, as PCTM's own score is one. The shipped members and
/// weights were chosen by hand on the validation item of every third user of Amazon Beauty; `souk tune` has found better ones on that
/// item, with all seven members in, which are not shipped (see docs/evaluation.md). A member's scale *s* is fixed, or such that
/// the thirtieth best of a list scores three on average.
public struct SequenceHybrid: SequenceModel {
    public static let name = "hybrid"

    /// What each member weighs; one that weighs nothing is not trained.
    public struct Parameters: Hashable, Sendable {
        /// The members, by the names of their models.
        public static let names = [
            ItemCosineModel.name, TransitionWalkModel.name, UserNeighbourModel.name, RP3BetaModel.name,
            ImplicitALSModel.name, WarmBPRModel.name, ItemEmbeddingModel.name,
        ]
        fileprivate static let scales: [Double?] = [17, 37_000, 670, nil, nil, nil, nil]

        /// In the order of `names`.
        public var values: [Double] = [0.3, 0.2, 0.4, 0, 0, 0, 0]

        public init() {}

        /// - Parameter values: As many as there are names; none is below zero.
        public init(values: [Double]) {
            precondition(values.count == Self.names.count, "each member needs a weight")
            self.values = values.map { max(0, $0) }
        }
    }

    /// Trained members, from which hybrids of any weights are made.
    public struct Members: Sendable {
        fileprivate struct Member: Sendable {
            let model: any SequenceModel
            let scale: Double
        }

        fileprivate let transitions: PCTMModel
        fileprivate let others: [Member?]

        /// - Parameter names: Which members to train; all if left out.
        public init(
            _ sequences: [[UInt32]], itemLimit: Int, names: some Collection<String> = Parameters.names
        ) {
            transitions = PCTMModel.train(sequences, itemLimit: itemLimit)
            others = zip(Parameters.names, Parameters.scales).map { name, scale in
                guard names.contains(name),
                    let model = SequenceModels.train(name, on: sequences, itemLimit: itemLimit)
                else { return nil }
                return Member(
                    model: model, scale: scale ?? Self.scale(of: model, sequences, itemLimit: itemLimit))
            }
        }

        /// Three divided by the mean of the thirtieth best score, over a hundred histories.
        private static func scale(
            of model: any SequenceModel, _ sequences: [[UInt32]], itemLimit: Int
        ) -> Double {
            var (sum, count) = (0.0, 0)
            for place in stride(from: 0, to: sequences.count, by: max(1, sequences.count / 100)) {
                var scores = [Double](repeating: 0, count: itemLimit)
                model.addScores(after: sequences[place], to: &scores)
                let sorted = scores.sorted(by: >)
                guard let value = sorted.dropFirst(29).first ?? sorted.last, value > 0 else { continue }
                sum += value
                count += 1
            }
            return count > 0 ? 3 * Double(count) / sum : 0
        }
    }

    private let transitions: PCTMModel
    private let members: [(model: any SequenceModel, scale: Double, weight: Double)]

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> SequenceHybrid {
        train(sequences, itemLimit: itemLimit, parameters: .init())
    }

    /// Trains the members that weigh something.
    public static func train(_ sequences: [[UInt32]], itemLimit: Int, parameters: Parameters) -> SequenceHybrid {
        let names = zip(Parameters.names, parameters.values).filter { $1 > 0 }.map(\.0)
        return SequenceHybrid(Members(sequences, itemLimit: itemLimit, names: names), parameters: parameters)
    }

    public init(_ members: Members, parameters: Parameters) {
        transitions = members.transitions
        self.members = zip(members.others, parameters.values).compactMap { member, weight in
            member.flatMap { weight > 0 ? ($0.model, $0.scale, weight) : nil }
        }
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        transitions.addScores(after: history, to: &scores)
        var own = [Double](repeating: 0, count: scores.count)
        for (model, scale, weight) in members {
            for item in own.indices { own[item] = 0 }
            model.addScores(after: history, to: &own)
            for item in own.indices where own[item] > 0 { scores[item] += weight * log(1 + scale * own[item]) }
        }
    }
}
