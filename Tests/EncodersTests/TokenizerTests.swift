import Foundation
import JSON
import Testing

@testable import Encoders

/// What PyTorch computes of some texts; see `golden.py`.
struct Golden {
    struct Case {
        var text: String
        var tokens: [Int32]
        var vector: [Float]
    }

    static func cases() throws -> [Case] {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden.json")
        let root = try JSONValue(parsing: Array(Data(contentsOf: path)))
        return (root["cases"]?.arrayValue ?? []).map { value in
            Case(
                text: value["text"]?.stringValue ?? "",
                tokens: value["tokens"]?.arrayValue?.compactMap { $0.integerValue.map { Int32($0) } } ?? [],
                vector: value["vector"]?.arrayValue?.compactMap { $0.doubleValue.map { Float($0) } } ?? [])
        }
    }

    /// The folder of the weights that set-up installs; `nil`, with a message, where they are not installed.
    static func folder() -> String? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appending(path: "var/models/minilm").path(percentEncoded: false)
        if FileManager.default.fileExists(atPath: path + "/" + SentenceEncoder.weightsFile) { return path }
        print("skipped: no weights in var/models/minilm (run Setup/install)")
        return nil
    }
}

@Suite struct TokenizerTests {
    private static let vocabulary = """
        [PAD]
        [UNK]
        [CLS]
        [SEP]
        apple
        ##s
        pie
        !
        creme
        牛
        app
        """

    private func tokens(_ text: String, limit: Int = 64) throws -> [Int32] {
        try WordPieceTokenizer(vocabulary: Array(Self.vocabulary.utf8)).tokens(of: text, limit: limit)
    }

    @Test func `the longest piece wins, and a word without pieces is unknown as a whole`() throws {
        #expect(try tokens("Apples pie!") == [2, 4, 5, 6, 7, 3])
        #expect(try tokens("appx pie") == [2, 1, 6, 3])
    }

    @Test func `accents, case and Chinese characters are treated as BERT does`() throws {
        #expect(try tokens("CRÈME 牛牛") == [2, 8, 9, 9, 3])
    }

    @Test func `long texts are cut off before the last mark`() throws {
        #expect(try tokens("pie pie pie pie", limit: 4) == [2, 6, 6, 3])
        #expect(try tokens("", limit: 4) == [2, 3])
        #expect(try tokens(String(repeating: "a", count: 101)) == [2, 1, 3])
    }

    @Test func `a vocabulary without marks is refused`() {
        #expect(throws: EncoderError.self) { try WordPieceTokenizer(vocabulary: Array("apple\npie".utf8)) }
    }

    @Test func `tokens are those of the reference`() throws {
        guard let folder = Golden.folder() else { return }
        let vocabulary = try Data(contentsOf: URL(filePath: folder + "/" + SentenceEncoder.vocabularyFile))
        let tokenizer = try WordPieceTokenizer(vocabulary: Array(vocabulary))
        for golden in try Golden.cases() {
            #expect(tokenizer.tokens(of: golden.text, limit: 256) == golden.tokens, "\(golden.text)")
        }
    }
}
