import Domain
import Evaluation
import Features
import Recommenders

/// What an evaluation of baskets came to: what its checks and its report are made of.
struct BasketOutcome {
    let people: [Workbench.Person]
    let lists: Workbench.BasketLists
    let predictor: BasketPredictor
    let set: TrainingSet
    let truths: [Int32: BasketEvaluation.Truth]
    let result: BasketEvaluation.Result
    let trainSeconds: Double
    /// For one list.
    let answerSeconds: Double

    /// Those who are scored, as places of `people`.
    var scored: [Int] { lists.numbers.indices.filter { truths[lists.numbers[$0]] != nil } }

    /// Of scored people, in their order.
    var wanted: [Set<Int32>] { scored.map { Set(truths[lists.numbers[$0]]?.items ?? []) } }

    var bias: BiasReport {
        BiasReport(
            bias: PopularityBias(counts: set.log.userCounts(itemLimit: set.itemLimit)),
            profiles: scored.map { place in
                people[place].number.map { user in Set(set.log.range(of: user).map { Int(set.log.items[$0]) }).sorted()
                }
                    ?? []
            },
            lists: scored.map { lists.any[$0].map(\.index) })
    }
}
