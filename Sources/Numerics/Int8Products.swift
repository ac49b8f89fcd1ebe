internal import CKernels

/// Products of rows of 8-bit numbers, as quantised weights and vectors need them.
public enum Int8Products {
    /// Values lie in `-limit...limit`, so that their products fit the processor's instructions.
    public static let limit: Int8 = 127
    /// The most values that a row may hold without a sum that overflows.
    public static let maximumDepth = 65_536

    /// Writes the product of every row on the left with every row on the right, row after row of the left.
    ///
    /// - Parameters:
    ///   - left: Shape `[rows, depth]`.
    ///   - right: Shape `[columns, depth]`.
    ///   - target: Shape `[rows, columns]`; what lies beyond stays.
    /// - Complexity: O(rows × columns × depth).
    public static func multiply(
        _ left: Span<Int8>, _ right: Span<Int8>, depth: Int, into target: inout [Int32]
    ) {
        precondition(depth > 0 && depth <= maximumDepth, "rows have 1 to 65,536 values")
        let (rows, columns) = (left.count / depth, right.count / depth)
        precondition(target.count >= rows * columns, "the target is shorter than the product")
        guard rows > 0, columns > 0 else { return }
        unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe target.withUnsafeMutableBufferPointer { target in
                    unsafe souk_int8_products(
                        left.baseAddress, Int64(rows), right.baseAddress, Int64(columns), Int64(depth),
                        target.baseAddress)
                }
            }
        }
    }

    /// Writes the product of one row with each of the rows on the right that `places` names, in their order.
    ///
    /// - Parameters:
    ///   - left: Shape `[depth]`.
    ///   - right: Shape `[any, depth]`.
    ///   - places: Numbers of rows on the right.
    ///   - target: At least as long as `places`; what lies beyond stays.
    /// - Complexity: O(places × depth).
    public static func multiply(
        _ left: Span<Int8>, _ right: Span<Int8>, at places: Span<UInt32>, into target: inout [Int32]
    ) {
        multiply(left, right, at: places, into: &target, .best)
    }

    static func multiply(
        _ left: Span<Int8>, _ right: Span<Int8>, at places: Span<UInt32>, into target: inout [Int32],
        _ level: KernelLevel
    ) {
        let depth = left.count
        precondition(depth > 0 && depth <= maximumDepth, "rows have 1 to 65,536 values")
        precondition(target.count >= places.count, "the target is shorter than the list of rows")
        let rows = right.count / depth
        for place in places.indices { precondition(Int(places[place]) < rows, "a row that is not there") }
        unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe places.withUnsafeBufferPointer { places in
                    unsafe target.withUnsafeMutableBufferPointer { target in
                        unsafe souk_int8_products_at(
                            level.number, left.baseAddress, right.baseAddress, Int64(depth), places.baseAddress,
                            Int64(places.count), target.baseAddress)
                    }
                }
            }
        }
    }

    /// All rows with all rows in plain Swift: what the kernel is tested against.
    static func reference(_ left: [Int8], _ right: [Int8], depth: Int) -> [Int32] {
        let (rows, columns) = (left.count / depth, right.count / depth)
        var target: [Int32] = []
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Int32 = 0
                for place in 0..<depth {
                    sum += Int32(left[row * depth + place]) * Int32(right[column * depth + place])
                }
                target.append(sum)
            }
        }
        return target
    }

    /// Writes values as 8-bit numbers, from `start` on, and returns the factor that gives them back: `value = number × factor`.
    public static func quantise(_ values: Span<Float>, into numbers: inout [Int8], at start: Int) -> Float {
        precondition(start >= 0 && start + values.count <= numbers.count, "the numbers need as much room as the values")
        var highest: Float = 0
        for place in values.indices { highest = max(highest, abs(values[place])) }
        let isUsable = highest > 0 && highest.isFinite
        let scale = isUsable ? Float(limit) / highest : 0
        var target = numbers.mutableSpan
        for place in values.indices {
            target[start + place] = isUsable ? Int8((values[place] * scale).rounded()) : 0
        }
        return isUsable ? highest / Float(limit) : 0
    }
}
