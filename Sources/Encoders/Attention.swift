/// Scaled dot-product attention (Vaswani et al., 2017).
enum Attention {
    /// Writes what every head sees, each sequence by itself, to the beginning of `context`, shape `[rows, width]`.
    ///
    /// - Parameter starts: Where each sequence's rows begin, with the end of the last.
    /// - Parameter width: Of all heads together, each a multiple of eight.
    /// - Parameter isCausal: Whether a row sees only itself and the rows before it.
    /// - Complexity: O(rows × length of a sequence × width).
    static func apply(
        _ query: [Float], _ key: [Float], _ value: [Float], _ starts: [Int], width: Int, heads: Int,
        isCausal: Bool = false, into context: inout [Float]
    ) {
        let depth = width / heads
        let scale = 1 / Float(depth).squareRoot()
        let (query, key, value) = (query.span, key.span, value.span)
        var target = context.mutableSpan
        var weights: [Float] = []
        for sequence in 0..<starts.count - 1 {
            let rows = starts[sequence]..<starts[sequence + 1]
            if weights.count < rows.count { weights = Array(repeating: 0, count: rows.count) }
            for head in 0..<heads {
                let offset = head * depth
                for row in rows {
                    let own = row * width + offset
                    let seen = isCausal ? rows.lowerBound..<row + 1 : rows
                    for (place, other) in seen.enumerated() {
                        let theirs = other * width + offset
                        var sum = SIMD8<Float>.zero
                        for column in stride(from: 0, to: depth, by: 8) {
                            var (left, right) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
                            for lane in 0..<8 {
                                left[lane] = query[own + column + lane]
                                right[lane] = key[theirs + column + lane]
                            }
                            sum += left * right
                        }
                        weights[place] = sum.sum() * scale
                    }
                    Activations.softmax(&weights, from: 0, count: seen.count)
                    for column in 0..<depth { target[own + column] = 0 }
                    for (place, other) in seen.enumerated() {
                        let theirs = other * width + offset
                        let weight = weights[place]
                        for column in 0..<depth { target[own + column] += weight * value[theirs + column] }
                    }
                }
            }
        }
    }
}
