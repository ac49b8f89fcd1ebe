extension Tensor {
    public static func + (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
        try one("aten::add", "Tensor", [.tensor(left), .tensor(right)])
    }
    public static func + (left: Tensor, right: Double) throws(TorchError) -> Tensor {
        try one("aten::add", "Scalar", [.tensor(left), .number(right)])
    }
    public static func - (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
        try one("aten::sub", "Tensor", [.tensor(left), .tensor(right)])
    }
    public static func * (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
        try one("aten::mul", "Tensor", [.tensor(left), .tensor(right)])
    }
    public static func * (left: Tensor, right: Double) throws(TorchError) -> Tensor {
        try one("aten::mul", "Scalar", [.tensor(left), .number(right)])
    }
    public static func / (left: Tensor, right: Tensor) throws(TorchError) -> Tensor {
        try one("aten::div", "Tensor", [.tensor(left), .tensor(right)])
    }
    public static prefix func - (value: Tensor) throws(TorchError) -> Tensor { try value * -1 }

    /// Matrix product over the last two axes; the others are batches.
    public func matmul(_ other: Tensor) throws(TorchError) -> Tensor {
        try Self.one("aten::matmul", "", [.tensor(self), .tensor(other)])
    }

    public func sum() throws(TorchError) -> Tensor { try Self.one("aten::sum", "", [.tensor(self)]) }
    public func mean() throws(TorchError) -> Tensor { try Self.one("aten::mean", "", [.tensor(self)]) }
    public func sum(axis: Int) throws(TorchError) -> Tensor {
        try Self.one("aten::sum", "dim_IntList", [.tensor(self), .integers([axis])])
    }
    public func mean(axes: [Int]) throws(TorchError) -> Tensor {
        try Self.one("aten::mean", "dim", [.tensor(self), .integers(axes)])
    }

    public func exponential() throws(TorchError) -> Tensor { try Self.one("aten::exp", "", [.tensor(self)]) }
    public func logarithm() throws(TorchError) -> Tensor { try Self.one("aten::log", "", [.tensor(self)]) }
    public func squareRoot() throws(TorchError) -> Tensor { try Self.one("aten::sqrt", "", [.tensor(self)]) }
    public func sign() throws(TorchError) -> Tensor { try Self.one("aten::sign", "", [.tensor(self)]) }

    /// Where this equals `other`, as flags.
    public func isEqual(to other: Tensor) throws(TorchError) -> Tensor {
        try Self.one("aten::eq", "Tensor", [.tensor(self), .tensor(other)])
    }

    /// This with `value` where the flags of `mask` are set.
    public func masked(by mask: Tensor, with value: Double) throws(TorchError) -> Tensor {
        try Self.one("aten::masked_fill", "Scalar", [.tensor(self), .tensor(mask), .number(value)])
    }

    /// Whether every number is finite.
    public func isFinite() throws(TorchError) -> Bool {
        let finite = try Self.one("aten::isfinite", "", [.tensor(self)])
        return try Self.one("aten::all", "", [.tensor(finite)]).item() != 0
    }

    /// Adds `factor · other` in place.
    public func add(_ other: Tensor, factor: Double = 1) throws(TorchError) {
        _ = try Self.one("aten::add_", "Tensor", [.tensor(self), .tensor(other), .number(factor)])
    }

    /// Multiplies in place.
    public func scale(by factor: Double) throws(TorchError) {
        _ = try Self.one("aten::mul_", "Scalar", [.tensor(self), .number(factor)])
    }

    /// Goes a share of the way to `other`, in place: `x ← x + share · (other − x)`.
    public func approach(_ other: Tensor, by share: Double) throws(TorchError) {
        _ = try Self.one("aten::lerp_", "Scalar", [.tensor(self), .tensor(other), .number(share)])
    }

    /// Adds `factor · left · right`, number by number, in place.
    public func addProduct(_ left: Tensor, _ right: Tensor, factor: Double) throws(TorchError) {
        _ = try Self.one(
            "aten::addcmul_", "", [.tensor(self), .tensor(left), .tensor(right), .number(factor)])
    }

    /// Adds `factor · left / right`, number by number, in place.
    public func addQuotient(_ left: Tensor, _ right: Tensor, factor: Double) throws(TorchError) {
        _ = try Self.one(
            "aten::addcdiv_", "", [.tensor(self), .tensor(left), .tensor(right), .number(factor)])
    }

    /// Takes over the numbers of `other`, which has the same shape or one that stretches to it, in place.
    public func copy(from other: Tensor) throws(TorchError) {
        _ = try Self.one("aten::copy_", "", [.tensor(self), .tensor(other)])
    }
}
