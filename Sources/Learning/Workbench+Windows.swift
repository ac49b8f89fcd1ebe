import Domain
import Evaluation
import Recommenders

extension Workbench {
    /// Measures a model at cuts that lie four weeks apart before `cut`, each trained on what lies before it alone.
    ///
    /// - Parameter lines: Every purchase line that counts.
    /// - Returns: Oldest cut first; cuts at which nobody can be scored are left out.
    func basketWindows(
        before cut: Timestamp, count: Int, users: String?, model: String?, parameters: ParameterFile?,
        lines: [BasketEvaluation.Line]
    ) throws -> [WindowReport.Window] {
        var windows: [WindowReport.Window] = []
        for number in stride(from: count, to: 0, by: -1) {
            let earlier = cut.adding(days: -28 * Double(number))
            let truths = BasketEvaluation.truths(lines: lines, cut: earlier.milliseconds)
            guard !truths.isEmpty else { continue }
            let set = try trainingSet(before: earlier, for: [model].compactMap(\.self))
            let lists = try predictBaskets(
                people(named: users, in: set.log), set: set,
                by: BasketPredictor(model: model, set: set, parameters: parameters), progress: { _, _ in })
            guard lists.numbers.contains(where: { truths[$0] != nil }) else { continue }
            let result = try BasketEvaluation.score(
                households: lists.numbers, lists: lists.any.map { $0.map { Int32($0.rawValue) } },
                newLists: lists.new.map { $0.map { Int32($0.rawValue) } }, truths: truths)
            windows.append(.init(cut: earlier, result: result))
        }
        return windows
    }
}
