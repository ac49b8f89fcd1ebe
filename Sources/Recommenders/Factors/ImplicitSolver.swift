import Dispatch
import Numerics
import Synchronization

/// Fits the rows of one side of an implicit matrix to the other side, exactly.
///
/// Minimises Σ c (p - x·y)² + λ|x|² with c = `confidence` and p = 1 where there is an entry, 1 and 0 elsewhere (Hu, Koren and
/// Volinsky, ICDM 2008): x = (G + (c - 1) YₙᵀYₙ)⁻¹ c Yₙᵀ1 with G = YᵀY + λI over all rows and Yₙ the *n* rows of the entries. With
/// Z = Y G⁻¹, made once, that is x = c Zₙᵀw for (I + (c - 1) Yₙ Zₙᵀ) w = 1 (Woodbury's identity): most rows have few entries, so
/// their systems are far smaller than G. Rows with more entries than factors solve the larger one.
struct ImplicitSolver: Sendable {
    /// Up to so many entries, single dot products cost less than gathering rows for OpenBLAS.
    private static let fewEntries = 12

    /// The fixed side, Y.
    let factors: FactorMatrix
    /// G, shape `[width, width]`.
    private let gram: [Float]
    /// Z, of the shape of `factors`.
    private let projected: [Float]
    private let confidence: Float

    /// - Parameter regularisation: λ, above zero.
    init(factors: FactorMatrix, regularisation: Float, confidence: Float) {
        (self.factors, self.confidence) = (factors, confidence)
        gram = factors.gram(regularisation: regularisation)
        var inverse = SymmetricMatrix(size: factors.width, values: gram)
        var projected = [Float](repeating: 0, count: factors.values.count)
        // G is positive definite; were rounding to break that, all rows would be zero.
        if inverse.invert() {
            LinearAlgebra.withThreads(1) {
                MatrixProduct.multiply(
                    factors.values.span, inverse.values.span, depth: factors.width, into: &projected)
            }
        }
        self.projected = projected
    }

    /// The rows for all rows of `matrix`; on two threads, whose number does not change the result.
    func solve(_ matrix: InteractionMatrix) -> FactorMatrix {
        let threads = 2
        let parts = Mutex([[Float]](repeating: [], count: threads))
        LinearAlgebra.withThreads(1) {
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                let rows = matrix.rowCount * thread / threads..<matrix.rowCount * (thread + 1) / threads
                let part = self.rows(for: rows.map { matrix.columns[matrix.row($0)] })
                parts.withLock { $0[thread] = part }
            }
        }
        var result = FactorMatrix(rows: matrix.rowCount, factors: factors.width)
        result.values = parts.withLock { $0.flatMap(\.self) }
        return result
    }

    /// The row for one set of entries.
    func row(for items: [UInt32]) -> [Float] { rows(for: [items[...]]) }

    /// Rows for many sets of entries, each in any order and without repetition; shape `[sets, width]`.
    ///
    /// Call it within `LinearAlgebra.withThreads(1)` if a set has more entries than there are factors. Complexity of a set of *n*:
    /// O(n² width + n³), at most O(n width² + width³).
    func rows(for sets: [ArraySlice<UInt32>]) -> [Float] {
        let width = factors.width
        var result = [Float](repeating: 0, count: sets.count * width)
        var work = Work()
        for (row, items) in sets.enumerated() where !items.isEmpty {
            if confidence == 1 {
                add(items, [Float](repeating: 1, count: items.count), to: &result, row: row)
            } else if items.count <= width {
                prepareSmall(items, &work)
                work.system.solve()
                add(items, work.system.values, to: &result, row: row)
            } else {
                prepareLarge(items, &work)
                work.system.solve()
                for place in 0..<width { result[row * width + place] = work.system.values[place] }
            }
        }
        return result
    }

    /// Memory that serves for one row after another.
    private struct Work {
        var system = CholeskySystem()
        /// The fixed side's rows of the entries, what they are multiplied with, and the products.
        var left: [Float] = []
        var right: [Float] = []
        var products: [Float] = []

        mutating func multiply(depth: Int) {
            let (left, right) = (left, right)
            MatrixProduct.multiply(left.span, right.span, depth: depth, into: &products)
        }
    }

    /// (I + (c - 1) Yₙ Zₙᵀ) w = c 1.
    private func prepareSmall(_ items: ArraySlice<UInt32>, _ work: inout Work) {
        let (width, count) = (factors.width, items.count)
        if work.products.count < count * count { work.products = [Float](repeating: 0, count: count * count) }
        if count > Self.fewEntries {
            Self.gather(items, of: factors.values, width, into: &work.left)
            Self.gather(items, of: projected, width, into: &work.right)
            work.multiply(depth: width)
        } else {
            multiplyFew(items, into: &work.products)
        }
        work.system.reset(size: count, lowerOf: work.products, times: confidence - 1, diagonal: 1)
        for row in 0..<count { work.system.values[row] = confidence }
    }

    /// Yₙ Zₙᵀ, at and below the diagonal.
    private func multiplyFew(_ items: ArraySlice<UInt32>, into products: inout [Float]) {
        let width = factors.width
        // Safe: items lie below the rows of both matrices, which have one shape.
        unsafe factors.values.withUnsafeBufferPointer { y in
            unsafe projected.withUnsafeBufferPointer { z in
                guard let y = y.baseAddress, let z = z.baseAddress else { return }
                for (row, item) in items.enumerated() {
                    let own = unsafe y + Int(item) * width
                    for (column, other) in items.prefix(row + 1).enumerated() {
                        products[row * items.count + column] =
                            unsafe FloatKernels.dot(own, z + Int(other) * width, count: width)
                    }
                }
            }
        }
    }

    /// (G + (c - 1) YₙᵀYₙ) x = c Yₙᵀ1.
    private func prepareLarge(_ items: ArraySlice<UInt32>, _ work: inout Work) {
        let width = factors.width
        var own = FactorMatrix(rows: items.count, factors: width)
        Self.gather(items, of: factors.values, width, into: &own.values)
        var products = own.products()
        for place in products.indices { products[place] = gram[place] + (confidence - 1) * products[place] }
        work.system.reset(size: width, lowerOf: products, times: 1, diagonal: 0)
        for row in 0..<items.count {
            for place in 0..<width { work.system.values[place] += confidence * own.values[row * width + place] }
        }
    }

    private static func gather(
        _ items: ArraySlice<UInt32>, of values: [Float], _ width: Int, into rows: inout [Float]
    ) {
        rows.removeAll(keepingCapacity: true)
        for item in items { rows += values[Int(item) * width..<(Int(item) + 1) * width] }
    }

    /// Adds Σ weight · z to a row of the result.
    private func add(_ items: ArraySlice<UInt32>, _ weights: [Float], to result: inout [Float], row: Int) {
        let width = factors.width
        // Safe: items lie below the rows of the matrix, the row within the result.
        unsafe projected.withUnsafeBufferPointer { z in
            unsafe result.withUnsafeMutableBufferPointer { result in
                guard let z = z.baseAddress, let result = result.baseAddress else { return }
                for (place, item) in items.enumerated() {
                    unsafe FloatKernels.add(
                        z + Int(item) * width, times: weights[place], to: result + row * width, count: width)
                }
            }
        }
    }
}
