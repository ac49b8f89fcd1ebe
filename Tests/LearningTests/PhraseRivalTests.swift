import Domain
import Encoders
import Feeds
import Foundation
import JSON
import Meaning
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct PhraseRivalTests {
    private static let types = [
        "Frozen Pizza", "Frozen Peas", "Apple Juice", "Orange Juice", "Tomato Sauce", "Tomato Soup", "Fish Fingers",
        "Breakfast Cereal", "Chocolate Biscuits", "Washing Powder", "Kitchen Towels", "Garden Furniture",
    ]

    private static func shop(_ folder: TemporaryFolder) throws -> Workbench {
        let path = folder.file("corner")
        try Workbench.create(path: path, title: "Corner", currency: .eur, language: "en", isDemo: true)
        let workbench = try Workbench(path: path)
        let lines = (0..<60).map {
            #"{"id":"i\#($0)","title":"\#(types[$0 % 12]), \#($0) oz","product_type":"A > \#(types[$0 % 12])"}"#
        }
        let file = folder.file("items.jsonl")
        try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        _ = try workbench.importItems(
            file, mode: FeedMode(isFull: true, isForced: false, isDryRun: false), progress: { _, _ in })
        _ = try workbench.buildIndex(dictionaries: .none, progress: { _, _ in })
        return workbench
    }

    /// A network of zeros with a bias: it always writes the same letters.
    private static func network(_ kind: String, _ folder: TemporaryFolder) throws -> String {
        let (width, letters) = (8, "abcdefghijklmnopqrstuvwxyz ")
        let count = LetterTable.first + letters.count
        var weights = SafetensorsWriter()
        func add(_ name: String, _ shape: [Int]) {
            weights.add(name, [Float](repeating: 0, count: shape.reduce(1, *)), shape: shape)
        }
        func dense(_ name: String, _ outputs: Int, _ inputs: Int) {
            add(name + ".weight", [outputs, inputs])
            add(name + ".bias", [outputs])
        }
        func norm(_ name: String) { for part in ["weight", "bias"] { add("\(name).\(part)", [width]) } }
        add("letters", [count, width])
        for name in ["positions", "source.positions"] { add(name, [50, width]) }
        for side in ["encoder", "decoder"] {
            let name = "\(side).0"
            for part in ["attention", "perceptron", "cross"] { norm("\(name).\(part).norm") }
            dense(name + ".attention.in", 3 * width, width)
            dense(name + ".cross.memory", 2 * width, width)
            for part in ["attention.out", "cross.query", "cross.out"] { dense("\(name).\(part)", width, width) }
            dense(name + ".perceptron.inner", 8, width)
            dense(name + ".perceptron.outer", width, 8)
        }
        norm("source.norm")
        norm("norm")
        dense("output", count, width)
        let target = folder.file(kind)
        var writer = try ArtefactWriter(folder: target, kind: kind, formatVersion: 1, creator: "test", seed: 1)
        try writer.add(PhraseModel.weightsFile, weights.encoded())
        let shape = PhraseModel.Shape(width: width, blocks: 1, heads: 1, inner: 8, length: 50)
        try writer.add(PhraseModel.shapeFile, shape.bytes)
        try writer.add(PhraseModel.lettersFile, Array(letters.utf8))
        return try writer.finish().folder
    }

    @Test func `what the shop does today corrects slips and suggests categories`() throws {
        let folder = try TemporaryFolder()
        let rivals = try PhraseRivals(try Self.shop(folder))
        #expect(try rivals.rewritten("chocolte biscuits", limit: 5).first == "chocolate biscuits")
        #expect(try rivals.rewritten("apple juice", limit: 5).first == "apple juice")
        #expect(try rivals.suggested("froz", limit: 10).prefix(2).sorted() == ["frozen peas", "frozen pizza"])
        #expect(try rivals.suggested("zzzzqq", limit: 10).isEmpty)
        #expect(PhraseRivals.replacing("too mato", by: "tomato", in: "a too mato soup") == "a tomato soup")
        #expect(PhraseRivals.replacing("x", by: "y", in: "a soup") == "a soup")
    }

    @Test func `held-out phrases are asked of both sides, and wrong weights and texts are refused`() throws {
        let folder = try TemporaryFolder()
        let workbench = try Self.shop(folder)
        let (rewriter, suggester) = (try Self.network("rewriter", folder), try Self.network("suggester", folder))
        let heldOut = try ShopPhrases(reading: workbench.store).texts(.test, seed: 1)
        #expect(!heldOut.isEmpty)
        let rewriting = try JSONValue(
            parsing: Array(try workbench.evaluateRewriting(weights: rewriter, progress: { _, _ in }).utf8))
        #expect(rewriting["phrases"]?.integerValue == Int64(heldOut.count))
        #expect(rewriting["all"]?["network"]?["success@5"]?.doubleValue == 0)
        #expect(try #require(rewriting["slip"]?["corrections"]?["success@1"]?.doubleValue) > 0.3)
        let suggestions = try JSONValue(
            parsing: Array(try workbench.evaluateSuggestions(weights: suggester, progress: { _, _ in }).utf8))
        #expect(try #require(suggestions["letters_4"]?["counts"]?["mrr@10"]?.doubleValue) > 0.3)
        let known = try JSONValue(
            parsing: Array(
                try workbench.evaluateSuggestions(weights: suggester, isKnown: true, progress: { _, _ in }).utf8))
        #expect(known["phrases"] == suggestions["phrases"] && known["letters_4"] != suggestions["letters_4"])
        #expect(throws: StorageError.self) {
            try workbench.evaluateRewriting(weights: suggester, progress: { _, _ in })
        }
        #expect(throws: StorageError.self) {
            try workbench.evaluateSuggestions(weights: folder.file("none"), progress: { _, _ in })
        }
        #expect(throws: LearningError.self) {
            try Workbench.phrases(for: "&", weights: suggester, shop: nil, limit: 3)
        }
        #expect(try Workbench.phrases(for: "ap", weights: suggester, shop: nil, limit: 3).first?.text == "ap")
    }
}
