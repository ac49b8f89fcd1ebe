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
    /// - Returns: One line of JSON: by number of events and model NDCG@10, recall@10 and the *p* of a paired permutation test,
    ///   as it is and after Holm over the models of one number.
    public func evaluateFewEvents(
        cut: Timestamp, events: [Int], models names: [String]?, parts: Int, seed: UInt64 = 1, report: String? = nil,
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
        let lines = try basketLines(facts: set.facts)
        let truths = BasketEvaluation.truths(lines: lines, cut: cut.milliseconds)
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
        let contests = try events.map { count in
            try Contest(
                names.map { name in (name, asked.map { lists[name]?[count]?[$0] ?? [] }) }, of: asked, truths: truths)
        }
        let checks = try BasketChecks(set: set, lines: lines, truths: truths, cut: cut).list()
        if let report {
            try EvaluationReports.contests(
                "Newcomers", "First basket from \(cut.dateDescription) on, by how many things are known of a person",
                limits:
                    "Households are treated as new that are not. The first things that they bought in four weeks stand for "
                    + "the first that a newcomer buys, which may be others.", checks: checks,
                zip(events, contests).map { count, contest in
                    (count == 1 ? "One thing known" : "\(count) things known", contest)
                }
            ).write(to: report)
        }
        return try checks.line(
            [.init("households", .integer(Int64(asked.count)))]
                + zip(events, contests).map { .init("\($0)", $1.json) })
    }

    /// How well models find, among items that nobody ever bought before the cut, those that each household buys in the 28 days after it.
    ///
    /// Beside the models stand `chance`, any ten of these items, and `types`, the same list for all: items of the types that sell
    /// most. An item's price is not known, for nobody paid one.
    /// - Returns: One line of JSON: households, items among which is chosen, and by list NDCG@10, recall@10 and *p* against `types`,
    ///   as it is and after Holm.
    public func evaluateNewItems(
        cut: Timestamp, models names: [String]?, network: NetworkChoice = .usual, seed: UInt64 = 1,
        report: String? = nil, progress: (Int, Int) -> Void
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
        let contest = try Contest(
            zip(["types", "chance"] + names, lists).map { ($0, $1) }, of: households, truths: truths)
        let checks = try BasketChecks(set: set, lines: lines, truths: truths, cut: cut, pool: open).list()
        if let report {
            try EvaluationReports.contests(
                "New items", "Items first bought in the 28 days from \(cut.dateDescription) on",
                limits:
                    "Only items that somebody bought in these days can be right: it says nothing of new items that nobody "
                    + "found, and a shop that showed them would have sold others.", checks: checks,
                [("Lists of \(open.count) new items", contest)]
            ).write(to: report)
        }
        let members: [JSONValue.Member] = [
            .init("households", .integer(Int64(households.count))), .init("items", .integer(Int64(open.count))),
        ]
        return try checks.line(members + (contest.json.objectValue ?? []))
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
