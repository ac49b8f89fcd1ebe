internal import CTorch

extension Tensor {
    /// Says whether gradients are to be kept for this tensor, which must be of floating-point numbers.
    public func requireGradient(_ required: Bool = true) throws(TorchError) {
        try unsafe Self.check("requiring a gradient", ct_require_gradient(handle, required), shapes: [shape])
    }

    /// Adds the gradient of this single number to all tensors that require one, by the chain rule backwards.
    public func backward() throws(TorchError) {
        try unsafe Self.check("backward", ct_backward(handle), shapes: [shape])
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
