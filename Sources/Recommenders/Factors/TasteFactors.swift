import Foundation
import Numerics
import Storage

/// Tastes in sixteen numbers: a truncated singular value decomposition of who bought what.
///
/// PureSVD (Cremonesi, Koren and Turrin, RecSys 2010). A person's row holds √(decayed count) · *w* by item, *w* = log(users /
/// (1 + buyers)), and has length one. The right singular vectors *V* are found by subspace iteration (Halko, Martinsson and
/// Tropp, 2011), so nobody's own factors are kept: a row is folded in as row · V, also that of somebody who came later.
/// score = (row · V) · V(item) / max(0.3, w): what is rare gains nothing for being rare. The function of counts, the decay
/// and the number of factors were chosen on next baskets of Complete Journey up to 2017-10-01.
struct TasteFactors: Hashable, Sendable {
    typealias Row = SIMD16<Float>
    private static let iterations = 40
    private static let leastWeight: Float = 0.3

    /// By item; shape `[items, 16]`.
    let factors: [Row]
    /// By item: log(users / (1 + buyers)), never below zero.
    let weights: [Float]

    /// - Complexity: O(iterations · purchases · 16).
    init(_ vectors: UserVectors, seed: UInt64) {
        let weights = Self.weights(vectors)
        let counts = vectors.weights()
        var values = [Float](repeating: 0, count: vectors.items.count)
        for user in 0..<vectors.userCount {
            let range = vectors.row(of: UInt32(user))
            var length: Float = 0
            for place in range {
                values[place] = counts[place].squareRoot() * weights[Int(vectors.items[place])]
                length += values[place] * values[place]
            }
            guard length > 0 else { continue }
            for place in range { values[place] /= length.squareRoot() }
        }
        var random = SeededGenerator(seed: seed)
        var users = (0..<vectors.userCount).map { _ in
            Row((0..<Row.scalarCount).map { _ in Float(random.unit()) - 0.5 })
        }
        var items = [Row](repeating: .zero, count: vectors.itemLimit)
        for step in 0...Self.iterations {
            Self.orthonormalise(&users)
            for item in items.indices { items[item] = .zero }
            for user in users.indices {
                for place in vectors.row(of: UInt32(user)) {
                    items[Int(vectors.items[place])] += users[user] * values[place]
                }
            }
            guard step < Self.iterations else { break }
            for user in users.indices {
                var sum = Row.zero
                for place in vectors.row(of: UInt32(user)) { sum += items[Int(vectors.items[place])] * values[place] }
                users[user] = sum
            }
        }
        Self.orthonormalise(&items)
        (factors, self.weights) = (items, weights)
    }

    private static func weights(_ vectors: UserVectors) -> [Float] {
        (0..<vectors.itemLimit).map { item in
            max(0, log(Float(vectors.userCount) / Float(1 + vectors.postings(of: item).count)))
        }
    }

    /// Makes columns orthogonal and of length one; what depends on those before it becomes zero.
    ///
    /// Cholesky QR, twice for accuracy (Yamamoto et al., 2015). Complexity: O(rows · 16²).
    private static func orthonormalise(_ rows: inout [Row]) {
        for _ in 0..<2 {
            var products = [SIMD16<Double>](repeating: .zero, count: Row.scalarCount)
            for row in rows where row != .zero {
                let row = SIMD16<Double>(row)
                for column in products.indices { products[column] += row * row[column] }
            }
            let inverse = inverseFactor(products)
            for place in rows.indices where rows[place] != .zero {
                let row = SIMD16<Double>(rows[place])
                var sum = SIMD16<Double>.zero
                for column in inverse.indices { sum += inverse[column] * row[column] }
                rows[place] = Row(sum)
            }
        }
    }

    /// The rows of R⁻¹ for the upper triangular R with RᵀR = `products`; zero where a column depends on those before it.
    private static func inverseFactor(_ products: [SIMD16<Double>]) -> [SIMD16<Double>] {
        let size = products.count
        var factor = products.map { _ in SIMD16<Double>.zero }
        var inverse = factor
        for row in 0..<size {
            var rest = products[row]
            for before in 0..<row { rest -= factor[before] * factor[before][row] }
            guard rest[row] > 1e-10 * max(1e-300, products[row][row]) else { continue }
            factor[row] = rest / rest[row].squareRoot()
            for column in 0..<row { factor[row][column] = 0 }
        }
        // R · R⁻¹ = 1, column by column from the diagonal up.
        for column in 0..<size where factor[column][column] > 0 {
            inverse[column][column] = 1 / factor[column][column]
            for row in stride(from: column - 1, through: 0, by: -1) where factor[row][row] > 0 {
                var sum = 0.0
                for place in row + 1...column { sum += factor[row][place] * inverse[place][column] }
                inverse[row][column] = -sum / factor[row][row]
            }
        }
        return inverse
    }

    /// A person's place among the tastes.
    func person(_ own: PersonalCounts) -> Row {
        var (sum, length) = (Row.zero, Float(0))
        for entry in own.entries where Int(entry.item) < factors.count {
            let value = Float(entry.decayed).squareRoot() * weights[Int(entry.item)]
            length += value * value
            sum += factors[Int(entry.item)] * value
        }
        return length > 0 ? sum / length.squareRoot() : .zero
    }

    /// How much an item is to a person's taste; zero where nothing is known of either.
    func score(_ item: UInt32, _ person: Row) -> Float {
        guard Int(item) < factors.count else { return 0 }
        return (factors[Int(item)] * person).sum() / max(Self.leastWeight, weights[Int(item)])
    }

    func store(in file: inout ColumnFile) {
        file.set("taste", factors.flatMap { row in (0..<Row.scalarCount).map { row[$0] } })
    }

    init(_ file: ColumnFile, vectors: UserVectors) throws(StorageError) {
        let values = try file.floats("taste")
        guard values.count == vectors.itemLimit * Row.scalarCount else {
            throw file.damaged("its tastes do not fit its items")
        }
        factors = (0..<vectors.itemLimit).map { Row(values[$0 * Row.scalarCount..<($0 + 1) * Row.scalarCount]) }
        weights = Self.weights(vectors)
    }
}
