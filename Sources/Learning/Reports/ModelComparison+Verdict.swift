import Evaluation
import Foundation

extension ModelComparison {
    /// What to conclude, in sentences: who leads, by how much, whether beyond chance, and what so many \(unit) can show.
    var verdict: [String] {
        guard let nearest = outcomes.max(by: { ($0.mean, $1.name) < ($1.mean, $0.name) }) else {
            return ["\(name) comes to \(Self.figure(Self.mean(candidate))) in \(measure); nothing stands beside it."]
        }
        return [lead(over: nearest)] + rest(besides: nearest) + (power.map { [$0] } ?? [])
    }

    /// The first section of a report.
    ///
    /// - Parameter limits: What the figures do not show, in a sentence.
    func addVerdict(to report: inout HTMLReport, limits: String) {
        report.add(section: "What to conclude", conclusion: limits, blocks: verdict.map { .paragraph($0) })
    }

    private func lead(over nearest: Outcome) -> String {
        let own = Self.mean(candidate)
        let numbers =
            "\(measure) \(Self.figure(own)) against \(Self.figure(nearest.mean)), a difference of "
            + "\(Self.text(nearest.difference)) with its 95 % interval, p after Holm \(Self.figure(nearest.adjusted))"
        guard nearest.isFound else {
            let needed = nearest.usersNeeded.map { ": it would take about \($0) to show such a difference" } ?? ""
            return
                "\(name) and \(nearest.name) cannot be told apart on these \(candidate.count) \(unit) (\(numbers))\(needed)."
        }
        return own > nearest.mean
            ? "\(name) leads on these \(candidate.count) \(unit); \(nearest.name) comes nearest (\(numbers))."
            : "\(nearest.name) leads \(name) on these \(candidate.count) \(unit) (\(numbers))."
    }

    /// How the candidate stands to the others.
    private func rest(besides nearest: Outcome) -> [String] {
        let others = outcomes.filter { $0.name != nearest.name }
        let own = Self.mean(candidate)
        let groups = [
            ("is ahead of", others.filter { $0.isFound && own > $0.mean }),
            ("is behind", others.filter { $0.isFound && own < $0.mean }),
            ("cannot be told from", others.filter { !$0.isFound }),
        ].filter { !$0.1.isEmpty }
        guard !groups.isEmpty else { return [] }
        let parts = groups.map { "\($0.0) \($0.1.map(\.name).joined(separator: ", "))" }
        return ["Of the others, \(name) \(parts.joined(separator: "; it "))."]
    }
}
