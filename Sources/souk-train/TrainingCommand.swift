import CommandInterface
import Learning
import NeuralModels

/// A command that trains a network, or searches its settings with `--tune`.
protocol TrainingCommand: Command {
    associatedtype Job: TunableJob

    /// What trials of `--tune` are compared by, for a reader and in the line of JSON; higher is better.
    static var score: (words: String, key: String) { get }
    /// The score of settings under which nothing is learned.
    static var worstScore: Double { get }
    /// The job with all settings of a command line.
    static func job(_ arguments: Arguments) throws -> Job
    /// What `--tune` searches: options, with what the job has as what is shipped.
    static func space(of job: Job) -> [SearchSpace.Parameter]
    /// Trains, and prints what came of it.
    static func train(_ job: Job, _ arguments: Arguments, _ console: Console) throws
}

extension TrainingCommand {
    static var worstScore: Double { 0 }

    static func run(_ arguments: Arguments, console: Console) throws {
        let job = try job(arguments)
        guard let search = try SettingsSearch(arguments) else { return try train(job, arguments, console) }
        try search.run(Self.self, around: job, arguments, console)
    }
}

extension SearchSpace.Parameter {
    /// A positive number, from a part of what is shipped to as many times it.
    static func around(_ name: String, _ shipped: Double, times: Double = 5) -> Self {
        .init(name, shipped / times...shipped * times, isLogarithmic: true, shipped: shipped)
    }

    /// A positive number within a range, which is widened to hold what is shipped.
    static func logarithmic(_ name: String, _ range: ClosedRange<Double>, shipped: Double) -> Self {
        let low = min(range.lowerBound, shipped)
        return .init(
            name, (low > 0 ? low : range.lowerBound)...max(range.upperBound, shipped), isLogarithmic: true,
            shipped: max(shipped, low > 0 ? low : range.lowerBound))
    }

    /// A number within a range, which is widened to hold what is shipped.
    static func within(_ name: String, _ range: ClosedRange<Double>, shipped: Double) -> Self {
        .init(name, min(range.lowerBound, shipped)...max(range.upperBound, shipped), shipped: shipped)
    }

    static func within(_ name: String, _ range: ClosedRange<Int>, shipped: Int) -> Self {
        .init(
            name, Double(min(range.lowerBound, shipped))...Double(max(range.upperBound, shipped)), isWhole: true,
            shipped: Double(shipped))
    }

    /// One of these numbers, or what is shipped.
    static func one(_ name: String, of numbers: [Int], shipped: Int) -> Self {
        .init(name, choices: Set(numbers + [shipped]).sorted().map(String.init), shipped: String(shipped))
    }

    static func one(_ name: String, of texts: [String], shipped: String) -> Self {
        .init(name, choices: texts.contains(shipped) ? texts : texts + [shipped], shipped: shipped)
    }
}
