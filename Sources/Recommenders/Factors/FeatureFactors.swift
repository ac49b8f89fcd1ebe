import Foundation
import Numerics

/// Factors of users' and items' features, so that who or what was never seen has factors too.
///
/// LightFM (Kula, CBRecSys 2015): a vector is the weighted sum of its features' vectors, and so is a bias; score = user · item + bias of the item.
/// Trained by WARP (Weston, Bengio and Usunier, IJCAI 2011, algorithm 1): for a pair, others are drawn until one scores above it less
/// one, at most ten; the step weighs log(items / draws). Steps are Adagrad's (Duchi, Hazan and Singer, JMLR 2011) from sums of one.
/// Unlike LightFM, only items that somebody bought are drawn: an item that nobody could buy says nothing. One thread, so that
/// a seed gives the same factors.
struct FeatureFactors: Sendable {
    struct Parameters: Hashable, Sendable {
        var factors = 32
        var epochs = 15
        var learningRate: Float = 0.05
        var mostDraws = 10
        var seed: UInt64 = 1
    }

    /// One user and one of their items, and how much it counts.
    struct Pair: Hashable, Sendable {
        var user: UInt32
        var item: UInt32
        var weight: Float
    }

    private(set) var users: FactorMatrix
    private(set) var items: FactorMatrix
    /// By feature of items.
    private(set) var biases: [Float]

    init(users: FactorMatrix, items: FactorMatrix, biases: [Float]) {
        (self.users, self.items, self.biases) = (users, items, biases)
    }

    /// - Parameter pairs: Each pair once, by user; users and items are rows of the two tables.
    /// - Complexity: O(epochs · pairs · draws · features of an item · factors).
    init(_ pairs: [Pair], userRows: SparseRows, itemRows: SparseRows, parameters: Parameters) {
        var random = SeededGenerator(seed: parameters.seed)
        let scale = 0.5 / Float(max(1, parameters.factors))
        users = FactorMatrix(
            rows: userRows.columnLimit, factors: parameters.factors, scale: scale, random: &random)
        items = FactorMatrix(
            rows: itemRows.columnLimit, factors: parameters.factors, scale: scale, random: &random)
        biases = [Float](repeating: 0, count: itemRows.columnLimit)
        var trainer = Trainer(pairs, userRows, itemRows, parameters)
        var order = Array(pairs.indices)
        for _ in 0..<parameters.epochs {
            order.shuffle(using: &random)
            for place in order { trainer.step(pairs[place], &self, random: &random) }
        }
    }

    /// The sum of a row's vectors; shape `[width]`.
    static func sum(_ rows: SparseRows, _ row: Int, of factors: FactorMatrix) -> [Float] {
        var result = [Float](repeating: 0, count: factors.width)
        add(rows, row, of: factors, to: &result)
        return result
    }

    fileprivate static func add(_ rows: SparseRows, _ row: Int, of factors: FactorMatrix, to result: inout [Float]) {
        let width = factors.width
        // Safe: columns of a table lie below the rows of its factors; the result has their width.
        unsafe factors.values.withUnsafeBufferPointer { values in
            unsafe result.withUnsafeMutableBufferPointer { result in
                guard let values = values.baseAddress, let result = result.baseAddress else { return }
                for place in rows.row(row) {
                    unsafe FloatKernels.add(
                        values + Int(rows.columns[place]) * width, times: rows.weights[place], to: result, count: width)
                }
            }
        }
    }

    /// Takes steps; holds the sums of squared gradients.
    private struct Trainer {
        let userRows: SparseRows
        let itemRows: SparseRows
        let parameters: Parameters
        /// Items that somebody has, each once.
        let pool: [UInt32]
        /// By user: places of their pairs, whose items rise.
        let owned: [[UInt32]]
        var userSquares: [Float]
        var itemSquares: [Float]
        var biasSquares: [Float]
        var user: [Float]
        var item: [Float]
        var other: [Float]
        var difference: [Float]

        init(_ pairs: [Pair], _ userRows: SparseRows, _ itemRows: SparseRows, _ parameters: Parameters) {
            (self.userRows, self.itemRows, self.parameters) = (userRows, itemRows, parameters)
            pool = Set(pairs.map(\.item)).sorted()
            var owned = [[UInt32]](repeating: [], count: userRows.rowCount)
            for pair in pairs { owned[Int(pair.user)].append(pair.item) }
            self.owned = owned.map { $0.sorted() }
            let width = FloatKernels.paddedLength(parameters.factors)
            userSquares = [Float](repeating: 1, count: userRows.columnLimit * width)
            itemSquares = [Float](repeating: 1, count: itemRows.columnLimit * width)
            biasSquares = [Float](repeating: 1, count: itemRows.columnLimit)
            let zero = [Float](repeating: 0, count: width)
            (user, item, other, difference) = (zero, zero, zero, zero)
        }

        mutating func step(_ pair: Pair, _ model: inout FeatureFactors, random: inout SeededGenerator) {
            guard pool.count > 1 else { return }
            Self.load(userRows, Int(pair.user), model.users, &user)
            let score = self.score(Int(pair.item), model, &item)
            for draw in 1...parameters.mostDraws {
                let candidate = pool[Int(random.next() % UInt64(pool.count))]
                guard !owns(pair.user, candidate), self.score(Int(candidate), model, &other) > score - 1 else {
                    continue
                }
                let rank = max(1, (pool.count - 1) / draw)
                let loss = pair.weight * Float(min(10, log(Double(rank))))
                apply(loss, pair.user, pair.item, candidate, &model)
                return
            }
        }

        private func owns(_ user: UInt32, _ item: UInt32) -> Bool {
            let own = owned[Int(user)]
            var (low, high) = (0, own.count)
            while low < high {
                let middle = (low + high) / 2
                if own[middle] < item { low = middle + 1 } else { high = middle }
            }
            return low < own.count && own[low] == item
        }

        private static func load(_ rows: SparseRows, _ row: Int, _ factors: FactorMatrix, _ result: inout [Float]) {
            for place in result.indices { result[place] = 0 }
            FeatureFactors.add(rows, row, of: factors, to: &result)
        }

        private func score(_ row: Int, _ model: FeatureFactors, _ vector: inout [Float]) -> Float {
            Self.load(itemRows, row, model.items, &vector)
            var sum: Float = 0
            for place in itemRows.row(row) {
                sum += itemRows.weights[place] * model.biases[Int(itemRows.columns[place])]
            }
            // Safe: both have the width of the factors.
            let product = unsafe user.withUnsafeBufferPointer { user in
                unsafe vector.withUnsafeBufferPointer { vector -> Float in
                    guard let a = user.baseAddress, let b = vector.baseAddress else { return 0 }
                    return unsafe FloatKernels.dot(a, b, count: user.count)
                }
            }
            return sum + product
        }

        /// Moves the pair's item up and the other down.
        private mutating func apply(
            _ loss: Float, _ owner: UInt32, _ wanted: UInt32, _ unwanted: UInt32, _ model: inout FeatureFactors
        ) {
            for place in difference.indices { difference[place] = item[place] - other[place] }
            let rate = parameters.learningRate
            for (row, sign) in [(Int(wanted), loss), (Int(unwanted), -loss)] {
                for place in itemRows.row(row) {
                    let feature = Int(itemRows.columns[place])
                    let gradient = sign * itemRows.weights[place]
                    Self.move(feature, of: &model.items.values, &itemSquares, along: user, times: gradient, rate)
                    model.biases[feature] += rate * gradient / biasSquares[feature].squareRoot()
                    biasSquares[feature] += gradient * gradient
                }
            }
            for place in userRows.row(Int(owner)) {
                Self.move(
                    Int(userRows.columns[place]), of: &model.users.values, &userSquares, along: difference,
                    times: loss * userRows.weights[place], rate)
            }
        }

        /// One step of Adagrad of one feature's vector.
        private static func move(
            _ row: Int, of values: inout [Float], _ squares: inout [Float], along direction: [Float],
            times factor: Float, _ rate: Float
        ) {
            let width = direction.count
            // Safe: the row lies within both arrays, which have one shape.
            unsafe values.withUnsafeMutableBytes { values in
                unsafe squares.withUnsafeMutableBytes { squares in
                    unsafe direction.withUnsafeBytes { direction in
                        for offset in stride(from: 0, to: width * 4, by: 32) {
                            let at = row * width * 4 + offset
                            let part = unsafe direction.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                            let step = factor * part
                            let square = unsafe squares.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self)
                            let value = unsafe values.loadUnaligned(fromByteOffset: at, as: SIMD8<Float>.self)
                            unsafe values.storeBytes(
                                of: value + rate * step / square.squareRoot(), toByteOffset: at,
                                as: SIMD8<Float>.self)
                            unsafe squares.storeBytes(
                                of: square + step * step, toByteOffset: at, as: SIMD8<Float>.self)
                        }
                    }
                }
            }
        }
    }
}
