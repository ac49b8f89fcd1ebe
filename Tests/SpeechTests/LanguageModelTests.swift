import Foundation
import Testing

@testable import Speech

@Suite struct LanguageModelTests {
    private static let sentences = [
        LanguageModel.Sentence(words: ["whole", "wheat", "bread"], count: 3),
        LanguageModel.Sentence(words: ["white", "bread"], count: 2),
        LanguageModel.Sentence(words: ["bread", "crumbs"], count: 1),
        LanguageModel.Sentence(words: ["whole", "zzyzx", "milk"], count: 1),
    ]
    private static let words: Set<String> = ["whole", "wheat", "bread", "white", "crumbs", "milk", "soda"]

    @Test(arguments: 1...3) func `the chances of all words after any history sum to one`(order: Int) {
        let model = LanguageModel(Self.sentences, words: Self.words, order: order)
        let histories: [[String?]] = [
            [], [nil], [nil, "whole"], ["whole", "wheat"], ["wheat", "bread"], ["soda"], ["milk", "soda"],
            ["unknown", "bread"],
        ]
        for history in histories {
            let sum = Self.words.reduce(model.probability(of: nil, after: history)) {
                $0 + model.probability(of: $1, after: history)
            }
            #expect(abs(sum - 1) < 1e-12, "\(history): \(sum)")
        }
    }

    @Test func `chances are those of Witten and Bell, worked out by hand`() {
        let model = LanguageModel(
            [LanguageModel.Sentence(words: ["a", "b"], count: 1), LanguageModel.Sentence(words: ["a"], count: 1)],
            words: ["a", "b"], order: 2)
        // Single words: a 2, b 1, end 2, of 5, three kinds; below them a third each.
        let (a, b, end) = ((2 + 3 / 3.0) / 8, (1 + 3 / 3.0) / 8, (2 + 3 / 3.0) / 8)
        #expect(model.probability(of: "a", after: []) == a && model.probability(of: nil, after: []) == end)
        // After `a`: b 1, end 1, two kinds.
        #expect(abs(model.probability(of: "b", after: ["a"]) - (1 + 2 * b) / 4) < 1e-15)
        #expect(abs(model.probability(of: "a", after: ["a"]) - 2 * a / 4) < 1e-15)
        // After the beginning: a 2, one kind.
        #expect(abs(model.probability(of: "a", after: [nil]) - (2 + a) / 3) < 1e-15)
        #expect(model.probability(of: "c", after: ["a"]) == 0)
    }

    /// Reads the file as a decoder does: the longest n-gram that is listed, times the weights of the histories that were given up.
    @Test(arguments: 1...3) func `the ARPA file holds the same chances`(order: Int) throws {
        let model = LanguageModel(Self.sentences, words: Self.words, order: order)
        var chances: [[Substring]: Double] = [:]
        var weights: [[Substring]: Double] = [:]
        for line in model.arpa.split(separator: "\n") where line.contains("\t") {
            let fields = line.split(separator: "\t")
            let gram = fields[1].split(separator: " ")
            chances[gram] = Double(fields[0])
            if fields.count > 2 { weights[gram] = Double(fields[2]) }
        }
        func read(_ word: Substring, _ history: ArraySlice<Substring>) -> Double {
            if let chance = chances[history + [word]] { return chance }
            return (weights[Array(history)] ?? 0) + read(word, history.dropFirst())
        }
        for history in [["<s>"], ["<s>", "whole"], ["whole", "wheat"], ["bread", "bread"]] as [[Substring]] {
            for word in Self.words.sorted().map({ Optional($0) }) + [nil] {
                let said = model.probability(of: word, after: history.map { $0 == "<s>" ? nil : String($0) })
                let listed = read(word.map { Substring($0) } ?? "</s>", history.suffix(order - 1)[...])
                #expect(abs(said - pow(10, listed)) < 1e-5, "\(history) \(word ?? "end")")
            }
        }
        #expect(model.arpa.hasPrefix("\\data\\\nngram 1=9\n"))
        #expect(model.arpa.hasSuffix("\n\\end\\\n"))
    }
}
