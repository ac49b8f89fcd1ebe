import Foundation
import JSON
import Learning
import NeuralModels
import TestSupport
import Testing

@testable import CommandInterface
@testable import souk_train

@Suite struct SettingsSearchTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FashionFiles.write(to: folder.path)
    }

    private func run(_ words: [String], _ trials: String = "trials.jsonl") throws {
        let given = [
            "--data", folder.path, "--folder", folder.file("model"), "--report", folder.file("reports/r.html"),
            "--trials", folder.file(trials), "--epochs", "2", "--threads", "1", "--quiet",
        ]
        let arguments = try Arguments(given + words, options: PerceptronCommand.options)
        try PerceptronCommand.run(arguments, console: Console(program: "souk-train", isQuiet: true))
    }

    /// The lines of a log, without the times.
    private func lines(_ trials: String = "trials.jsonl") throws -> [String] {
        try String(contentsOfFile: folder.file(trials), encoding: .utf8).split(separator: "\n")
            .map { String($0).replacing(/"seconds":[^,]*,/, with: "") }
    }

    @Test func `a search records what it measured, goes on from there, and leaves no model`() throws {
        try run(["--tune", "2"])
        #expect(try lines().count == 3)
        try run(["--tune", "4", "--resume"])
        let all = try lines()
        #expect(all.count == 5)
        let first = try JSONValue(parsing: all[1])
        let space = PerceptronCommand.space(of: PictureJob(.perceptron, data: "", folder: ""))
        let values = try #require(first["values"]?.arrayValue).compactMap(\.doubleValue)
        #expect(values == space.map(\.shipped))
        let scores = try all.dropFirst().compactMap { try JSONValue(parsing: $0)["score"]?.doubleValue }
        #expect(scores.allSatisfy { (0...1).contains($0) } && (scores.max() ?? 0) > 0.9)
        try run(["--tune", "4"], "whole.jsonl")
        #expect(try lines("whole.jsonl") == all)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("model"))
        #expect(left == ["trials"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("model/trials")).isEmpty)
        let report = try String(contentsOfFile: folder.file("reports/r.html"), encoding: .utf8)
        #expect(report.contains("perceptron on held-out data") && report.contains("accuracy of whole trials"))
    }

    @Test func `options that are given are not searched, and make another search`() throws {
        try run(["--tune", "2", "--rate", "0.01", "--optimiser", "momentum", "--l2", "0.001"])
        let space = PerceptronCommand.space(of: PictureJob(.perceptron, data: "", folder: ""))
        let first = try JSONValue(parsing: try lines()[1])
        // Neither the rate, which is given, nor the decay, which is AdamW's.
        #expect(first["values"]?.arrayValue?.count == space.count - 2)
        let error = #expect(throws: LearningError.self) { try run(["--tune", "3", "--rate", "0.02"]) }
        #expect(error?.message.contains("another search") == true)
    }

    @Test func `settings under which nothing is learned are measured too`() throws {
        try run(["--tune", "1", "--rate", "1e38", "--optimiser", "sgd"])
        #expect(try JSONValue(parsing: try lines()[1])["score"]?.doubleValue == 0)
    }

    @Test(
        arguments: [
            (["--trials", "x"], "--trials needs --tune N"), (["--tune", "0"], "--tune takes a whole number from 1"),
            (["--tune", "2", "--tune-method", "halving"], "--tune-method takes random or tpe, not 'halving'"),
            (["--tune", "2", "--processes", "2"], "leave out --processes"),
            (
                [
                    "--tune", "2", "--rate", "1", "--decay", "1", "--smoothing", "0", "--averaging", "0", "--shift",
                    "0",
                    "--cutout", "0",
                ], "there is nothing to search"
            ),
        ] as [([String], String)])
    func `what does not go together is refused`(words: [String], text: String) throws {
        let arguments = try Arguments(["--data", folder.path] + words, options: PerceptronCommand.options)
        let error = #expect(throws: UsageError.self) {
            try PerceptronCommand.run(arguments, console: Console(program: "souk-train", isQuiet: true))
        }
        #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }

    @Test func `every command's space holds what is shipped, under options that it has`() throws {
        func check<Asked: TrainingCommand>(_ command: Asked.Type) throws {
            let source = command.options.contains { $0.name == "data" } ? "data" : "shop"
            let job = try command.job(
                try Arguments(["--\(source)", folder.path, "--threads", "1"], options: command.options))
            let space = command.space(of: job)
            #expect(space.count >= 2)
            for parameter in space {
                #expect(parameter.range.contains(parameter.shipped), "\(command.name) \(parameter.name)")
                #expect(command.options.contains { $0.name == parameter.name }, "\(command.name) \(parameter.name)")
                let text = parameter.text(parameter.shipped)
                #expect(throws: Never.self, "\(command.name) --\(parameter.name) \(text)") {
                    try command.job(
                        try Arguments(
                            ["--\(source)", folder.path, "--threads", "1", "--\(parameter.name)", text],
                            options: command.options))
                }
            }
        }
        let searched = SoukTrain.commands.compactMap { $0 as? any TrainingCommand.Type }
        #expect(searched.count == SoukTrain.commands.count)
        for command in searched { try check(command) }
    }
}
