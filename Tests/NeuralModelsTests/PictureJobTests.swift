import Evaluation
import Foundation
import JSON
import Pictures
import Storage
import TestSupport
import Testing
import Torch

@testable import NeuralModels

@Suite struct PictureJobTests {
    @Test(arguments: [PictureJob.Model.perceptron, .cnn])
    func `a job leaves an artefact with weights that give the same probabilities`(model: PictureJob.Model) throws {
        let folder = try TemporaryFolder()
        try FashionFiles.write(to: folder.path)
        var job = PictureJob(model, data: folder.path, folder: folder.file("model"))
        job.settings.epochs = 2
        job.settings.averaging = 0
        job.report = folder.file("reports/report.html")
        let result = try job.run(resume: false) { _ in }
        let written = try #require(result["folder"]?.stringValue)
        #expect(written == folder.file("model") + "/1")
        #expect((0...1).contains(try #require(result["accuracy"]?.doubleValue)))
        let artefact = try Artefact(folder: written, verify: .checksums)
        #expect(
            artefact.manifest.files.keys.sorted() == [
                "card.md", "cases.json", "log.csv", "metrics.json", "weights.safetensors",
            ])
        #expect(artefact.manifest.metrics["accuracy"] == result["accuracy"]?.doubleValue)
        let html = try String(decoding: FileSystem.read(folder.file("reports/report.html")), as: UTF8.self)
        #expect(html.contains("Confusion matrix") && html.contains("<svg"))
        // A model with other first values, filled from the artefact.
        let other =
            switch model {
            case .perceptron: try Perceptron.pictures(pixelCount: 784, classCount: 10, seed: 99)
            case .cnn: try ConvolutionalNetwork.pictures(classCount: 10, seed: 99)
            }
        other.averagesMirrors = true
        try ModelArtefact.load(written, kind: model.rawValue, into: other.parameters)
        let test = try FashionMNIST(folder: folder.path).test
        let again = ClassificationResult(
            classes: test.classes, probabilities: try other.probabilities(of: test), labels: test.labels)
        #expect(again.accuracy == result["accuracy"]?.doubleValue)
        let cases = try MeasuredCases(parsing: artefact.read(MeasuredCases.file))
        #expect(artefact.manifest.metrics["test_pictures"] == Double(test.count))
        #expect(cases.figure == "accuracy" && cases.values.count == test.count)
        #expect(cases.values.values.reduce(0, +) / Double(test.count) == again.accuracy)
        #expect(throws: StorageError.self) {
            try ModelArtefact.load(written, kind: "another", into: other.parameters)
        }
    }

    @Test func `a folder without data is an error`() throws {
        let folder = try TemporaryFolder()
        let job = PictureJob(.perceptron, data: folder.file("nowhere"), folder: folder.file("model"))
        #expect(throws: PictureError.self) { try job.run(resume: false) { _ in } }
    }

    @Test func `figures follow from the confusion matrix`() {
        // Decisions 0, 1, 1, 2, 0, 2 for the classes 0, 0, 1, 2, 2, 2.
        let rows: [[Float]] = [
            [0.8, 0.1, 0.1], [0.3, 0.6, 0.1], [0.2, 0.7, 0.1], [0.1, 0.1, 0.8], [0.5, 0.1, 0.4], [0, 0.3, 0.7],
        ]
        let result = ClassificationResult(
            classes: ["a", "b", "c"], probabilities: rows.flatMap(\.self), labels: [0, 0, 1, 2, 2, 2])
        #expect(result.confusion == [[1, 1, 0], [0, 1, 0], [1, 0, 2]])
        #expect(abs(result.accuracy - 4.0 / 6) < 1e-12)
        #expect(abs(result.precision - (0.5 + 0.5 + 1) / 3) < 1e-12)
        #expect(abs(result.recall - (0.5 + 1 + 2.0 / 3) / 3) < 1e-12)
        #expect(abs(result.f1 - (0.5 + 2.0 / 3 + 0.8) / 3) < 1e-12)
        // Positives above negatives, by hand: a 7 of 8, b and c all.
        #expect(result.areas == [7.0 / 8, 1, 1])
    }
}
