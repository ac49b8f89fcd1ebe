import Dispatch
import Numerics
import Synchronization

/// Fits the rows of one side of an implicit matrix to the other side, by conjugate gradient in blocks.
///
/// Minimises Σ c (p - x·y)² + λ|x|² with c = `confidence` and p = 1 where there is an entry, 1 and 0 elsewhere (Hu, Koren and
/// Volinsky, ICDM 2008). The steps of all rows of a block share one matrix product (Takács, Pilászy and Tikk, RecSys 2011).
struct ImplicitSolver: Sendable {
    private static let blockRows = 128

    /// The fixed side.
    let factors: FactorMatrix
    /// YᵀY + λI.
    let gram: [Float]
    let confidence: Float
    let steps: Int

    init(factors: FactorMatrix, regularisation: Float, confidence: Float, steps: Int) {
        (self.factors, self.confidence, self.steps) = (factors, confidence, steps)
        gram = factors.gram(regularisation: regularisation)
    }

    /// Better rows for all rows of `matrix`, starting at `start`; on two threads, whose number does not change the result.
    func solve(_ matrix: InteractionMatrix, from start: FactorMatrix) -> FactorMatrix {
        let width = factors.width
        let blocks = (matrix.rowCount + Self.blockRows - 1) / Self.blockRows
        let threads = 2
        let parts = Mutex([[Float]](repeating: [], count: threads))
        LinearAlgebra.withThreads(1) {
            DispatchQueue.concurrentPerform(iterations: threads) { thread in
                let range = blocks * thread / threads..<blocks * (thread + 1) / threads
                var values: [Float] = []
                for block in range {
                    let rows = block * Self.blockRows..<min(matrix.rowCount, (block + 1) * Self.blockRows)
                    var part = Array(start.values[rows.lowerBound * width..<rows.upperBound * width])
                    improve(&part, rows.map { matrix.columns[matrix.row($0)] })
                    values += part
                }
                parts.withLock { $0[thread] = values }
            }
        }
        var result = start
        result.values = parts.withLock { $0.flatMap(\.self) }
        return result
    }

    /// A row for one history, from nothing.
    func row(for items: [UInt32]) -> [Float] {
        var row = [Float](repeating: 0, count: factors.width)
        if !items.isEmpty { improve(&row, [items[...]]) }
        return row
    }

    /// Conjugate gradient on A = YᵀY + λI + Σ (c - 1) y yᵀ and b = Σ c y, for each row of `x`.
    private func improve(_ x: inout [Float], _ rows: [ArraySlice<UInt32>]) {
        let width = factors.width
        var product = [Float](repeating: 0, count: x.count)
        apply(to: x, rows, into: &product)
        var residual = [Float](repeating: 0, count: x.count)
        for (row, items) in rows.enumerated() { add(items, confidence, to: &residual, row) }
        for place in residual.indices { residual[place] -= product[place] }
        var direction = residual
        var lengths = rows.indices.map { Self.dot(residual, residual, row: $0, width) }
        for _ in 0..<steps {
            apply(to: direction, rows, into: &product)
            for row in rows.indices where lengths[row] > 1e-20 {
                let curvature = Self.dot(direction, product, row: row, width)
                let step = lengths[row] / max(1e-30, curvature)
                let range = row * width..<(row + 1) * width
                for place in range {
                    x[place] += step * direction[place]
                    residual[place] -= step * product[place]
                }
                let length = Self.dot(residual, residual, row: row, width)
                let share = length / lengths[row]
                for place in range { direction[place] = residual[place] + share * direction[place] }
                lengths[row] = length
            }
        }
    }

    private func apply(to x: [Float], _ rows: [ArraySlice<UInt32>], into result: inout [Float]) {
        let width = factors.width
        FactorMatrix.multiply(x, by: gram, count: rows.count, width: width, into: &result)
        guard confidence != 1 else { return }
        // Safe: items lie below the rows of the factors, rows within both blocks.
        unsafe x.withUnsafeBufferPointer { x in
            unsafe result.withUnsafeMutableBufferPointer { result in
                unsafe factors.values.withUnsafeBufferPointer { values in
                    guard let x = x.baseAddress, let result = result.baseAddress, let y = values.baseAddress
                    else { return }
                    for (row, items) in rows.enumerated() {
                        for item in items {
                            let factor = unsafe y + Int(item) * width
                            let dot = unsafe FloatKernels.dot(factor, x + row * width, count: width)
                            unsafe FloatKernels.add(
                                factor, times: (confidence - 1) * dot, to: result + row * width, count: width)
                        }
                    }
                }
            }
        }
    }

    private func add(_ items: ArraySlice<UInt32>, _ weight: Float, to block: inout [Float], _ row: Int) {
        let width = factors.width
        for item in items {
            let start = Int(item) * width
            for place in 0..<width { block[row * width + place] += weight * factors.values[start + place] }
        }
    }

    private static func dot(_ left: [Float], _ right: [Float], row: Int, _ width: Int) -> Float {
        // Safe: the row lies within both blocks.
        unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return 0 }
                return unsafe FloatKernels.dot(left + row * width, right + row * width, count: width)
            }
        }
    }
}
