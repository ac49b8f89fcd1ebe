import Numerics
import Testing

@testable import NeuralModels

@Suite struct SequenceExampleTests {
    private static let vocabulary = SequenceVocabulary(items: 100, mask: 100, padding: 101)
    private static let history = (0..<10).map { Int32($0 * 3) }

    /// What a recipe makes of the history in 400 draws.
    private static func examples(
        _ changes: SequenceChanges, _ objective: SequenceRecipe.Objective = .next, length: Int = 20
    ) throws -> [SequenceExample] {
        var random = SeededGenerator(seed: 6)
        let recipe = SequenceRecipe(length: length, objective: objective, changes: changes, vocabulary: vocabulary)
        return try (0..<400).map { _ in try #require(recipe.example(of: history, using: &random)) }
    }

    @Test func `without changes each item is asked from those before it, of a long history the end`() throws {
        for example in try Self.examples(.init(), length: 4) {
            #expect(example.inputs == [15, 18, 21, 24] && example.targets == [18, 21, 24, 27])
            #expect(example.places == [0, 1, 2, 3])
        }
        var random = SeededGenerator(seed: 1)
        let recipe = SequenceRecipe(length: 4, vocabulary: Self.vocabulary)
        #expect(recipe.example(of: [7], using: &random) == nil)
    }

    @Test func `a crop leaves a stretch in half of the draws, anywhere`() throws {
        let examples = try Self.examples(.init(crop: 0.6))
        let cropped = examples.filter { $0.inputs.count == 5 }
        #expect((150...250).contains(cropped.count) && examples.count { $0.inputs.count == 9 } == 400 - cropped.count)
        #expect(cropped.allSatisfy { zip($0.inputs, $0.targets).allSatisfy { $1 == $0 + 3 } })
        #expect(Set(cropped.map { $0.inputs[0] }) == [0, 3, 6, 9, 12])
        #expect(try Self.examples(.init(crop: 0.01)).allSatisfy { !$0.targets.isEmpty })
    }

    @Test func `a mask hides a share of what is read and nothing of what is asked`() throws {
        let examples = try Self.examples(.init(mask: 0.5))
        #expect(examples.allSatisfy { $0.targets == Array(Self.history.dropFirst()) })
        let hidden = examples.map { $0.inputs.count { $0 == 100 } }
        #expect(Set(hidden) == [0, 4] && (150...250).contains(hidden.count { $0 == 4 }))
    }

    @Test func `reordering shuffles one stretch`() throws {
        let examples = try Self.examples(.init(reorder: 0.4))
        let orders = examples.map { [$0.inputs[0]] + $0.targets }
        #expect(orders.allSatisfy { $0.sorted() == Self.history })
        for order in orders {
            let moved = order.indices.filter { order[$0] != Self.history[$0] }
            #expect((moved.last ?? 0) - (moved.first ?? 0) < 4)
        }
        #expect(Set(orders).count > 20 && orders.count { $0 == Self.history } > 150)
    }

    @Test func `a cloze hides its share and asks for it, or for the last alone`() throws {
        let examples = try Self.examples(.init(), .cloze(0.6))
        for example in examples {
            #expect(example.inputs.count == 10 && !example.places.isEmpty)
            #expect(example.targets == example.places.map { Self.history[$0] })
            let hidden = example.inputs.indices.filter { example.inputs[$0] == 100 }
            #expect(hidden == example.places)
        }
        let several = examples.filter { $0.places != [9] }
        let mean = Double(several.reduce(0) { $0 + $1.places.count }) / Double(several.count)
        #expect((300...340).contains(several.count) && abs(mean - 6) < 0.4)
        #expect(try Self.examples(.init(), .cloze(0)).allSatisfy { $0.places.count == 1 })
    }
}
