internal import Numerics

/// What a model learns, by name, in the order in which its layers were made; and what it only keeps, such as means.
public final class Parameters {
    public struct Entry {
        public let name: String
        public let tensor: Tensor
        /// Whether the optimiser changes it; running statistics are only saved.
        public let isLearned: Bool
        /// Whether L1 and L2 penalties and weight decay apply: weights, but neither biases nor scales.
        public let isPenalised: Bool
    }

    public private(set) var entries: [Entry] = []
    /// What `freeze` took out of training: never changed, so neither in checkpoints nor copied for the best epoch.
    public private(set) var frozen: [Entry] = []
    public let device: Device
    /// What dropout draws from.
    public let random: RandomSource
    private var generator: SeededGenerator
    private var given: [String: [Float]]

    /// - Parameter seed: First values depend on it alone, where none are given.
    /// - Parameter given: First values by name, such as those of a model that was trained before.
    public init(seed: UInt64, device: Device = .cpu, given: [String: [Float]] = [:]) throws(TorchError) {
        (self.device, self.given, generator) = (device, given, SeededGenerator(seed: seed))
        random = try RandomSource(seed: seed, device: device)
    }

    public var learned: [Entry] { entries.filter(\.isLearned) }

    /// How many numbers are learned.
    public var count: Int { learned.reduce(0) { $0 + $1.tensor.count } }

    /// Makes a weight of this shape and first values.
    public func weight(_ name: String, shape: [Int], _ initial: Initial) throws(TorchError) -> Tensor {
        let values = try taken(name, shape) ?? initial.values(count: shape.reduce(1, *), using: &generator)
        return try add(name, try Tensor(values, shape: shape, device: device), isLearned: true, isPenalised: true)
    }

    /// Makes a bias or scale of equal first values.
    public func vector(_ name: String, count: Int, value: Float, isLearned: Bool = true) throws(TorchError) -> Tensor {
        let values = try taken(name, [count]) ?? [Float](repeating: value, count: count)
        return try add(
            name, try Tensor(values, shape: [count], device: device), isLearned: isLearned, isPenalised: false)
    }

    /// Takes a tensor that was made elsewhere as a learned weight.
    public func adopt(_ name: String, _ tensor: Tensor) {
        entries.append(Entry(name: name, tensor: tensor, isLearned: true, isPenalised: true))
    }

    /// Takes the parameters that `isFrozen` names out of training; they keep their values.
    public func freeze(_ isFrozen: (String) -> Bool) throws(TorchError) {
        for entry in entries where isFrozen(entry.name) {
            if entry.isLearned { try entry.tensor.requireGradient(false) }
            frozen.append(
                Entry(name: entry.name, tensor: entry.tensor, isLearned: false, isPenalised: entry.isPenalised))
        }
        entries.removeAll { isFrozen($0.name) }
    }

    /// The given first values of a parameter, each once.
    private func taken(_ name: String, _ shape: [Int]) throws(TorchError) -> [Float]? {
        guard let values = given.removeValue(forKey: name) else { return nil }
        guard values.count == shape.reduce(1, *) else {
            throw TorchError(
                operation: "first values of \(name)", shapes: [shape], reason: "\(values.count) numbers were given")
        }
        return values
    }

    private func add(
        _ name: String, _ tensor: Tensor, isLearned: Bool, isPenalised: Bool
    ) throws(TorchError) -> Tensor {
        precondition(!entries.contains { $0.name == name }, "two parameters have one name")
        if isLearned { try tensor.requireGradient() }
        entries.append(Entry(name: name, tensor: tensor, isLearned: isLearned, isPenalised: isPenalised))
        return tensor
    }

    public func clearGradients() throws(TorchError) {
        for entry in learned { try entry.tensor.clearGradient() }
    }

    /// Scales all gradients together so that their joint length is at most `limit` (Pascanu et al., 2013).
    ///
    /// - Returns: The length before.
    @discardableResult
    public func clipGradients(toNorm limit: Double) throws(TorchError) -> Double {
        var squares = 0.0
        var gradients: [Tensor] = []
        for entry in learned {
            guard let gradient = try entry.tensor.gradient() else { continue }
            squares += try (try gradient * gradient).sum().item()
            gradients.append(gradient)
        }
        let norm = squares.squareRoot()
        if norm > limit { for gradient in gradients { try gradient.scale(by: limit / norm) } }
        return norm
    }

    /// The first tensor that holds NaN or infinity, or whose gradient does.
    public func firstNotFinite() throws(TorchError) -> String? {
        for entry in entries where try !entry.tensor.isFinite() { return entry.name }
        for entry in learned {
            if let gradient = try entry.tensor.gradient(), try !gradient.isFinite() { return entry.name }
        }
        return nil
    }
}
