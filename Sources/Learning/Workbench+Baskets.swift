public import Domain
import Evaluation
import Features
import JSON
import Recommenders
import Storage

extension Workbench {
    /// Predicts each household's first basket at or after `cut` from what lies before it, and scores the prediction.
    ///
    /// Models are trained here, on events before the cut alone; the truth is read after both runs are written.
    /// - Parameter users: A file whose lines begin with the caller's identifiers, written back as they are; without it,
    ///   everybody who bought before the cut is predicted for, by pseudonym.
    /// - Parameter parameters: What is not as shipped.
    /// - Parameter network: Where the models that ask for a network find it, and what it weighs beside the hybrid.
    /// - Parameter windows: How many cuts a report measures: this one, and earlier ones that lie four weeks apart.
    public func evaluateBaskets(
        cut: Timestamp, users: String?, run: String, runNew: String, model: String?, parameters: ParameterFile? = nil,
        report: String?, windows: Int = 1, network: NetworkChoice = .usual, networkWeight: Double? = nil,
        progress: (Int, Int) -> Void
    ) throws -> String {
        let set = try trainingSet(before: cut, for: [model].compactMap(\.self), network: network)
        let people = try people(named: users, in: set.log)
        let names = people.map(\.name)
        let began = ContinuousClock.now
        let predictor = try BasketPredictor(
            model: model, set: set, parameters: parameters, networkWeight: networkWeight)
        let trained = ContinuousClock.now
        let lists = predictBaskets(people, set: set, by: predictor, progress: progress)
        let listed = ContinuousClock.now
        try write(lists.any, of: names, to: run)
        try write(lists.new, of: names, to: runNew)
        let lines = try basketLines(facts: set.facts)
        let truths = BasketEvaluation.truths(lines: lines, cut: cut.milliseconds)
        let result = try BasketEvaluation.score(
            households: lists.numbers, lists: lists.any.map { $0.map { Int32($0.rawValue) } },
            newLists: lists.new.map { $0.map { Int32($0.rawValue) } }, truths: truths)
        let outcome = BasketOutcome(
            people: people, lists: lists, predictor: predictor, set: set, truths: truths, result: result,
            trainSeconds: (trained - began).inSeconds,
            answerSeconds: (listed - trained).inSeconds / Double(max(1, 2 * people.count)))
        let checks = try BasketChecks(set: set, lines: lines, truths: truths, cut: cut).list(outcome)
        if let report {
            var details = try basketDetails(
                outcome,
                training: {
                    try BasketPredictor(model: model, set: $0, parameters: parameters, networkWeight: networkWeight)
                },
                checks: checks)
            let earlier = try basketWindows(
                before: cut, count: windows - 1, users: users, model: model, parameters: parameters, lines: lines)
            if !earlier.isEmpty { details.windows = WindowReport(windows: earlier + [.init(cut: cut, result: result)]) }
            try EvaluationReports.baskets(result, cut: cut, details: details).write(to: report)
        }
        return try checks.line((result.json.objectValue ?? []) + [.init("popularity_bias", outcome.bias.json)])
    }

    struct BasketLists {
        /// User numbers; -1 for identifiers that the shop does not know.
        var numbers: [Int32] = []
        var any: [[ItemNumber]] = []
        var new: [[ItemNumber]] = []
    }

    typealias Person = (name: String, number: UserNumber?)

    func people(named path: String?, in log: InteractionLog) throws -> [Person] {
        if let path {
            return try BasketEvaluation.readHouseholds(path: path).map { name in
                (name, try store.userNumber(of: pseudonymiser.pseudonym(of: name)))
            }
        }
        return try (0..<log.userLimit).compactMap { index in
            let number = UserNumber(UInt32(index))
            guard !log.range(of: number).isEmpty, let pseudonym = try store.pseudonym(of: number) else { return nil }
            return (pseudonym.rawValue, number)
        }
    }

    func predictBaskets(
        _ people: [Person], set: TrainingSet, by predictor: BasketPredictor, progress: (Int, Int) -> Void
    ) -> BasketLists {
        var lists = BasketLists()
        for (_, user) in people {
            lists.numbers.append(user.map { Int32(bitPattern: $0.rawValue) } ?? -1)
            let context = set.context(of: user)
            lists.any.append(predictor.any(context))
            lists.new.append(predictor.new(context))
            if lists.numbers.count % 50 == 0 { progress(lists.numbers.count, people.count) }
        }
        return lists
    }

    private func write(_ lists: [[ItemNumber]], of names: [String], to path: String) throws {
        let wanted = Array(Set(lists.flatMap(\.self)))
        var ids: [ItemNumber: String] = [:]
        for item in try store.items(wanted) { ids[item.number] = item.item.id.rawValue }
        let rows = zip(names, lists).map { name, list in
            RunWriter.Row(owner: name, items: list.compactMap { ids[$0] })
        }
        try RunWriter.writeTopTen(rows, to: path)
    }
}
