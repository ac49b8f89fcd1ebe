internal import Numerics

extension Tensor {
    public func sigmoid() throws(TorchError) -> Tensor { try Self.one("aten::sigmoid", "", [.tensor(self)]) }
    public func tanh() throws(TorchError) -> Tensor { try Self.one("aten::tanh", "", [.tensor(self)]) }
    public func relu() throws(TorchError) -> Tensor { try Self.one("aten::relu", "", [.tensor(self)]) }
    /// Gaussian error linear units, by the error function (Hendrycks and Gimpel, 2016).
    public func gelu() throws(TorchError) -> Tensor { try Self.one("aten::gelu", "", [.tensor(self)]) }
    /// Sigmoid linear units, `x · σ(x)` (Hendrycks and Gimpel, 2016).
    public func silu() throws(TorchError) -> Tensor { try Self.one("aten::silu", "", [.tensor(self)]) }
    public func softmax(axis: Int) throws(TorchError) -> Tensor {
        try Self.one("aten::softmax", "int", [.tensor(self), .integer(axis)])
    }
    /// log Σ exp over the last axis, without overflow.
    public func logSumExp() throws(TorchError) -> Tensor {
        try Self.one("aten::logsumexp", "", [.tensor(self), .integers([-1])])
    }
    /// log σ(x), without overflow.
    public func logSigmoid() throws(TorchError) -> Tensor { try Self.one("aten::log_sigmoid", "", [.tensor(self)]) }

    /// `x · Wᵀ + b`; `weight` has the shape `[outputs, inputs]`.
    public func linear(weight: Tensor, bias: Tensor?) throws(TorchError) -> Tensor {
        try Self.one("aten::linear", "", [.tensor(self), .tensor(weight), .optional(bias)])
    }

    /// Convolution of `[batch, channels, height, width]` with `[outputs, channels, height, width]`.
    public func convolved(
        with weight: Tensor, bias: Tensor?, stride: Int = 1, padding: Int = 0
    ) throws(TorchError) -> Tensor {
        try Self.one(
            "aten::conv2d", "",
            [
                .tensor(self), .tensor(weight), .optional(bias), .integers([stride, stride]),
                .integers([padding, padding]),
            ])
    }

    /// The largest of each square of `size`.
    public func maxPooled(size: Int) throws(TorchError) -> Tensor {
        try Self.one("aten::max_pool2d", "", [.tensor(self), .integers([size, size])])
    }

    /// Each number kept with probability `1 - rate` and then divided by it (Srivastava et al., 2014).
    public func dropout(rate: Double, using random: RandomSource) throws(TorchError) -> Tensor {
        guard rate > 0 else { return self }
        let detached = try Self.one("aten::detach", "", [.tensor(self)])
        let mask = try Self.one("aten::empty_like", "", [.tensor(detached), .none, .none, .none, .none, .integer(0)])
        let isFilled: Void? = mask.withPlainFloats { numbers in
            TrainingKernels.dropoutMask(&numbers, rate: rate, key: random.nextKey())
        }
        if isFilled != nil { return try self * mask }
        let kept = try Self.one(
            "aten::bernoulli", "p", [.tensor(detached), .number(1 - rate), .random(random)])
        return try self * (try kept * (1 / (1 - rate)))
    }

    /// Normalises each channel over the batch, or by the running statistics (Ioffe and Szegedy, 2015).
    public func batchNormalised(
        weight: Tensor, bias: Tensor, runningMean: Tensor, runningVariance: Tensor, isTraining: Bool, momentum: Double,
        epsilon: Double
    ) throws(TorchError) -> Tensor {
        try Self.one(
            "aten::batch_norm", "",
            [
                .tensor(self), .tensor(weight), .tensor(bias), .tensor(runningMean), .tensor(runningVariance),
                .flag(isTraining), .number(momentum), .number(epsilon), .flag(false),
            ])
    }

    /// Normalises the last axis (Ba, Kiros and Hinton, 2016).
    public func layerNormalised(weight: Tensor, bias: Tensor, epsilon: Double) throws(TorchError) -> Tensor {
        try Self.one(
            "aten::layer_norm", "",
            [.tensor(self), .integers(weight.shape), .tensor(weight), .tensor(bias), .number(epsilon)])
    }

    /// Each vector of the last axis divided by its Euclidean length, or by 1e-12 if that is greater.
    public func lengthNormalised() throws(TorchError) -> Tensor {
        let length = try Self.one(
            "aten::linalg_vector_norm", "", [.tensor(self), .number(2), .integers([-1]), .flag(true)])
        return try self / Self.one("aten::clamp_min", "", [.tensor(length), .number(1e-12)])
    }

    /// The rows of this table with the numbers `rows`, of any shape; the row `padding` gets no gradient.
    public func embedding(of rows: Tensor, padding: Int? = nil) throws(TorchError) -> Tensor {
        try Self.one("aten::embedding", "", [.tensor(self), .tensor(rows), .integer(padding ?? -1)])
    }

    /// The largest number's place along the last axis.
    public func indicesOfMaxima() throws(TorchError) -> Tensor {
        try Self.one("aten::argmax", "", [.tensor(self), .integer(-1)])
    }
}
