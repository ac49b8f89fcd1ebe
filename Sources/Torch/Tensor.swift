internal import CTorch
internal import Glibc

/// An array of numbers with a shape that libtorch computes with and takes gradients of.
///
/// One owner of one libtorch handle, freed with it. A tensor is used from one thread at a time; in-place operations, whose
/// names say so, change what other handles of the same numbers see.
@safe public final class Tensor {
    let handle: OpaquePointer

    init(adopting handle: OpaquePointer) { unsafe self.handle = handle }

    deinit { unsafe ct_free(handle) }

    public convenience init(_ values: [Float], shape: [Int], device: Device = .cpu) throws(TorchError) {
        try self.init(values, .float, shape, device)
    }

    public convenience init(_ values: [Double], shape: [Int], device: Device = .cpu) throws(TorchError) {
        try self.init(values, .double, shape, device)
    }

    public convenience init(_ values: [Int64], shape: [Int], device: Device = .cpu) throws(TorchError) {
        try self.init(values, .integer, shape, device)
    }

    /// Bytes, such as pictures before they become numbers in 0…1.
    public convenience init(_ values: [UInt8], shape: [Int], device: Device = .cpu) throws(TorchError) {
        try self.init(values, .byte, shape, device)
    }

    public convenience init(_ values: [Bool], shape: [Int], device: Device = .cpu) throws(TorchError) {
        try self.init(values, .flag, shape, device)
    }

    private convenience init<Number: BitwiseCopyable>(
        _ values: [Number], _ type: NumberType, _ shape: [Int], _ device: Device
    ) throws(TorchError) {
        var handle: OpaquePointer?
        let sizes = shape.map { Int64($0) }
        let problem = unsafe values.withUnsafeBytes { bytes in
            unsafe ct_make(
                bytes.baseAddress, Int64(bytes.count), sizes, Int64(sizes.count), type.rawValue, device.name, &handle)
        }
        try unsafe Self.check("making a tensor", problem, shapes: [shape])
        unsafe self.init(adopting: handle!)
    }

    /// Lengths of the axes; empty for a single number.
    public var shape: [Int] { unsafe (0..<ct_rank(handle)).map { unsafe Int(ct_size(handle, $0)) } }
    public var count: Int { shape.reduce(1, *) }
    /// `nil` for a type that Souk does not use.
    public var type: NumberType? { unsafe NumberType(rawValue: ct_type(handle)) }

    /// The numbers in row-major order; throws for another type.
    public func floats() throws(TorchError) -> [Float] { try read(.float, 0) }
    public func doubles() throws(TorchError) -> [Double] { try read(.double, 0) }
    public func integers() throws(TorchError) -> [Int64] { try read(.integer, 0) }

    /// Whether these are floats in one piece on the processor.
    var isPlainFloats: Bool { unsafe ct_floats(handle) != nil }

    /// Lets `body` change the numbers of a tensor of floats that lie in one piece on the processor, in row-major order, in place.
    ///
    /// - Returns: `nil`, and `body` is not called, for any other tensor.
    func withPlainFloats<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let start = unsafe ct_floats(handle) else { return nil }
        defer { extendLifetime(self) }
        var span = unsafe MutableSpan(_unsafeStart: start, count: count)
        return try body(&span)
    }

    /// Lets `body` change the numbers of a tensor of floats, in row-major order, in place; of another device a copy comes and goes.
    public func withFloats(_ body: (inout MutableSpan<Float>) throws -> Void) throws {
        if try withPlainFloats(body) == nil {
            var numbers = try floats()
            var span = numbers.mutableSpan
            try body(&span)
            try copy(from: try Tensor(numbers, shape: shape))
        }
    }

    /// The number of a tensor of one number, whatever its type.
    public func item() throws(TorchError) -> Double {
        guard count == 1 else {
            throw TorchError(operation: "item", shapes: [shape], reason: "the tensor does not hold one number")
        }
        return try converted(to: .double).doubles()[0]
    }

    private func read<Number: BitwiseCopyable>(_ wanted: NumberType, _ zero: Number) throws(TorchError) -> [Number] {
        guard type == wanted else {
            throw TorchError(operation: "reading", shapes: [shape], reason: "the numbers are not of type \(wanted)")
        }
        var numbers = [Number](repeating: zero, count: count)
        let problem = unsafe numbers.withUnsafeMutableBytes { bytes in
            unsafe ct_read(handle, bytes.baseAddress, Int64(bytes.count))
        }
        try unsafe Self.check("reading", problem, shapes: [shape])
        return numbers
    }

    /// Turns a text of the shim into an error, and frees it.
    static func check(
        _ operation: String, _ problem: UnsafeMutablePointer<CChar>?, shapes: @autoclosure () -> [[Int]] = []
    ) throws(TorchError) {
        guard let problem = unsafe problem else { return }
        let reason = unsafe String(cString: problem)
        unsafe free(problem)
        throw TorchError(operation: operation, shapes: shapes(), reason: reason)
    }
}
