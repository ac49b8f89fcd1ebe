internal import Encoders
internal import Foundation
internal import Meaning
internal import Numerics
public import Torch

/// Training of a transformer to write phrases: the cross-entropy of each next letter, after the letters before it.
///
/// A rewriter reads phrases that are damaged anew in every epoch, some left whole; some of its phrases are made up of the words of two
/// others, so that it learns to copy what it does not know.
public final class PhraseTask: TrainingTask {
    /// How examples are made.
    struct Plan: Sendable, Hashable {
        var batch: Int
        /// Examples an epoch.
        var examples: Int
        /// Shares of what a rewriter reads: left whole, and with words of two phrases.
        var whole = 0.1
        var mixed = 0.2
        /// Share of each target that is spread over all letters.
        var smoothing = 0.0
    }

    struct Example: Sendable, Hashable {
        /// Empty for a suggester.
        var source: [Int]
        /// Without start and end.
        var target: [Int]
    }

    /// How often each phrase of the held-out part is damaged for choosing an epoch.
    private static let validationDraws = 3
    /// Batches whose examples are sorted by length together.
    private static let sortedBatches = 16

    let network: PhraseTransformer
    public let rule: any UpdateRule
    public let fingerprint: String
    public var shard = Shard.whole
    private let table: LetterTable
    private let training: [String]
    private let heldOut: [Example]
    private let plan: Plan
    private let seed: UInt64
    private var batches: [[Example]] = []

    init(
        _ network: PhraseTransformer, table: LetterTable, training: [String], validation: [String], plan: Plan,
        rule: any UpdateRule, note: String, seed: UInt64
    ) {
        (self.network, self.table, self.training, self.plan) = (network, table, training, plan)
        (self.rule, self.seed) = (rule, seed)
        var random = SeededGenerator(seed: seed ^ 0x7A11_DA7E)
        let draws = network.kind == .rewriter ? Self.validationDraws : 1
        let isRewriter = network.kind == .rewriter
        heldOut = validation.flatMap { phrase in
            (0..<draws).compactMap { _ -> Example? in
                guard isRewriter else { return Example(source: [], target: table.numbers(of: phrase)) }
                return Self.damaged(phrase, using: &random).map {
                    Example(source: table.numbers(of: $0), target: table.numbers(of: phrase))
                }
            }
        }
        var sum = DataChecksum()
        for text in training + validation { for byte in text.utf8 + [0] { sum.add(UInt64(byte)) } }
        fingerprint =
            "\(network.kind.rawValue) of \(network.parameters.count) numbers on \(training.count) phrases "
            + "(\(sum.text)), \(plan), \(rule), \(note)"
    }

    public var parameters: Parameters { network.parameters }
    public var batchCount: Int { (plan.examples + plan.batch - 1) / plan.batch }

    public func begin(epoch: Int) throws {
        var random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        var examples: [Example] = []
        var order: [String] = []
        while examples.count < plan.examples {
            if order.isEmpty { order = training.shuffled(using: &random) }
            guard let phrase = order.popLast() else { break }
            examples.append(example(phrase, using: &random))
        }
        batches = []
        let window = plan.batch * Self.sortedBatches
        for start in stride(from: 0, to: examples.count, by: window) {
            // Examples of like length share a batch, so that little is padding.
            let group = examples[start..<min(examples.count, start + window)].sorted {
                $0.target.count < $1.target.count
            }
            for first in stride(from: 0, to: group.count, by: plan.batch) {
                batches.append(Array(group[first..<min(group.count, first + plan.batch)]))
            }
        }
        batches.shuffle(using: &random)
    }

    private func example(_ phrase: String, using random: inout SeededGenerator) -> Example {
        guard network.kind == .rewriter else { return Example(source: [], target: table.numbers(of: phrase)) }
        var phrase = phrase
        let isMixed = random.unit() < plan.mixed
        if isMixed, let other = training.randomElement(using: &random) {
            phrase = Self.mixed(phrase, other, most: network.shape.length - 1, using: &random)
        }
        var source = phrase
        if random.unit() >= plan.whole {
            // What is missing of a phrase that nobody says cannot be told: it only gets slips.
            source =
                (isMixed
                    ? PhraseDamage.slip.apply(phrase, using: &random)
                    : Self.damaged(phrase, using: &random)) ?? phrase
        }
        // A slip may make a phrase longer than the network reads.
        let read = String(String.UnicodeScalarView(source.unicodeScalars.prefix(network.shape.length - 1)))
        return Example(source: table.numbers(of: read), target: table.numbers(of: phrase))
    }

    /// One to three words of two phrases.
    static func mixed(
        _ one: String, _ other: String, most: Int, using random: inout SeededGenerator
    ) -> String {
        let words = (one.split(separator: " ") + other.split(separator: " ")).shuffled(using: &random)
        let count = Int.random(in: 1...3, using: &random)
        let text = words.prefix(count).joined(separator: " ")
        return text.unicodeScalars.count <= most ? text : one
    }

    /// A phrase with one kind of damage drawn evenly, or with another if it has none of that.
    static func damaged(_ phrase: String, using random: inout SeededGenerator) -> String? {
        for kind in PhraseDamage.allCases.shuffled(using: &random) {
            if let text = kind.apply(phrase, using: &random) { return text }
        }
        return nil
    }

    public func loss(ofBatch number: Int) throws -> Tensor {
        let all = batches[number]
        let share = shard.share(ofBatch: all.count) { all[$0].target.count + 1 }
        let (source, target, wanted) = try tensors(share.places.map { all[$0] })
        let scores = try network.scores(source: source, target: target, isTraining: true)
        return try share.part(ofMean: try loss(scores, wanted, smoothing: plan.smoothing))
    }

    public func layerNotFinite(inBatch number: Int) throws -> String? {
        let (source, target, _) = try tensors(batches[number])
        return try network.firstNotFinite(source: source, target: target)
    }

    /// The mean loss of a letter of held-out phrases; the score is the chance that this gives the right letter.
    public func validate() throws -> Validation? {
        guard !heldOut.isEmpty else { return nil }
        var (sum, count) = (0.0, 0)
        for start in stride(from: 0, to: heldOut.count, by: plan.batch) {
            let group = Array(heldOut[start..<min(heldOut.count, start + plan.batch)])
            let (source, target, wanted) = try tensors(group)
            let scores = try network.scores(source: source, target: target, isTraining: false)
            let letters = group.reduce(0) { $0 + $1.target.count + 1 }
            sum += try loss(scores, wanted, smoothing: 0).item() * Double(letters)
            count += letters
        }
        return Validation(loss: sum / Double(count), score: exp(-sum / Double(count)))
    }

    private func loss(_ scores: Tensor, _ wanted: Tensor, smoothing: Double) throws -> Tensor {
        try Loss.crossEntropy(
            try scores.reshaped([-1, table.count]), wanted, smoothing: smoothing, ignoring: LetterTable.padding)
    }

    private func tensors(_ examples: [Example]) throws -> (source: Tensor?, target: Tensor, wanted: Tensor) {
        func padded(_ rows: [[Int]]) throws -> Tensor {
            let length = rows.reduce(1) { max($0, $1.count) }
            let numbers = rows.flatMap { row in
                (row + [Int](repeating: LetterTable.padding, count: length - row.count)).map { Int64($0) }
            }
            return try Tensor(numbers, shape: [rows.count, length], device: parameters.device)
        }
        let source = network.kind == .rewriter ? try padded(examples.map(\.source)) : nil
        let target = try padded(examples.map { [LetterTable.start] + $0.target })
        return (source, target, try padded(examples.map { $0.target + [LetterTable.end] }).reshaped([-1]))
    }
}
