import Domain
import Evaluation
import Recommenders

/// What of a task is the same for every model: the people who are asked for, what they had and what they wanted.
struct ComparedTask {
    /// How much is known of each person.
    let known: [Int]
    /// What `known` counts, such as `baskets before the cut`.
    let knownText: String
    /// Lower ends of the groups of people by `known`.
    let edges: [Int]
    /// By person, each at least one item.
    let truths: [Set<Int>]
    /// How many people had each item before, shape `[items]`.
    let counts: [Int]
    /// Category path of an item; empty for data without categories.
    let path: (Int) -> [String]
    /// What a person had last, newest first.
    let had: (Int) -> [Int]
    /// The names of items.
    let names: (Set<Int>) throws -> [Int: String]
    let checks: CheckList

    /// The people who are asked for long lists, evenly over their order.
    static func sampled(of count: Int) -> [Int] {
        let step = max(1, (count + ListCurves.sampleSize - 1) / ListCurves.sampleSize)
        return Array(stride(from: 0, to: count, by: step))
    }
}

/// Measures models on one task.
protocol ComparisonBench {
    func task() throws -> ComparedTask
    /// - Parameter shares: Parts of the people that the model is also learned from.
    func measure(_ spec: ModelSpec, shares: [Double]) throws -> MeasuredModel
}
