import Domain
import Encoders
import Features
import Foundation
import JSON
import Numerics
import Recommenders
import Storage
import TestSupport
import Testing
import Torch

@testable import NeuralModels

/// Values in `golden_tabular.json` come from PyTorch 1.13 in double precision through `golden_tabular.py`; tolerance 1e-5 in single
/// precision, relative to values above one.
@Suite struct PurchaseNetworkTests {
    private static let fields = PurchaseFields.Field.allCases.count
    private static let rows = 20
    private let golden: JSONValue

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_tabular.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
    }

    private static let shape: NetworkShape = {
        var shape = NetworkShape()
        (shape.width, shape.hidden, shape.dropout, shape.attentionUnits) = (2, [5, 4], 0, 6)
        (shape.experts, shape.expertUnits, shape.towerUnits) = (3, 4, 5)
        return shape
    }()

    /// The network of the script, with its first values.
    private func network(_ name: String) throws -> any PurchaseNetwork {
        var shape = Self.shape
        if name == "dcn-narrow" { shape.rank = 2 }
        let kind = try #require(PurchaseNetworkKind(rawValue: name == "dcn-narrow" ? "dcn" : name))
        let network = try kind.make(inputs: 3, rows: Self.rows, shape: shape, seed: 1, device: .cpu)
        try Runtime.withoutGradients {
            for (number, entry) in network.parameters.entries.enumerated() {
                let values = (0..<entry.tensor.count).map { sin(0.7 * Double($0) + Double(number)) * 0.3 }
                try entry.tensor.copy(from: try Tensor(values, shape: entry.tensor.shape))
            }
        }
        return network
    }

    /// The script's batch: three examples, with histories of four, two and no items.
    private func batch() throws -> PurchaseBatch {
        var batch = PurchaseBatch(
            numbers: try Tensor((0..<9).map { Float(cos(1.3 * Double($0))) }, shape: [3, 3]))
        let rows = (0..<3).flatMap { row in (0..<Self.fields).map { Int64((3 * $0 + 5 * row) % Self.rows) } }
        batch.fields = try Tensor(rows, shape: [3, Self.fields])
        let history = (0..<3).flatMap { row in
            (0..<4).flatMap { place in (0..<3).map { Int64((7 * row + 3 * place + 2 * $0) % Self.rows) } }
        }
        let isPresent = [4, 2, 0].flatMap { length in (0..<4).map { $0 < length ? 1 : 0 as Float } }
        batch.history = (
            try Tensor(history, shape: [3, 4, 3]), try Tensor(isPresent, shape: [3, 4])
        )
        return batch
    }

    private func isClose(_ left: [Float], _ right: JSONValue?) throws -> Bool {
        let expected = try #require(right?.arrayValue).compactMap(\.doubleValue)
        guard left.count == expected.count else { return false }
        return zip(left, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 * max(1, abs($1)) }
    }

    @Test(arguments: ["deepfm", "dcn", "dcn-narrow", "din", "mmoe"])
    func `logits, loss and all gradients are PyTorch's`(name: String) throws {
        let network = try network(name)
        let expected = try #require(golden[name])
        let logits = try network.logits(try batch(), isTraining: true)
        #expect(try isClose(try logits.floats(), expected["logits"]))
        let labels: [Float] = network.questionCount == 1 ? [1, 0, 0] : [1, 1, 0, 1, 0, 0]
        let loss = try Loss.binaryCrossEntropy(logits, try Tensor(labels, shape: logits.shape))
        try loss.backward()
        #expect(abs(try loss.item() - (try #require(expected["loss"]?.doubleValue))) < 1e-5)
        #expect(expected["gradients"]?.objectValue?.count == network.parameters.entries.count)
        for entry in network.parameters.entries {
            let gradient = try #require(try entry.tensor.gradient())
            #expect(try isClose(try gradient.floats(), expected["gradients"]?[entry.name]), "\(entry.name)")
        }
    }

    @Test func `what lies behind the end of a history changes nothing`() throws {
        let network = try network("din")
        let first = try network.logits(try batch(), isTraining: false).floats()
        var other = try batch()
        let history = try #require(other.history)
        var rows = try history.rows.integers()
        for place in 0..<6 { rows[18 + place] = 19 }
        for place in 0..<12 { rows[24 + place] = 1 }
        other.history = (try Tensor(rows, shape: history.rows.shape), history.isPresent)
        #expect(try network.logits(other, isTraining: false).floats() == first)
    }

    @Test(arguments: PurchaseNetworkKind.allCases.filter { $0 != .perceptron })
    func `a batch without fields or histories is refused`(kind: PurchaseNetworkKind) throws {
        let network = try network(kind.rawValue)
        var bare = try batch()
        bare.fields = nil
        #expect(throws: TorchError.self) { try network.logits(bare, isTraining: false) }
        if kind == .din {
            bare = try batch()
            bare.history = nil
            #expect(throws: TorchError.self) { try network.logits(bare, isTraining: false) }
        }
    }

    /// Pairs of twelve types and four branches, bought where both sides' numbers are even or both odd: nothing that one field, or the
    /// numbers, can tell.
    private static func inputs(vocabularyOf known: PurchaseFields? = nil) -> (PurchaseInputs, PurchaseFields) {
        var fields = PurchaseFields(length: 2)
        var (numbers, labels): ([Float], [Bool]) = ([], [])
        for place in 0..<192 {
            let (type, branch) = (UInt32(place % 12), UInt32(place / 12 % 4))
            let isBought = type % 2 == branch % 2
            fields.append(
                PurchaseFields(
                    values: [type, type, 0, 0, 0, 0, 0, branch], history: [branch, branch, 0], isTypeBought: isBought,
                    length: 2))
            numbers += [Float(place % 5), 1]
            labels.append(isBought)
        }
        let inputs = PurchaseInputs(
            numbers, fields, labels: labels, scaling: FeatureScaling(learning: numbers, names: ["a", "b"]),
            vocabulary: FieldVocabulary(learning: known ?? fields, least: 1), hasHistories: true)
        return (inputs, fields)
    }

    @Test(arguments: PurchaseNetworkKind.allCases.filter { $0 != .perceptron })
    func `a network learns by heart what only two fields together tell`(kind: PurchaseNetworkKind) throws {
        let folder = try TemporaryFolder()
        let (inputs, fields) = Self.inputs()
        var shape = NetworkShape()
        (shape.width, shape.hidden, shape.dropout) = (4, [16], 0)
        let network = try kind.make(
            inputs: inputs.width, rows: FieldVocabulary(learning: fields, least: 1).count, shape: shape, seed: 3,
            device: .cpu)
        let task = PurchaseTask(
            network, name: "test", training: inputs, heldOut: nil, rule: Adam(), batch: 32, seed: 1)
        let settings = TrainingSettings(epochs: 40, patience: 40, rate: 0.03)
        let outcome = try Trainer(task, settings, folder: folder.file("run")).run(resume: false) { _ in }
        #expect(try #require(outcome.history.last).trainingLoss < 0.05)
        for question in 0..<network.questionCount {
            let chances = try network.chances(inputs, question: question, device: .cpu)
            #expect(zip(chances, inputs.labels[question]).allSatisfy { ($0 > 0.5) == $1 })
        }
    }

    @Test func `a number that is none stops training and names where it is`() throws {
        let folder = try TemporaryFolder()
        let (inputs, fields) = Self.inputs()
        let network = try PurchaseNetworkKind.dcn.make(
            inputs: inputs.width, rows: FieldVocabulary(learning: fields, least: 1).count, shape: Self.shape, seed: 1,
            device: .cpu)
        let cross = try #require(network.parameters.entries.first { $0.name == "cross.2.weight" })
        try Runtime.withoutGradients { try cross.tensor.scale(by: .infinity) }
        let task = PurchaseTask(
            network, name: "test", training: inputs, heldOut: nil, rule: Adam(), batch: 32, seed: 1)
        let error = #expect(throws: NeuralError.self) {
            try Trainer(task, TrainingSettings(epochs: 1, patience: 1, rate: 0.01), folder: folder.file("run"))
                .run(resume: false) { _ in }
        }
        #expect(error?.code == .diverged && error?.message.contains("cross.2") == true)
    }

    @Test func `values that are unknown, rare or unseen share the field's first row`() {
        var fields = PurchaseFields(length: 1)
        for item: UInt32 in [7, 7, 7, 9, PurchaseFields.none] {
            fields.append(
                PurchaseFields(
                    values: [item, 1, 1, 1, 1, 1, 1, 1], history: [7, 1, 1], isTypeBought: false, length: 1))
        }
        let vocabulary = FieldVocabulary(learning: fields, least: 2)
        let shared = Int32(vocabulary.offsets[0])
        #expect(vocabulary.values[0] == [7] && vocabulary.row(of: 7, .item) == shared + 1)
        for value in [9, 8, PurchaseFields.none] { #expect(vocabulary.row(of: value, .item) == shared) }
        // The same value of another field has a row of its own.
        #expect(vocabulary.row(of: 1, .type) == Int32(vocabulary.offsets[1]) + 1)
        #expect(Set(vocabulary.rows(of: fields)).isSubset(of: Set(0..<Int32(vocabulary.count))))
        #expect(vocabulary.historyRows(of: fields).prefix(3) == vocabulary.rows(of: fields).prefix(3))
        let none = FieldVocabulary(learning: PurchaseFields(length: 0))
        #expect(none.count == Self.fields && none.row(of: 7, .branch) == Int32(Self.fields - 1))
    }

    @Test func `a chance is finite where no value was seen before`() throws {
        let (inputs, _) = Self.inputs(vocabularyOf: PurchaseFields(length: 2))
        for kind in PurchaseNetworkKind.allCases where kind.hasFields {
            let network = try kind.make(
                inputs: inputs.width, rows: Self.fields, shape: Self.shape, seed: 1, device: .cpu)
            #expect(try network.chances(inputs, device: .cpu).allSatisfy { $0 > 0 && $0 < 1 })
        }
    }
}

/// Fields are what was known at the moment.
@Suite struct PurchaseFieldsTests {
    private static let day: Int64 = 86_400_000

    private func set(later: [(item: UInt32, day: Int64)]) throws -> TrainingSet {
        var facts = ItemFacts()
        for (number, path) in [["Food", "Milk"], ["Food", "Milk"], ["Food", "Bread"]].enumerated() {
            var item = Item(id: ItemID("i\(number)")!, title: "Item")
            item.productType = path
            item.brand = "b\(number)"
            facts.set(StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false))
        }
        // Baskets on days 1, 8 and 9; 1970-01-01 was a Thursday, weekday 0.
        let early: [(item: UInt32, day: Int64)] = [(0, 1), (2, 8), (0, 9), (2, 9)]
        let lines = (early + later).map { line in
            InteractionLog.Line(
                user: UserNumber(0), item: ItemNumber(line.item),
                time: Timestamp(milliseconds: line.day * Self.day + Self.day / 2), group: line.day)
        }
        return TrainingSet(log: InteractionLog(lines), facts: facts)
    }

    private func fields(_ set: TrainingSet, branches: BranchLog = BranchLog()) -> PurchaseFields {
        var plan = PurchaseExamples.Plan()
        (plan.days, plan.negatives) = (7, .catalogue)
        let cut = Timestamp(milliseconds: 10 * Self.day)
        let examples = PurchaseExamples(at: cut, from: set, plan: plan)
        return PurchaseFields(examples, at: cut, from: set, branches: branches, days: 7, length: 3)
    }

    @Test func `fields and histories know nothing of what comes at the moment or later`() throws {
        let bought = fields(try set(later: [(0, 11)]))
        #expect(bought.count == 2)
        let more = fields(try set(later: [(0, 11), (0, 12), (1, 30)]))
        #expect(bought.values == more.values && bought.histories == more.histories)
        let width = PurchaseFields.Field.allCases.count
        // The item that was bought first; its weekday is that of the baskets of days 1 and 8.
        #expect(Array(bought.values.prefix(width)) == [0, 0, 0, 0, 0, 1, 2, PurchaseFields.none])
        let none = PurchaseFields.none
        #expect(bought.lengths == [2, 2])
        #expect(Array(bought.histories.prefix(9)) == [2, 1, 1, 0, 0, 0, none, none, none])
    }

    @Test func `the second question is about the type, within the days alone`() throws {
        // Item 1 has the type of item 0, which was not bought again.
        let other = fields(try set(later: [(1, 11), (2, 12)]))
        #expect(other.isTypeBought == [true, true])
        #expect(fields(try set(later: [(0, 11), (2, 30)])).isTypeBought == [true, false])
    }
}
