/// Inner loops over rows of single-precision numbers whose length is a multiple of eight.
///
/// Sums run in eight lanes and are added up in a fixed order: the same inputs give the same bits.
public enum FloatKernels {
    /// The length to give to rows of `count` numbers.
    public static func paddedLength(_ count: Int) -> Int { (count + 7) & ~7 }

    /// The dot product of two rows; `count` is a multiple of eight.
    @inlinable
    public static func dot(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int) -> Float {
        let (left, right) = unsafe (UnsafeRawPointer(left), UnsafeRawPointer(right))
        var sums = SIMD8<Float>.zero
        for offset in stride(from: 0, to: count * 4, by: 32) {
            let a = unsafe left.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            let b = unsafe right.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            sums += a * b
        }
        return sums.sum()
    }

    /// Adds `factor` times one row to another; `count` is a multiple of eight.
    @inlinable
    public static func add(
        _ row: UnsafePointer<Float>, times factor: Float, to sums: UnsafeMutablePointer<Float>, count: Int
    ) {
        let (row, sums) = unsafe (UnsafeRawPointer(row), UnsafeMutableRawPointer(sums))
        for offset in stride(from: 0, to: count * 4, by: 32) {
            let a = unsafe row.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            let b = unsafe sums.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
            unsafe sums.storeBytes(of: b + factor * a, toByteOffset: offset, as: SIMD8<Float>.self)
        }
    }
}
