internal import CTorch
internal import Glibc

extension Tensor {
    /// Says whether gradients are to be kept for this tensor, which must be of floating-point numbers.
    public func requireGradient(_ required: Bool = true) throws(TorchError) {
        try unsafe Self.check("requiring a gradient", ct_require_gradient(handle, required), shapes: [shape])
    }

    /// Adds the gradient of this single number to all tensors that require one, by the chain rule backwards.
    public func backward() throws(TorchError) {
        try unsafe Self.check("backward", ct_backward(handle), shapes: [shape])
    }

    /// This, which was made without recording, with a derivative of its own: `backward` asks for it.
    ///
    /// - Parameters:
    ///   - inputs: What this was made of.
    ///   - derivative: The slopes of the end by each input, of its slope by this, all of the shapes of their tensors. It must not hold this.
    func with(
        inputs: [Tensor], derivative: @escaping (Tensor) throws -> [Tensor]
    ) throws(TorchError) -> Tensor {
        let context = unsafe Unmanaged.passRetained(Derivative(count: inputs.count, derivative)).toOpaque()
        let handles = unsafe inputs.map { unsafe Optional($0.handle) }
        let problem = unsafe ct_set_derivative(
            handle, handles, Int64(inputs.count),
            { context, slope, slopes in
                guard let context = unsafe context, let slope = unsafe slope, let slopes = unsafe slopes else {
                    return nil
                }
                let derivative = unsafe Unmanaged<Derivative>.fromOpaque(context).takeUnretainedValue()
                return unsafe derivative.write(of: Tensor(adopting: slope), to: slopes)
            },
            { context in
                if let context = unsafe context { unsafe Unmanaged<Derivative>.fromOpaque(context).release() }
            }, context)
        withExtendedLifetime(inputs) {}
        try unsafe Self.check("setting a derivative", problem, shapes: [shape])
        return self
    }

    /// The gradient that `backward` has added up; `nil` if there is none.
    public func gradient() throws(TorchError) -> Tensor? {
        var result: OpaquePointer?
        try unsafe Self.check("reading a gradient", ct_gradient(handle, &result), shapes: [shape])
        return unsafe result.map { unsafe Tensor(adopting: $0) }
    }

    /// Forgets the gradient.
    public func clearGradient() throws(TorchError) {
        try unsafe Self.check("clearing a gradient", ct_clear_gradient(handle), shapes: [shape])
    }
}

/// What `backward` calls for a tensor with a derivative of its own.
private final class Derivative {
    private let count: Int
    private let body: (Tensor) throws -> [Tensor]

    init(count: Int, _ body: @escaping (Tensor) throws -> [Tensor]) { (self.count, self.body) = (count, body) }

    /// Writes a slope for each input, which libtorch then owns, or returns what went wrong.
    @unsafe func write(
        of slope: Tensor, to slopes: UnsafeMutablePointer<OpaquePointer?>
    ) -> UnsafeMutablePointer<CChar>? {
        do {
            let results = try body(slope)
            precondition(results.count == count, "a slope for each input")
            for (place, result) in results.enumerated() { unsafe slopes[place] = ct_share(result.handle) }
            return nil
        } catch { return unsafe strdup("\(error)") }
    }
}
