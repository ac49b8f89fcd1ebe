extension Tensor {
    /// The same numbers under another shape; one length may be -1.
    public func reshaped(_ shape: [Int]) throws(TorchError) -> Tensor {
        try Self.one("aten::reshape", "", [.tensor(self), .integers(shape)])
    }
    public func transposed(_ first: Int, _ second: Int) throws(TorchError) -> Tensor {
        try Self.one("aten::transpose", "int", [.tensor(self), .integer(first), .integer(second)])
    }
    /// With an axis of length one before `axis`.
    public func expanded(at axis: Int) throws(TorchError) -> Tensor {
        try Self.one("aten::unsqueeze", "", [.tensor(self), .integer(axis)])
    }
    /// The part `range` of an axis, sharing its numbers.
    public func slice(axis: Int, _ range: Range<Int>) throws(TorchError) -> Tensor {
        try Self.one(
            "aten::narrow", "",
            [.tensor(self), .integer(axis), .integer(range.lowerBound), .integer(range.count)])
    }
    /// The rows with these numbers along `axis`.
    public func selected(_ rows: Tensor, axis: Int = 0) throws(TorchError) -> Tensor {
        try Self.one("aten::index_select", "", [.tensor(self), .integer(axis), .tensor(rows)])
    }
    public static func joined(_ tensors: [Tensor], axis: Int) throws(TorchError) -> Tensor {
        try one("aten::cat", "", [.tensors(tensors), .integer(axis)])
    }
    /// The numbers as another type; itself if it has it already.
    public func converted(to type: NumberType) throws(TorchError) -> Tensor {
        try Self.one("aten::to", "dtype", [.tensor(self), .integer(Int(type.rawValue))])
    }
    /// A copy of its own without a history.
    public func copied() throws(TorchError) -> Tensor {
        let plain = try Self.one("aten::detach", "", [.tensor(self)])
        return try Self.one("aten::clone", "", [.tensor(plain)])
    }
    /// Zeros of the same shape, type and device.
    public func zeros() throws(TorchError) -> Tensor { try Self.one("aten::zeros_like", "", [.tensor(self)]) }
}
