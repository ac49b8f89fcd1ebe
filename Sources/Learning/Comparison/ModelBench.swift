public import Domain
import Evaluation
import Foundation
import JSON
import Recommenders
import Storage

/// Models side by side on one task: accuracy, time, memory and coverage.
public enum ModelBench {
    /// What models are compared on.
    public enum Task: Sendable {
        /// The next item of a file of sequences, leave one out.
        case sequences(String, exchangeSeed: UInt64?)
        /// The next item that is new to a household, of a shop's purchases with a global time split.
        case newItems(shop: String, cut: Timestamp, exchangeSeed: UInt64?)
        /// The next basket of each household of a shop.
        case baskets(shop: String, cut: Timestamp)
    }

    /// Where models are measured.
    public enum Place: Sendable {
        case here
        /// Each in a process of its own: this program, called with these words, the model's name, `--figures` and a file's.
        case processes([String])
    }

    /// The names of all models that a task has.
    public static func names(for task: Task) -> [String] {
        if case .baskets = task { return BasketPredictor.names }
        return SequenceModels.names
    }

    /// Measures each model and writes the page.
    ///
    /// - Parameter models: Names; for baskets `NAME@FILE` is a model with the parameters of a file.
    /// - Parameter hasCurves: Whether models also learn from parts of the people.
    /// - Returns: One line of JSON with figures by model.
    /// - Throws: `FailedChecks` with that line if the figures must not be believed; the page is written.
    public static func compare(
        _ task: Task, models: [String], place: Place = .here, hasCurves: Bool = true, report: String,
        progress: (Int, Int) -> Void
    ) throws -> String {
        guard models.count > 1, Set(models).count == models.count else {
            throw LearningError(.unusable, "Name at least two different models, or --all.")
        }
        let specs = try models.map { try ModelSpec($0, for: task) }
        let bench = try bench(for: task)
        let compared = try bench.task()
        var entries: [MeasuredModel] = []
        for spec in specs {
            progress(entries.count, models.count)
            switch place {
            case .here: entries.append(try bench.measure(spec, shares: shares(hasCurves)))
            case .processes(let words): entries.append(try measure(spec, calling: words))
            }
        }
        progress(models.count, models.count)
        guard Set(entries.map(\.name)).count == entries.count else {
            throw LearningError(
                .unusable, "Files of parameters have different names: the page tells models apart by them.")
        }
        try ComparisonReport(task: task, compared: compared, entries: entries).html().write(to: report)
        return try compared.checks.line([
            .init("users", .integer(Int64(entries.first?.people ?? 0))),
            .init("models", .object(entries.map { .init($0.name, $0.summary) })),
        ])
    }

    /// Measures one model and writes its figures, those by person too: what `compare` calls in a process of its own.
    public static func measure(_ task: Task, model: String, hasCurves: Bool = true, figures path: String) throws {
        let spec = try ModelSpec(model, for: task)
        let measured = try bench(for: task).measure(spec, shares: shares(hasCurves))
        try AtomicFile.write(measured.json.encoded + [0x0A], to: path)
    }

    private static func shares(_ hasCurves: Bool) -> [Double] { hasCurves ? LearningCurve.shares : [] }

    private static func bench(for task: Task) throws -> any ComparisonBench {
        switch task {
        case .sequences(let path, let seed):
            return SequenceBench(data: try SequenceEvaluation.readData(path: path), exchangeSeed: seed)
        case .newItems(let path, let cut, let seed):
            let shop = try Workbench(path: path)
            return SequenceBench(data: try shop.timeSplitData(cut: cut, seed: 1), exchangeSeed: seed, shop: shop)
        case .baskets(let path, let cut):
            return BasketBench(shop: try Workbench(path: path), cut: cut)
        }
    }

    /// Calls the program itself for one model, whose memory is then that of a process.
    private static func measure(_ spec: ModelSpec, calling words: [String]) throws -> MeasuredModel {
        let path = FileManager.default.temporaryDirectory.appending(path: "souk-figures-\(UUID().uuidString).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }  // Absent if the model could not be measured.
        let process = Process()
        process.executableURL = URL(
            filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = words + [spec.text, "--figures", path, "--quiet"]
        let errors = Pipe()
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
        try process.run()
        let problem = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0, let bytes = FileManager.default.contents(atPath: path),
            let measured = MeasuredModel(try JSONValue(parsing: Array(bytes)))
        else {
            let line = String(decoding: problem, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
            let reason = line.isEmpty ? "its process ended by itself" : line.trimmingPrefix("souk: ")
            throw LearningError(.unusable, "Measuring \(spec.name): \(reason)")
        }
        return measured
    }
}

/// A model to compare, as it is named: `blend`, or `blend@FILE` with the parameters of a file.
struct ModelSpec: Sendable {
    /// As it was given.
    let text: String
    let model: String
    let parameters: ParameterFile?
    /// What the page calls it.
    let name: String

    init(_ text: String, for task: ModelBench.Task) throws {
        self.text = text
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        model = parts[0]
        let names = ModelBench.names(for: task)
        guard names.contains(model) else {
            throw LearningError(
                .unusable, "There is no model '\(model)' for this task. Models: \(names.joined(separator: ", ")).")
        }
        guard parts.count == 2 else {
            (parameters, name) = (nil, model)
            return
        }
        guard case .baskets = task else {
            throw LearningError(.unusable, "Parameters of a file are for `--task baskets`, not for '\(text)'.")
        }
        parameters = try ParameterFile(path: parts[1])
        name = "\(model)@\(URL(filePath: parts[1]).deletingPathExtension().lastPathComponent)"
    }
}

extension MeasuredModel {
    /// Measures how a model is trained and asked, and what it takes.
    ///
    /// - Parameter items: How many there are to show.
    /// - Parameter places: Of the long lists of some people.
    init<Model>(
        _ name: String, people: Int, interactions: Int, items: Int, train: () throws -> Model,
        lists answer: (Model) -> [[Int32]], figures: (Model, [[Int32]]) throws -> [Figure],
        exchanged: () throws -> [Figure], places: (Model) -> [ListCurves.Places],
        curve: (_ all: Figure, _ trainSeconds: Double) throws -> [LearningCurve.Point]
    ) throws {
        ProcessMemory.resetPeak()
        let before = ProcessMemory.current()
        let began = ContinuousClock.now
        let model = try train()
        let trained = ContinuousClock.now
        let lists = answer(model)
        let answered = ContinuousClock.now
        let peak = ProcessMemory.peak()
        let exposures = CatalogueMetrics.exposures(lists: lists.map { $0.map { Int($0) } }, itemCount: items)
        let (accuracy, seconds) = (try figures(model, lists), (trained - began).inSeconds)
        self.init(
            name: name, figures: accuracy, exchanged: try exchanged(), people: people, interactions: interactions,
            trainSeconds: seconds, answerSeconds: (answered - trained).inSeconds / Double(max(1, people)),
            memoryMegabytes: max(0, peak - before), peakMegabytes: peak,
            coverage: CatalogueMetrics.coverage(exposures: exposures),
            gini: CatalogueMetrics.gini(exposures: exposures),
            lists: lists, places: places(model), curve: try curve(accuracy[0], seconds))
    }
}
