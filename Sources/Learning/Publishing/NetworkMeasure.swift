import Encoders
import Evaluation
import JSON
import Meaning
import Storage

/// What is known of how well a network does, from the folder that it lies in: that of `souk-train`, or the shop's own.
struct NetworkMeasure {
    /// Names of a manifest's metrics: the share of test cases that were right, and how many there were.
    static let (accuracy, count) = ("accuracy", "test_pictures")
    private static let figuresFile = "metrics.json"

    let cases: MeasuredCases?
    /// `nil` for what is no share.
    let share: (share: Double, count: Int)?

    /// - Returns: `nil` for a folder without a manifest.
    /// - Throws: `StorageError` for a folder that was changed, `EvaluationError` for cases that cannot be read.
    init?(folder: String) throws {
        guard FileSystem.exists(folder + "/" + Manifest.fileName) else { return nil }
        let artefact = try Artefact(folder: folder, verify: .sizes)
        let manifest = artefact.manifest
        cases =
            manifest.files[MeasuredCases.file] == nil
            ? nil : try MeasuredCases(parsing: artefact.read(MeasuredCases.file))
        var count = manifest.metrics[Self.count]
        if count == nil, manifest.files[Self.figuresFile] != nil {
            // Earlier networks did not say how many; their confusion matrix does.
            let rows = try JSONValue(parsing: artefact.read(Self.figuresFile))["confusion"]?.arrayValue
            count = rows.map { $0.flatMap { $0.arrayValue ?? [] }.reduce(0) { $0 + ($1.doubleValue ?? 0) } }
        }
        share = manifest.metrics[Self.accuracy].flatMap { share in
            count.flatMap { Int(exactly: $0) }.map { (share, $0) }
        }
    }

    /// What an artefact of the shop keeps of the network that it takes from `folder`; nothing of one without a manifest.
    static func record(of folder: String) throws -> NetworkRecord {
        guard let measure = try NetworkMeasure(folder: folder) else { return NetworkRecord() }
        let manifest = try Artefact(folder: folder, verify: .sizes).manifest
        var metrics = manifest.metrics.filter { $0.key == SentenceEncoder.betterMetric }
        if let share = measure.share { (metrics[accuracy], metrics[count]) = (share.share, Double(share.count)) }
        return NetworkRecord(
            metrics: metrics, inputs: manifest.inputs.filter { $0.key == SentenceEncoder.baseInput },
            files: measure.cases.map { [(name: MeasuredCases.file, bytes: $0.encoded)] } ?? [])
    }
}
