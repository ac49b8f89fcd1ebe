import Domain
import Features

/// How like two candidates are: the cosine of the levels of their category paths, 0 for nothing in common, 1 for one type.
///
/// Paths are sets of prefixes, so the matrix of likenesses is positive semidefinite. Items without a type are like nothing.
struct Likeness: Sendable {
    /// By candidate: number of the type's place in `table`; -1 without one.
    private let places: [Int]
    /// Likeness of two types, shape `[types, types]`.
    private let table: [Double]
    private let count: Int

    /// - Complexity: O(candidates + types²) for the types among the candidates.
    init(_ items: [ItemNumber], facts: ItemFacts) {
        var known: [UInt32: Int] = [:]
        var paths: [[String]] = []
        places = items.map { item in
            guard let type = facts.type(item) else { return -1 }
            if let place = known[type] { return place }
            known[type] = paths.count
            paths.append(facts.typePaths[Int(type)])
            return paths.count - 1
        }
        count = paths.count
        var table = [Double](repeating: 0, count: count * count)
        for (row, path) in paths.enumerated() {
            for (column, other) in paths[...row].enumerated() {
                let value = row == column ? 1 : Self.cosine(path, other)
                (table[row * count + column], table[column * count + row]) = (value, value)
            }
        }
        self.table = table
    }

    func of(_ one: Int, _ other: Int) -> Double {
        if one == other { return 1 }
        guard places[one] >= 0, places[other] >= 0 else { return 0 }
        return table[places[one] * count + places[other]]
    }

    private static func cosine(_ one: [String], _ other: [String]) -> Double {
        let shared = zip(one, other).prefix { $0 == $1 }.count
        return Double(shared) / (Double(one.count) * Double(other.count)).squareRoot()
    }
}
