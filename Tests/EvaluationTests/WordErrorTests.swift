import Evaluation
import Foundation
import JSON
import Testing

@Suite struct WordErrorTests {
    private static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    @Test func `rates are those of jiwer, for each sentence and for all together`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_words.json")
        let golden = try JSONValue(parsing: Data(contentsOf: file))
        let cases = try #require(golden["cases"]?.arrayValue)
        var total = WordErrors()
        for one in cases {
            let errors = WordErrors(
                said: Self.words(try #require(one["said"]?.stringValue)),
                heard: Self.words(try #require(one["heard"]?.stringValue)))
            let wanted = try #require(one["wer"]?.doubleValue)
            #expect(abs(try #require(errors.rate) - wanted) < 1e-12)
            total = total + errors
        }
        #expect(cases.count == 45)
        #expect(abs(try #require(total.rate) - (golden["total"]?.doubleValue ?? -1)) < 1e-12)
    }

    @Test func `kinds of errors are told apart`() {
        let errors = WordErrors(said: Self.words("two percent milk"), heard: Self.words("too percent of milk"))
        #expect(errors.substitutions == 1 && errors.insertions == 1 && errors.deletions == 0)
        #expect(errors.words == 3 && errors.rate == 2.0 / 3)
        let silence = WordErrors(said: Self.words("white bread"), heard: [])
        #expect(silence.deletions == 2 && silence.rate == 1)
        #expect(WordErrors(said: [], heard: ["bread"]).rate == nil)
        #expect(WordErrors(said: [], heard: ["bread"]).count == 1)
    }

    @Test func `a list of recordings is read with its folder, and told where it is wrong`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // What stays is in the folder for such files.
        let list = folder.appending(path: "list.tsv").path
        try Data("a.wav\twhite bread\tclean\n/b.wav\tmilk\tnoise\n".utf8).write(to: URL(filePath: list))
        let spoken = try VoiceEvaluation.readList(path: list)
        #expect(spoken.map(\.path) == [folder.path + "/a.wav", "/b.wav"])
        #expect(spoken[0].text == "white bread" && spoken[1].group == "noise")
        for bad in ["a.wav\twhite bread\n", "a.wav\t\tclean\n", "\n"] {
            try Data(bad.utf8).write(to: URL(filePath: list))
            #expect(throws: EvaluationError.self) { try VoiceEvaluation.readList(path: list) }
        }
    }

    @Test func `figures of all and of groups are sums of errors and shares of sentences`() throws {
        let spoken = ["one", "two"].map { VoiceEvaluation.Spoken(path: "a.wav", text: "text", group: $0) }
        let right = VoiceEvaluation.Heard(
            errors: WordErrors(said: ["milk"], heard: ["milk"]), isAmongAlternatives: true, findsSame: true, overlap: 1,
            confidence: 0.9, audioSeconds: 1, decodeSeconds: 0.1)
        let wrong = VoiceEvaluation.Heard(
            errors: WordErrors(said: ["a", "b", "c"], heard: ["a", "b"]), isAmongAlternatives: false, findsSame: false,
            overlap: nil, confidence: 0.4, audioSeconds: 3, decodeSeconds: 0.7)
        let json = VoiceEvaluation.json([right, wrong], of: spoken)
        #expect(json["wer"]?.doubleValue == 0.25 && json["sentences"]?.doubleValue == 0.5)
        #expect(json["overlap@10"]?.doubleValue == 1 && json["confidence_auc"]?.doubleValue == 1)
        #expect(abs((json["real_time"]?.doubleValue ?? 0) - 0.2) < 1e-12)
        #expect(
            json["groups"]?["one"]?["wer"]?.doubleValue == 0
                && json["groups"]?["two"]?["same_results"]?.doubleValue == 0)
    }
}
