import Domain
import Evaluation
import Foundation
import Numerics
import Recommenders

extension Workbench {
    /// Items that take part in a time split: those that sold most before the cut, so that every model fits into memory.
    static let timeSplitItems = 5000
    /// How many of the newest items of a person take part.
    private static let timeSplitHistory = 200

    /// The next item new to a household, from a global time split: nothing at or after the cut is in any history.
    ///
    /// Lines of one basket come in random order: the order of a receipt says nothing. The target is the first item at or after
    /// the cut, in that order, that the household never had; households without one are left out.
    func timeSplitData(cut: Timestamp, seed: UInt64) throws -> SequenceEvaluation.Data {
        let set = try trainingSet(before: cut)
        let lines = try basketLines(facts: set.facts)
        var counts: [Int32: Int] = [:]
        for line in lines where line.time < cut.milliseconds { counts[line.item, default: 0] += 1 }
        let known = Set(
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.timeSplitItems).map(\.key))
        var random = SeededGenerator(seed: seed)
        let shuffled = lines.filter { known.contains($0.item) }
            .map { (line: $0, order: random.next()) }
            .sorted {
                ($0.line.household, $0.line.time, $0.line.basket, $0.order)
                    < ($1.line.household, $1.line.time, $1.line.basket, $1.order)
            }
        var sequences: [(user: String, items: [String])] = []
        var place = 0
        while place < shuffled.count {
            let household = shuffled[place].line.household
            var (history, seen, target): ([String], Set<Int32>, Int32?) = ([], [], nil)
            while place < shuffled.count, shuffled[place].line.household == household {
                let line = shuffled[place].line
                if line.time < cut.milliseconds {
                    // A repeated purchase moves the item to the newest end once more.
                    history.append(String(line.item))
                    seen.insert(line.item)
                } else if target == nil, !seen.contains(line.item) {
                    target = line.item
                }
                place += 1
            }
            guard let target, !history.isEmpty else { continue }
            sequences.append((String(household), history.suffix(Self.timeSplitHistory) + [String(target)]))
        }
        guard let data = SequenceEvaluation.Data(sequences) else {
            throw LearningError(.unusable, "Nobody bought before and after \(cut.dateDescription).")
        }
        return data
    }
}
