public import Domain
import Evaluation
import Features
import JSON
import Numerics
import Recommenders
import Storage

extension Workbench {
    /// Households are split into so many parts by number; the lists of a part come from the purchases of the others.
    static let newcomerParts = 5
    /// How long before the cut those whose first events are known came.
    private static let fewEventsDays = 28.0
    private static let defaultModels = [PopularityModel.name, NextBasketModel.name, PriorModel.name]

    /// How well models do for people of whom few events are known.
    ///
    /// Every household is treated as one that came 28 days before the cut and of which its first things bought since then are all
    /// that is known: 0, 1, 2, … of them. Its own past, and what it bought after these, are left out; models learn from the other households alone. What
    /// the shop knows of the person (`Customer`) is known. The first basket at or after the cut is to be predicted; households with fewer
    /// things bought in those days than the largest number are left out, so that all numbers have the same households.
    /// - Parameter models: Names; the first is what the others are tested against.
    /// - Parameter parts: How many of the five parts are asked: models are trained once for each.
    /// - Returns: One line of JSON: by number of events and model NDCG@10, recall@10 and the *p* of a paired permutation test.
    public func evaluateFewEvents(
        cut: Timestamp, events: [Int], models names: [String]?, parts: Int, seed: UInt64 = 1,
        progress: (Int, Int) -> Void
    ) throws -> String {
        let names = names ?? Self.defaultModels
        if let name = names.first(where: BasketPredictor.needsNetwork) {
            throw LearningError(
                .unusable,
                "The network of '\(name)' learned from the households that are asked here: its figures would be worthless."
            )
        }
        var set = try trainingSet(before: cut, for: names)
        set.seed = seed
        let truths = BasketEvaluation.truths(lines: try basketLines(facts: set.facts), cut: cut.milliseconds)
        let since = cut.adding(days: -Self.fewEventsDays)
        var starts: [Int32: [Interaction]] = [:]
        for household in truths.keys {
            let history = set.log.history(of: UserNumber(UInt32(bitPattern: household)), before: cut)
                .filter { $0.time >= since }
            if history.count >= max(1, events.max() ?? 1) { starts[household] = history }
        }
        let asked = starts.keys.filter { Int($0) % Self.newcomerParts < parts }.sorted()
        guard !asked.isEmpty else {
            throw LearningError(.unusable, "No household bought enough in the 28 days before \(cut.dateDescription).")
        }
        var lists: [String: [Int: [Int32: [Int32]]]] = [:]
        var done = 0
        for part in 0..<parts {
            var others = set
            others.log = set.log.filtered { $0.index % Self.newcomerParts != part }
            others.people = set.people.filter { $0.key.index % Self.newcomerParts != part }
            for name in names {
                let predictor = try BasketPredictor(model: name, set: others)
                for household in asked where Int(household) % Self.newcomerParts == part {
                    for count in events {
                        var context = RecommendationContext(
                            now: cut, history: Array((starts[household] ?? []).prefix(count)),
                            eligibility: Eligibility(hidden: set.facts.hidden))
                        context.attributes = set.people[UserNumber(UInt32(bitPattern: household))] ?? [:]
                        lists[name, default: [:]][count, default: [:]][household] =
                            predictor.any(context).map { Int32(bitPattern: $0.rawValue) }
                    }
                }
                done += 1
                progress(done, parts * names.count)
            }
        }
        var members = [JSONValue.Member("households", .integer(Int64(asked.count)))]
        for count in events {
            let results = try names.map { name in
                let own = asked.map { lists[name]?[count]?[$0] ?? [] }
                return try BasketEvaluation.score(households: asked, lists: own, newLists: own, truths: truths)
            }
            members.append(.init("\(count)", Self.json(names, results, seed: seed)))
        }
        return JSONLine.text(.object(members))
    }

    /// Figures by name, each tested against the first.
    static func json(_ names: [String], _ results: [BasketEvaluation.Result], seed: UInt64) -> JSONValue {
        .object(
            zip(names, results).map { name, result in
                var own: [JSONValue.Member] = [
                    .init("ndcg@10", .number(result.ndcg)), .init("recall@10", .number(result.recall)),
                ]
                if let first = results.first, name != names.first {
                    let chance = PairedPermutationTest.pValue(
                        candidate: result.ndcgByHousehold, baseline: first.ndcgByHousehold, seed: seed)
                    own.append(.init("p", .number(chance ?? 1)))
                }
                return .init(name, .object(own))
            })
    }

    /// How well models find, among items that nobody ever bought before the cut, those that each household buys in the 28 days after it.
    ///
    /// Beside the models stand `chance`, any ten of these items, and `types`, the same list for all: items of the types that sell
    /// most. An item's price is not known, for nobody paid one.
    /// - Returns: One line of JSON: households, items among which is chosen, and by list NDCG@10, recall@10 and *p* against `types`.
    public func evaluateNewItems(
        cut: Timestamp, models names: [String]?, network: NetworkChoice = .usual, seed: UInt64 = 1,
        progress: (Int, Int) -> Void
    ) throws -> String {
        let names = names ?? [ContentModel.name, FeatureFactorModel.name]
        var set = try trainingSet(before: cut, for: names, network: network)
        set.seed = seed
        var hidden = set.facts.hidden
        for item in set.log.items { hidden.insert(ItemNumber(item)) }
        let open = (0..<UInt32(set.itemLimit)).filter { !hidden.contains(ItemNumber($0)) }
        let end = cut.adding(days: 28).milliseconds
        // One basket holds all that a household bought of these items; its past lies before the cut as it was.
        let lines = try basketLines(facts: set.facts).compactMap { line -> BasketEvaluation.Line? in
            guard line.time >= cut.milliseconds else { return line }
            guard line.time < end, !hidden.contains(ItemNumber(UInt32(bitPattern: line.item))) else { return nil }
            return .init(household: line.household, basket: -1, item: line.item, time: cut.milliseconds)
        }
        let truths = BasketEvaluation.truths(lines: lines, cut: cut.milliseconds)
        let households = truths.keys.sorted()
        guard !households.isEmpty else {
            throw LearningError(
                .unusable, "Nobody bought an item after \(cut.dateDescription) that nobody bought before.")
        }
        var lists: [[[Int32]]] = [
            Self.typeLists(open, set, count: households.count), Self.chanceLists(open, count: households.count, seed),
        ]
        for (done, name) in names.enumerated() {
            progress(done, names.count)
            let predictor = try BasketPredictor(model: name, set: set)
            lists.append(
                households.map { household in
                    var context = set.context(of: UserNumber(UInt32(bitPattern: household)))
                    context.eligibility.hidden = hidden
                    return predictor.any(context).map { Int32(bitPattern: $0.rawValue) }
                })
        }
        let results = try lists.map {
            try BasketEvaluation.score(households: households, lists: $0, newLists: $0, truths: truths)
        }
        let members: [JSONValue.Member] = [
            .init("households", .integer(Int64(households.count))), .init("items", .integer(Int64(open.count))),
        ]
        let figures = Self.json(["types", "chance"] + names, results, seed: seed).objectValue ?? []
        return JSONLine.text(.object(members + figures))
    }

    private static func chanceLists(_ open: [UInt32], count: Int, _ seed: UInt64) -> [[Int32]] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            (0..<min(open.count, BasketEvaluation.cutoff)).map { _ in
                Int32(bitPattern: open[Int(random.next() % UInt64(open.count))])
            }
        }
    }

    private static func typeLists(_ open: [UInt32], _ set: TrainingSet, count: Int) -> [[Int32]] {
        var sales = [Int](repeating: 0, count: set.facts.typePaths.count)
        for item in set.log.items { if let type = set.facts.type(ItemNumber(item)) { sales[Int(type)] += 1 } }
        func sold(_ item: UInt32) -> Int { set.facts.type(ItemNumber(item)).map { sales[Int($0)] } ?? 0 }
        let best = open.sorted { (sold($1), $0) < (sold($0), $1) }.prefix(BasketEvaluation.cutoff)
        return Array(repeating: best.map { Int32(bitPattern: $0) }, count: count)
    }

    /// What the shop knows of the people in a log, for models that learn from it.
    func people(of log: InteractionLog) throws -> [UserNumber: [String: String]] {
        var people: [UserNumber: [String: String]] = [:]
        for user in 0..<log.userLimit where !log.range(of: UserNumber(UInt32(user))).isEmpty {
            let number = UserNumber(UInt32(user))
            guard let pseudonym = try store.pseudonym(of: number), let known = try store.customer(pseudonym) else {
                continue
            }
            people[number] = known.attributes
        }
        return people
    }
}
