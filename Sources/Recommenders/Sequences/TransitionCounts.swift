import Foundation

/// What came after what, weighted by distance: sparse rows in the order of item numbers.
struct TransitionCounts: Hashable, Sendable {
    private(set) var table = NeighbourTable()
    /// How often each item occurred.
    private(set) var counts: [Double]

    /// - Parameter window: The largest distance that counts.
    /// - Parameter power: A distance *d* counts d^-power.
    init(_ sequences: [[UInt32]], itemLimit: Int, window: Int, power: Double) {
        var counts = [Double](repeating: 0, count: itemLimit)
        var places = [[(sequence: Int32, position: Int32)]](repeating: [], count: itemLimit)
        for (number, sequence) in sequences.enumerated() {
            for (position, item) in sequence.enumerated() {
                counts[Int(item)] += 1
                places[Int(item)].append((Int32(number), Int32(position)))
            }
        }
        self.counts = counts
        let weights = (0...window).map { pow(Double(max(1, $0)), -power) }
        var board = ScoreBoard(itemLimit: itemLimit)
        for item in 0..<itemLimit {
            board.clear()
            for place in places[item] {
                let sequence = sequences[Int(place.sequence)]
                let start = Int(place.position)
                for distance in 1...window where start + distance < sequence.count {
                    board.add(sequence[start + distance], weights[distance])
                }
            }
            table.append(
                board.touched.filter { $0 != UInt32(item) }.sorted().map { ($0, board.scores[Int($0)]) })
        }
    }

    /// A share of each item among all, far below one count: orders what nothing else tells apart.
    func popularity() -> [Double] {
        let total = max(1, counts.reduce(0, +))
        return counts.map { 1e-3 * $0 / total }
    }
}

/// What came after the last item of a history, ties by popularity.
private struct Successors: Sendable {
    private let transitions: TransitionCounts
    private let popularity: [Double]

    init(_ sequences: [[UInt32]], itemLimit: Int, window: Int, power: Double) {
        transitions = TransitionCounts(sequences, itemLimit: itemLimit, window: window, power: power)
        popularity = transitions.popularity()
    }

    func addScores(after history: [UInt32], to scores: inout [Double]) {
        for item in popularity.indices { scores[item] += popularity[item] }
        guard let last = history.last else { return }
        let row = transitions.table.row(last)
        for place in row { scores[Int(transitions.table.others[place])] += Double(transitions.table.weights[place]) }
    }
}

/// The last item's direct successors: a first-order Markov chain (Zimdars, Chickering and Meek, UAI 2001; that of Rendle et al., WWW 2010, without
/// the person), ties by popularity.
public struct MarkovChainModel: SequenceModel {
    public static let name = "markov"
    private let successors: Successors

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> MarkovChainModel {
        MarkovChainModel(successors: Successors(sequences, itemLimit: itemLimit, window: 1, power: 0))
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        successors.addScores(after: history, to: &scores)
    }
}

/// Sequential rules: what came within ten steps after the last item, weighted by 1/distance, ties by popularity.
///
/// Kamehkhosh, Jannach and Ludewig, TempRec 2017; Ludewig and Jannach, UMUAI 2018.
public struct SequentialRulesModel: SequenceModel {
    public static let name = "rules"
    private let successors: Successors

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> SequentialRulesModel {
        SequentialRulesModel(successors: Successors(sequences, itemLimit: itemLimit, window: 10, power: 1))
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        successors.addScores(after: history, to: &scores)
    }
}

/// Walks of two steps over what came after what, from the whole history: finds items that never stood side by side.
///
/// P = counts / (sum of the row + 20), score = Σ_j 0.6^j (P²) of the *j*-th newest item; a random walk in the sense of
/// Cooper et al. (WWW 2014), on items and in the direction of time.
public struct TransitionWalkModel: SequenceModel {
    public static let name = "walk"
    private let table: NeighbourTable

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> TransitionWalkModel {
        let counts = TransitionCounts(sequences, itemLimit: itemLimit, window: 20, power: 0.7).table
        let sums = (0..<itemLimit).map { item in
            counts.row(UInt32(item)).reduce(20.0) { $0 + Double(counts.weights[$1]) }
        }
        var table = NeighbourTable()
        var board = ScoreBoard(itemLimit: itemLimit)
        for item in 0..<itemLimit {
            board.clear()
            for first in counts.row(UInt32(item)) {
                let middle = counts.others[first]
                let weight = Double(counts.weights[first]) / (sums[item] * sums[Int(middle)])
                for second in counts.row(middle) {
                    board.add(counts.others[second], weight * Double(counts.weights[second]))
                }
            }
            table.append(board.top(1000) { _ in true })
        }
        return TransitionWalkModel(table: table)
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        table.add(history, decay: 0.6, to: &scores)
    }
}

/// Items that the same people have: cosine with five added to the norm, from the whole history with decay 0.8.
///
/// Sarwar et al., WWW 2001; Deshpande and Karypis, TOIS 2004.
public struct ItemCosineModel: SequenceModel {
    public static let name = "item_knn"
    private let table: NeighbourTable

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> ItemCosineModel {
        let sets = sequences.map { Array(Set($0)).sorted() }
        var users = [[Int32]](repeating: [], count: itemLimit)
        for (user, items) in sets.enumerated() {
            for item in items { users[Int(item)].append(Int32(user)) }
        }
        var table = NeighbourTable()
        var board = ScoreBoard(itemLimit: itemLimit)
        for item in 0..<itemLimit {
            board.clear()
            for user in users[item] {
                for other in sets[Int(user)] where other != UInt32(item) { board.add(other, 1) }
            }
            let row = board.touched.sorted().map { other in
                let norm = Double(users[item].count * users[Int(other)].count).squareRoot()
                return (item: other, score: board.scores[Int(other)] / (norm + 5))
            }
            table.append(row)
        }
        return ItemCosineModel(table: table)
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        table.add(history, decay: 0.8, to: &scores)
    }
}

extension NeighbourTable {
    /// Adds the rows of the newest 40 items, each weighted by `decay` to the power of its age in steps.
    func add(_ history: [UInt32], decay: Double, to scores: inout [Double]) {
        var weight = 1.0
        for item in history.reversed().prefix(40) {
            for place in row(item) { scores[Int(others[place])] += weight * Double(weights[place]) }
            weight *= decay
        }
    }
}
