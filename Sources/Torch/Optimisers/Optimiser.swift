/// Changes a model's parameters by their gradients, and keeps what its rule must remember.
public final class Optimiser {
    /// Penalties that the gradient gets: of `l1·Σ|w|` and `l2/2·Σw²` over the penalised parameters.
    public struct Penalty: Sendable, Hashable {
        public let l1: Double
        public let l2: Double
        public init(l1: Double = 0, l2: Double = 0) { (self.l1, self.l2) = (l1, l2) }
    }

    public let rule: any UpdateRule
    public let penalty: Penalty
    /// How many steps were made.
    public private(set) var step = 0
    private let entries: [Parameters.Entry]
    private let slots: [[Tensor]]

    public init(
        _ parameters: Parameters, rule: any UpdateRule, penalty: Penalty = Penalty()
    ) throws(TorchError) {
        (self.rule, self.penalty, entries) = (rule, penalty, parameters.learned)
        var slots: [[Tensor]] = []
        for entry in entries {
            var own: [Tensor] = []
            for _ in rule.slots { try own.append(entry.tensor.zeros()) }
            slots.append(own)
        }
        self.slots = slots
    }

    /// Changes every parameter that has a gradient.
    public func step(rate: Double) throws {
        step += 1
        try Runtime.withoutGradients {
            for (entry, own) in zip(entries, slots) {
                guard let gradient = try entry.tensor.gradient() else { continue }
                if entry.isPenalised {
                    if penalty.l2 > 0 { try gradient.add(entry.tensor, factor: penalty.l2) }
                    if penalty.l1 > 0 { try gradient.add(try entry.tensor.sign(), factor: penalty.l1) }
                }
                try rule.update(
                    entry.tensor, by: gradient, slots: own, step: step, rate: rate, isPenalised: entry.isPenalised)
            }
        }
    }

    /// What the rule remembers, by `PARAMETER/SLOT`, for a checkpoint.
    public var state: [(name: String, tensor: Tensor)] {
        zip(entries, slots).flatMap { entry, own in
            zip(rule.slots, own).map { (name: entry.name + "/" + $0, tensor: $1) }
        }
    }

    /// Goes on from a checkpoint whose `state` has been copied in.
    public func resume(atStep step: Int) { self.step = step }
}
