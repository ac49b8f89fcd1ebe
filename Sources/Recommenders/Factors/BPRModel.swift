import Dispatch
import Foundation
import Numerics
import Synchronization

/// Bayesian personalised ranking: factors under which what somebody has stands above what they have not (Rendle et al.,
/// UAI 2009), by stochastic gradient.
///
/// Each epoch splits users and items at random in halves and trains two pairs of halves side by side, then the crossed
/// pairs: no two threads touch one row, so the same seed gives the same factors. A history that training saw keeps the
/// factors learnt for it, any other gets the mean of its items' factors.
public struct BPRModel: SequenceModel, FactorScorer {
    public static let name = "bpr"

    public struct Parameters: Hashable, Sendable {
        public var factors = 64
        public var learningRate: Float = 0.05
        public var regularisation: Float = 0.01
        public var epochs = 60
        public var seed: UInt64 = 1
        public init() {}
    }

    private let users: FactorMatrix
    let items: FactorMatrix
    private let biases: [Float]
    /// The row of each history that was trained on.
    private let rows: [[UInt32]: Int]

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> BPRModel {
        train(sequences, itemLimit: itemLimit, parameters: .init())
    }

    /// - Parameter start: Factors to go on from, such as yesterday's or another model's; users by history.
    public static func train(
        _ sequences: [[UInt32]], itemLimit: Int, parameters: Parameters, from start: Start? = nil
    ) -> BPRModel {
        let matrix = InteractionMatrix(sequences, itemLimit: itemLimit)
        var random = SeededGenerator(seed: parameters.seed)
        let scale = 0.5 / Float(max(1, parameters.factors))
        var state = State(
            users: FactorMatrix(rows: matrix.rowCount, factors: parameters.factors, scale: scale, random: &random),
            items: FactorMatrix(rows: itemLimit, factors: parameters.factors, scale: scale, random: &random),
            biases: [Float](repeating: 0, count: itemLimit))
        if let start, start.items.width == state.items.width, start.items.rows == itemLimit {
            state.items = start.items
            if let biases = start.biases { state.biases = biases }
            for user in 0..<matrix.rowCount {
                let row = start.user(sequences[user])
                guard row.count == state.users.width else { continue }
                state.users.values.replaceSubrange(user * row.count..<(user + 1) * row.count, with: row)
            }
        }
        let trainer = Trainer(matrix: matrix, parameters: parameters)
        let shared = SharedState(state)
        for _ in 0..<parameters.epochs { trainer.run(shared, random: &random) }
        state = shared.state()
        var rows: [[UInt32]: Int] = [:]
        for (row, sequence) in sequences.enumerated() where rows[sequence] == nil { rows[sequence] = row }
        return BPRModel(users: state.users, items: state.items, biases: state.biases, rows: rows)
    }

    /// Where training goes on from.
    public struct Start: Sendable {
        let items: FactorMatrix
        var biases: [Float]?
        /// The factors of a history.
        let user: @Sendable ([UInt32]) -> [Float]
    }

    /// This model as the start of the next: a retraining after a day needs few epochs.
    public var start: Start {
        Start(items: items, biases: biases) { history in userFactors(history) }
    }

    private func userFactors(_ history: [UInt32]) -> [Float] {
        let width = items.width
        if let row = rows[history] { return Array(users.values[row * width..<(row + 1) * width]) }
        var sum = [Float](repeating: 0, count: width)
        let known = history.filter { Int($0) < items.rows }
        for item in known {
            for place in 0..<width { sum[place] += items.values[Int(item) * width + place] / Float(known.count) }
        }
        return sum
    }

    var itemFactors: FactorMatrix { items }
    var itemBiases: [Float] { biases }

    func vectors(after histories: ArraySlice<[UInt32]>) -> [Float] { histories.flatMap(userFactors) }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        for item in biases.indices { scores[item] += Double(biases[item]) }
        items.addProducts(with: userFactors(history), to: &scores)
    }
}

/// BPR (Rendle et al., UAI 2009) that starts from the factors of implicit least squares (Hu, Koren and Volinsky, ICDM 2008): fewer epochs, and a
/// better order.
public struct WarmBPRModel: SequenceModel, FactorScorer {
    public static let name = "bpr_warm"
    private let model: BPRModel

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> WarmBPRModel {
        let als = ImplicitALSModel.train(sequences, itemLimit: itemLimit)
        var parameters = BPRModel.Parameters()
        (parameters.epochs, parameters.factors) = (15, als.itemFactors.width)
        return WarmBPRModel(
            model: BPRModel.train(
                sequences, itemLimit: itemLimit, parameters: parameters,
                from: BPRModel.Start(items: als.itemFactors) { als.factors(of: $0) }))
    }

    var itemFactors: FactorMatrix { model.itemFactors }
    var itemBiases: [Float] { model.itemBiases }

    func vectors(after histories: ArraySlice<[UInt32]>) -> [Float] { model.vectors(after: histories) }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        model.addScores(after: history, to: &scores)
    }
}

extension BPRModel {
    private struct State {
        var users: FactorMatrix
        var items: FactorMatrix
        var biases: [Float]
    }

    /// Steps over pairs; the draws of each half come from a seed of its own.
    private struct Trainer: Sendable {
        /// Steps that are drawn before any of them is taken.
        private static let batch = 1024
        let matrix: InteractionMatrix
        let parameters: Parameters

        func run(_ shared: SharedState, random: inout SeededGenerator) {
            let userHalf = (0..<matrix.rowCount).map { _ in UInt8(random.next() & 1) }
            let itemHalf = (0..<matrix.columnCount).map { _ in UInt8(random.next() & 1) }
            let negatives: [[UInt32]] = [0, 1].map { half in
                matrix.columns.filter { itemHalf[Int($0)] == half }
            }
            for crossing: UInt8 in 0..<2 {
                let seeds = [random.next(), random.next()]
                DispatchQueue.concurrentPerform(iterations: 2) { half in
                    let own = UInt8(half)
                    var random = SeededGenerator(seed: seeds[half])
                    let pool = negatives[Int(own ^ crossing)]
                    guard !pool.isEmpty else { return }
                    var triples: [UInt32] = []
                    triples.reserveCapacity(3 * Self.batch)
                    for user in userHalf.indices where userHalf[user] == own {
                        for place in matrix.row(user) {
                            let item = matrix.columns[place]
                            guard itemHalf[Int(item)] == own ^ crossing else { continue }
                            // Popular items are drawn as often as they occur.
                            let other = pool[Int(random.next() % UInt64(pool.count))]
                            guard !owns(user, other) else { continue }
                            triples.append(UInt32(user))
                            triples.append(item)
                            triples.append(other)
                            guard triples.count == 3 * Self.batch else { continue }
                            unsafe shared.steps(triples, parameters)
                            triples.removeAll(keepingCapacity: true)
                        }
                    }
                    unsafe shared.steps(triples, parameters)
                }
            }
        }

        private func owns(_ user: Int, _ item: UInt32) -> Bool {
            let row = matrix.row(user)
            var (low, high) = (row.lowerBound, row.upperBound)
            while low < high {
                let middle = (low + high) / 2
                if matrix.columns[middle] < item { low = middle + 1 } else { high = middle }
            }
            return low < row.upperBound && matrix.columns[low] == item
        }
    }

    /// Factors that two threads change at once.
    ///
    /// Sendable invariant: one thread touches rows of its half of users and its half of items only.
    @safe private final class SharedState: @unchecked Sendable {
        private let users: UnsafeMutableBufferPointer<Float>
        private let items: UnsafeMutableBufferPointer<Float>
        private let biases: UnsafeMutableBufferPointer<Float>
        private let shape: State

        init(_ state: State) {
            shape = state
            unsafe users = Self.copy(state.users.values)
            unsafe items = Self.copy(state.items.values)
            unsafe biases = Self.copy(state.biases)
        }

        deinit {
            unsafe users.deallocate()
            unsafe items.deallocate()
            unsafe biases.deallocate()
        }

        private static func copy(_ values: [Float]) -> UnsafeMutableBufferPointer<Float> {
            let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, values.count))
            _ = unsafe buffer.initialize(from: values)
            return unsafe buffer
        }

        func state() -> State {
            var state = shape
            state.users.values = unsafe Array(users.prefix(state.users.values.count))
            state.items.values = unsafe Array(items.prefix(state.items.values.count))
            state.biases = unsafe Array(biases.prefix(state.biases.count))
            return state
        }

        /// Steps of gradient ascent on log σ(x_u · (y_i - y_j) + b_i - b_j) - λ/2 · squares, by triples (u, i, j).
        @unsafe func steps(_ triples: [UInt32], _ parameters: Parameters) {
            guard let users = unsafe users.baseAddress, let items = unsafe items.baseAddress,
                let biases = unsafe biases.baseAddress
            else { return }
            unsafe RankingKernel.steps(
                people: users, items: items, biases: biases, width: shape.users.width, triples: triples,
                rate: parameters.learningRate, decay: parameters.regularisation)
        }
    }
}
