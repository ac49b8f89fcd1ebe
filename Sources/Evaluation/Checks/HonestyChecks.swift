import Foundation

/// The checks by which a run is found out: leaks, copies of people, scorers that know nothing, ties.
///
/// Those that need chance say nothing of fewer than `leastPeople`, and pass.
public enum HonestyChecks {
    /// With fewer people, chance alone would make checks fail.
    public static let leastPeople = 100
    /// So many standard errors above chance are no chance.
    static let deviations = 5.0
    /// Copies of people that are borne, as a share.
    static let copies = 0.05
    /// Lines with fewer items may well be the same by chance.
    public static let leastItems = 5
    /// By what part of the figure with ties broken by lot the tie rule may flatter.
    static let flattery = 0.1

    /// Nothing at or after the cut is in the training part, and all that lies before it is.
    ///
    /// - Parameter newest: Time of the newest line that models learned from, in milliseconds; `nil` without any.
    /// - Parameter lines: How many lines models learned from, and how many there are before the cut by another count.
    public static func split(newest: Int64?, cut: Int64, lines: (learned: Int, before: Int)) -> CheckList.Check {
        let isLate = newest.map { $0 >= cut } ?? false
        let isEqual = lines.learned == lines.before
        let detail =
            isLate
            ? "the training part reaches to or beyond the cut."
            : isEqual
                ? "models learned from \(lines.learned) lines, all of them before the cut."
                : "models learned from \(lines.learned) lines, but \(lines.before) lie before the cut."
        return .init(name: "split", isPassed: !isLate && isEqual, detail: detail)
    }

    /// Nobody takes part under two names: with a copy in the training part, the test part is known.
    ///
    /// - Parameter people: What each did, such as items in order, the tested ones included.
    public static func copies(_ people: [some Sequence<Int32>]) -> CheckList.Check {
        var counts: [[Int32]: Int] = [:]
        for one in people {
            let line = Array(one)
            if line.count >= leastItems { counts[line, default: 0] += 1 }
        }
        let copied = counts.values.reduce(0) { $0 + ($1 > 1 ? $1 : 0) }
        let share = Double(copied) / Double(max(1, people.count))
        let isPassed = people.count < leastPeople || share <= copies
        return .init(
            name: "copies", isPassed: isPassed,
            detail: "\(copied) of \(people.count) people did exactly what somebody else did, "
                + "\(leastItems) or more items in the same order.")
    }

    /// A scorer that knows nothing finds no more than chance.
    ///
    /// - Parameter what: Such as `a constant scorer`.
    /// - Parameter found: The share that it found of what each person wanted.
    /// - Parameter chance: What it would find on average, by person.
    /// - Parameter spread: The standard error that comes from showing everybody the same items.
    public static func uninformed(
        _ name: String, _ what: String, found: [Double], chance: [Double], spread: Double = 0
    ) -> CheckList.Check {
        precondition(found.count == chance.count, "one chance for each person")
        let count = Double(max(1, found.count))
        let (mean, expected) = (found.reduce(0, +) / count, chance.reduce(0, +) / count)
        // A share is at most one: its variance is at most that of a yes or no.
        let variance = chance.reduce(0) { $0 + $1 * (1 - $1) } / (count * count)
        let error = (variance + spread * spread).squareRoot()
        let isPassed = found.count < leastPeople || mean <= expected + deviations * error
        return .init(
            name: name, isPassed: isPassed,
            detail: "\(what) finds \(figure(mean)) of what \(found.count) people want; by chance it is "
                + "\(figure(expected)), standard error \(figure(error)).")
    }

    /// How far the mean found by showing everybody the same items, drawn by lot, differs from draw to draw, as a standard error.
    ///
    /// Of a sum of `listLength` values drawn without putting back, averaged over `draws`.
    /// - Parameter shares: What each item alone finds of what people want, on average.
    public static func spread(_ shares: [Double], listLength: Int, draws: Int) -> Double {
        guard let deviation = PowerAnalysis.deviation(of: shares), listLength < shares.count, draws > 0 else {
            return 0
        }
        let left = 1 - Double(listLength) / Double(shares.count)
        return (Double(listLength) * deviation * deviation * left / Double(draws)).squareRoot()
    }

    /// The figure does not come from the order in which items of equal score happen to stand.
    ///
    /// - Parameter shown: The measure by person, by the tie rule.
    /// - Parameter byLot: What it is on average if ties are broken by lot.
    /// - Parameter cut: How many lists hold some of several items of equal score, and not the others.
    public static func ties(_ measure: String, shown: [Double], byLot: [Double], cut: Int) -> CheckList.Check {
        precondition(shown.count == byLot.count, "two values for each person")
        let count = Double(max(1, shown.count))
        let (mean, expected) = (shown.reduce(0, +) / count, byLot.reduce(0, +) / count)
        let interval = PairedBootstrap.interval(candidate: shown, baseline: byLot, resamples: 500)
        let isFlattered = (interval?.lower ?? 0) > 0 && mean - expected > flattery * expected
        return .init(
            name: "ties", isPassed: shown.count < leastPeople || !isFlattered,
            detail: "\(cut) of \(shown.count) lists hang on ties; \(measure) is \(figure(mean)) by the tie rule, "
                + "\(figure(expected)) with ties broken by lot.")
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
