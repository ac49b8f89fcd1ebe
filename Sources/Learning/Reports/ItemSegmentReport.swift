import Evaluation
import Foundation

/// Which items are found and which are shown: by how well they sell, and by category.
struct ItemSegmentReport {
    /// Lists of ten by user, best first.
    let lists: [[Int]]
    /// What each user wanted.
    let truths: [Set<Int>]
    /// How many users had each item before, shape `[itemCount]`.
    let counts: [Int]
    /// Category path of an item; empty for data without categories.
    let path: (Int) -> [String]

    /// What part of all counts the first groups make; the rest is the tail.
    private static let shares = [
        (name: "head: best sellers that make half", end: 0.5), (name: "middle: the next 30 %", end: 0.8),
    ]
    /// How many categories are shown, those first of which most was wanted.
    private static let categoryLimit = 12

    /// A group of items.
    struct Segment: Equatable {
        var name: String
        var items = 0
        var wanted = 0
        var found = 0
        var shown = 0
    }

    var blocks: [ReportBlock] {
        guard !lists.isEmpty else { return [] }
        return [table("Items by how well they sell", bySales)]
            + (byCategory.isEmpty
                ? []
                : [
                    table("Items by category: those of which most was wanted", byCategory)
                ])
    }

    /// The section of a report.
    func add(to report: inout HTMLReport) {
        guard !blocks.isEmpty else { return }
        report.add(
            section: "Which items are found",
            conclusion:
                "A model may look good by the head alone. Few items of the tail are wanted by anybody in so short a test: a "
                + "low share of them that is found says little of a single item.",
            blocks: blocks)
    }

    var bySales: [Segment] {
        let total = Double(counts.reduce(0, +))
        var segments = Self.shares.map { Segment(name: $0.name) }
        segments += [Segment(name: "tail: all else that sold"), Segment(name: "never had before")]
        var group = Array(repeating: segments.count - 1, count: counts.count)
        var sum = 0.0
        for item in counts.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) where counts[item] > 0 {
            group[item] = Self.shares.firstIndex { sum < $0.end * total } ?? Self.shares.count
            sum += Double(counts[item])
        }
        for item in counts.indices { segments[group[item]].items += 1 }
        tally(&segments) { group[$0] }
        return segments.filter { $0.items > 0 }
    }

    var byCategory: [Segment] {
        var numbers: [String: Int] = [:]
        var segments: [Segment] = []
        let group = counts.indices.map { item -> Int? in
            guard let name = path(item).first else { return nil }
            if let number = numbers[name] { return number }
            numbers[name] = segments.count
            segments.append(Segment(name: name))
            return segments.count - 1
        }
        for case let number? in group { segments[number].items += 1 }
        tally(&segments) { group[$0] }
        return Array(segments.sorted { ($1.wanted, $0.name) < ($0.wanted, $1.name) }.prefix(Self.categoryLimit))
    }

    private func tally(_ segments: inout [Segment], _ group: (Int) -> Int?) {
        for (list, truth) in zip(lists, truths) {
            for item in list {
                guard let place = group(item) else { continue }
                segments[place].shown += 1
                if truth.contains(item) { segments[place].found += 1 }
            }
            for item in truth { if let place = group(item) { segments[place].wanted += 1 } }
        }
    }

    private func table(_ caption: String, _ segments: [Segment]) -> ReportBlock {
        let places = segments.reduce(0) { $0 + $1.shown }
        return .table(
            caption: caption,
            columns: ["Items", "How many", "Wanted", "Found", "Found of wanted", "Share of places", "Right of shown"],
            rows: segments.map { one in
                [
                    one.name, String(one.items), String(one.wanted), String(one.found),
                    Self.percent(one.found, of: one.wanted), Self.percent(one.shown, of: places),
                    Self.percent(one.found, of: one.shown),
                ]
            })
    }

    static func percent(_ part: Int, of whole: Int) -> String {
        whole > 0 ? String(format: "%.1f %%", 100 * Double(part) / Double(whole)) : "–"
    }
}
