internal import Torch

/// Running averages of all tensors of a model, which can change places with the tensors themselves.
final class WeightAverage {
    private let entries: [Parameters.Entry]
    let averages: [Tensor]
    private let decay: Double

    init(_ parameters: Parameters, decay: Double) throws {
        (entries, self.decay) = (parameters.entries, decay)
        averages = try parameters.entries.map { try $0.tensor.copied() }
    }

    var state: [(name: String, tensor: Tensor)] { zip(entries, averages).map { (name: $0.name, tensor: $1) } }

    /// `a ← d·a + (1 − d)·w`, with a smaller d in the first steps so that first values fade.
    func update(step: Int) throws {
        let decay = min(decay, Double(step) / Double(step + 10))
        try Runtime.withoutGradients {
            for (entry, average) in zip(entries, averages) {
                try average.approach(entry.tensor, by: 1 - decay)
            }
        }
    }

    /// Runs `body` with the averages in the model's place.
    func inPlace<Result>(_ body: () throws -> Result) throws -> Result {
        try exchange()
        defer {
            try? exchange()  // The same tensors of the same shapes were exchanged before.
        }
        return try body()
    }

    private func exchange() throws {
        try Runtime.withoutGradients {
            for (entry, average) in zip(entries, averages) {
                let kept = try entry.tensor.copied()
                try entry.tensor.copy(from: average)
                try average.copy(from: kept)
            }
        }
    }
}
