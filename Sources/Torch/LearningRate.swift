internal import Glibc

/// How the learning rate changes over a run, as a share of its highest value.
public enum LearningRate: Sendable, Hashable {
    case constant
    /// Multiplied by `factor` after every `every` steps.
    case steps(every: Int, factor: Double)
    /// Rises evenly over `warmup` steps, then falls along a cosine to `floor` (Loshchilov and Hutter, 2017).
    case cosine(warmup: Int, floor: Double)
    /// Rises and falls once along cosines, highest after the share `peak` of all steps (Smith, 2018).
    case oneCycle(peak: Double)

    /// The factor of step `step`, from 0, of `total`.
    public func factor(step: Int, total: Int) -> Double {
        switch self {
        case .constant: return 1
        case .steps(let every, let factor): return pow(factor, Double(step / max(1, every)))
        case .cosine(let warmup, let floor):
            if step < warmup { return Double(step + 1) / Double(warmup) }
            let share = Double(step - warmup) / Double(max(1, total - warmup))
            return floor + (1 - floor) * (1 + cos(.pi * min(1, share))) / 2
        case .oneCycle(let peak):
            let top = max(1, Int(Double(total) * peak))
            if step < top { return 0.04 + 0.96 * (1 - cos(.pi * Double(step) / Double(top))) / 2 }
            return max(1e-4, (1 + cos(.pi * min(1, Double(step - top) / Double(max(1, total - top))))) / 2)
        }
    }
}
