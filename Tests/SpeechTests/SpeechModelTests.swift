import Domain
import Foundation
import TestSupport
import Testing

@testable import Speech

/// Where Debian's acoustic model is not installed these are left out.
@Suite(.enabled(if: AcousticModel.installed.isInstalled, "Debian's pocketsphinx-en-us is not installed"))
struct SpeechModelTests {
    private let folder: TemporaryFolder
    private let built: SpeechModelBuilder.Built

    init() throws {
        folder = try TemporaryFolder()
        var builder = SpeechModelBuilder(language: "en")
        for (number, title) in ["Whole wheat bread, 20 oz", "White bread (National brand)", "Orange juice", "寿司"]
            .enumerated()
        {
            var item = Item(id: ItemID("i\(number)")!, title: title)
            item.productType = ["Grocery", "Bread/Buns"]
            builder.add(item)
        }
        builder.add(query: "Soda", count: 3)
        built = try builder.write(to: folder.file("model"), acoustic: .installed)
    }

    private func model(_ limit: Int = 1) throws -> SpeechModel {
        try SpeechModel(folder: folder.file("model"), limit: limit)
    }

    @Test func `the words of titles, categories and queries can be heard, and what has no sound is counted`() throws {
        let words = try String(
            decoding: Data(contentsOf: URL(filePath: folder.file("model") + "/words.dict")), as: UTF8.self
        )
        .split(separator: "\n").compactMap { $0.split(separator: " ").first }.filter { !$0.contains("(") }
        #expect(
            words == ["20", "bread", "buns", "grocery", "juice", "orange", "oz", "soda", "wheat", "white", "whole"])
        #expect(built.words == 11 && built.guessed == 0 && built.leftOut == 2)
    }

    @Test func `sizes lend their words, but nobody is expected to say them`() throws {
        let text = try String(
            decoding: Data(contentsOf: URL(filePath: folder.file("model") + "/words.lm")), as: UTF8.self)
        #expect(text.contains("\twhole wheat\n") && text.contains("\t20\t"))
        #expect(!text.contains("bread 20") && !text.contains("20 oz"))
    }

    @Test func `silence, a tone and noise are heard without an error`() throws {
        let model = try model()
        let silence = try model.transcribe(Recording(samples: [Int16](repeating: 0, count: 16_000)), alternatives: 3)
        #expect(silence.text.isEmpty && silence.alternatives.isEmpty && silence.confidence == 0 && silence.seconds == 1)
        #expect(try model.transcribe(Recording(samples: []), alternatives: 3).text.isEmpty)
        let tone = RecordingTests.tone(440, rate: 16_000, seconds: 1)
        let heard = try model.transcribe(Recording(samples: tone), alternatives: 3)
        #expect(heard.alternatives.count <= 3 && (0...1).contains(heard.confidence))
        for count in [1, 2, 159, 161, 400] {
            _ = try model.transcribe(Recording(samples: [Int16](repeating: 20_000, count: count)), alternatives: 1)
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/flite"), "flite is not installed"))
    func `a spoken query is understood, and the same whatever was heard before`() throws {
        func spoken(_ text: String) throws -> Recording {
            let path = folder.file("said.wav")
            let flite = Process()
            flite.executableURL = URL(filePath: "/usr/bin/flite")
            flite.arguments = ["-voice", "slt", "-t", text, "-o", path]
            try flite.run()
            flite.waitUntilExit()
            return try Recording(wav: Array(Data(contentsOf: URL(filePath: path))))
        }
        let model = try model()
        let bread = try spoken("whole wheat bread")
        let first = try model.transcribe(bread, alternatives: 3)
        #expect(first.text == "whole wheat bread")
        #expect(first.confidence > 0 && !first.alternatives.contains(first.text))
        #expect(try model.transcribe(spoken("orange juice"), alternatives: 3).text == "orange juice")
        #expect(try model.transcribe(bread, alternatives: 3) == first)
        #expect(try self.model().transcribe(bread, alternatives: 3) == first)
    }

    @Test func `without an acoustic model nothing is heard, and it says what to install`() throws {
        let model = try SpeechModel(folder: folder.file("model"), acoustic: AcousticModel(folder: "/nowhere"))
        #expect(!model.isUsable)
        do {
            _ = try model.transcribe(Recording(samples: [1]), alternatives: 1)
            Issue.record("nothing was thrown")
        } catch let error as SpeechError {
            #expect(error.code == .missing && error.message.contains("pocketsphinx-en-us"))
        }
    }

    @Test func `a damaged model is refused`() throws {
        let dictionary = folder.file("model") + "/words.dict"
        try Data("bread NO SUCH PHONES\n".utf8).write(to: URL(filePath: dictionary))
        #expect(throws: (any Error).self) {
            try model().transcribe(Recording(samples: [Int16](repeating: 999, count: 9999)), alternatives: 1)
        }
    }
}
