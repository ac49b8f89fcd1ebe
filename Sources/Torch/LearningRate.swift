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

    /// For a reader.
    public var words: String {
        switch self {
        case .constant: "constant"
        case .steps(let every, let factor): "times \(factor) after every \(every) steps"
        case .cosine(let warmup, let floor):
            "rising over \(warmup) steps, then falling along a cosine to \(floor) of it"
        case .oneCycle(let peak): "rising and falling once, highest after \(peak) of all steps"
        }
    }

    /// How a schedule is written.
    public static let forms = "constant, cosine[:WARMUP[:FLOOR]], cycle[:PEAK] or steps[:EVERY[:FACTOR]]"

    /// Reads a schedule in one of `forms`: WARMUP (0) and EVERY (1000) in steps, FLOOR (0) and FACTOR (0.5) as shares of the rate, PEAK
    /// (0.25) as a share of all steps; `nil` for what is none.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let numbers = parts.dropFirst().compactMap { Double($0) }
        guard numbers.count == parts.count - 1, numbers.allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
        func steps(_ usual: Int) -> Int? { numbers.first.map { Int(exactly: $0) } ?? usual }
        func share(_ place: Int, _ usual: Double) -> Double? {
            let value = numbers.count > place ? numbers[place] : usual
            return value <= 1 ? value : nil
        }
        switch (parts[0], numbers.count) {
        case ("constant", 0): self = .constant
        case ("cosine", ...2):
            guard let warmup = steps(0), let floor = share(1, 0) else { return nil }
            self = .cosine(warmup: warmup, floor: floor)
        case ("cycle", ...1):
            guard let peak = share(0, 0.25) else { return nil }
            self = .oneCycle(peak: peak)
        case ("steps", ...2):
            guard let every = steps(1000), every > 0, let factor = share(1, 0.5) else { return nil }
            self = .steps(every: every, factor: factor)
        default: return nil
        }
    }
}
