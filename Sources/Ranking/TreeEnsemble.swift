internal import CKernels

/// A sum of regression trees as flat columns: the score of a row is the base plus one leaf of each tree.
///
/// Nodes of all trees lie one after the other; a leaf has no children (`left` 0, for no child is a root). A row goes left
/// if its feature is below the threshold; a missing value (NaN) goes where training found it better.
public struct TreeEnsemble: Equatable, Sendable {
    public let featureCount: Int
    public let base: Float
    /// The first node of each tree.
    public let roots: [UInt32]
    /// Shape `[nodes]`, as are all columns below.
    public let features: [UInt32]
    /// The threshold of an inner node, the value of a leaf.
    public let values: [Float]
    public let left: [UInt32]
    public let right: [UInt32]
    /// 1 where a missing value goes left.
    public let missingLeft: [UInt8]
    /// The columns above once more, as scores are computed from them.
    private let layout: Layout

    private enum Layout: Sendable {
        case small(SmallTrees)
        /// Node by node, to be walked; `depth` is the most steps from a root to a leaf.
        case large([souk_tree_node], depth: Int)
    }

    /// Throws `corrupt` unless every child lies behind its parent and every feature exists, so that each walk ends.
    public init(
        featureCount: Int, base: Float, roots: [UInt32], features: [UInt32], values: [Float], left: [UInt32],
        right: [UInt32], missingLeft: [UInt8]
    ) throws(RankingError) {
        let count = features.count
        func isSound(_ node: Int) -> Bool {
            let (first, second) = (Int(left[node]), Int(right[node]))
            guard first != 0 else { return true }
            return first > node && second > node && first < count && second < count
                && Int(features[node]) < featureCount
        }
        let hasOneLength = [values.count, left.count, right.count, missingLeft.count].allSatisfy { $0 == count }
        guard hasOneLength, base.isFinite, values.allSatisfy(\.isFinite), roots.allSatisfy({ Int($0) < count }),
            (0..<count).allSatisfy(isSound)
        else { throw RankingError(.corrupt, "The trees of the ranker are damaged: train again.") }
        (self.featureCount, self.base, self.roots, self.features) = (featureCount, base, roots, features)
        (self.values, self.left, self.right, self.missingLeft) = (values, left, right, missingLeft)
        let flags = (0..<count).map { features[$0] | (missingLeft[$0] == 1 ? 0x8000_0000 : 0) }
        if let small = SmallTrees(roots: roots, features: flags, values: values, left: left, right: right) {
            layout = .small(small)
            return
        }
        let nodes = (0..<count).map { node in
            souk_tree_node(
                left: left[node], right: right[node], value: values[node], feature: left[node] == 0 ? 0 : flags[node])
        }
        // Children lie behind their parents, so that each is known when its parent is reached from the end.
        var depths = [Int](repeating: 0, count: count)
        for node in (0..<count).reversed() where left[node] != 0 {
            depths[node] = 1 + max(depths[Int(left[node])], depths[Int(right[node])])
        }
        layout = .large(nodes, depth: roots.reduce(0) { max($0, depths[Int($1)]) })
    }

    /// Whether the columns are the same; the layout follows from them.
    public static func == (first: TreeEnsemble, second: TreeEnsemble) -> Bool {
        first.featureCount == second.featureCount && first.base == second.base && first.roots == second.roots
            && first.features == second.features && first.values == second.values && first.left == second.left
            && first.right == second.right && first.missingLeft == second.missingLeft
    }

    /// Scores by the mean of ensembles of the same features: all trees together, leaves divided by how many there are.
    ///
    /// - Precondition: There is at least one.
    public init(meanOf ensembles: [TreeEnsemble]) throws(RankingError) {
        precondition(!ensembles.isEmpty, "at least one ensemble")
        if ensembles.count == 1 {
            self = ensembles[0]
            return
        }
        let share = 1 / Float(ensembles.count)
        var (roots, left, right): ([UInt32], [UInt32], [UInt32]) = ([], [], [])
        var values: [Float] = []
        for one in ensembles {
            let offset = UInt32(values.count)
            roots += one.roots.map { $0 + offset }
            values += zip(one.values, one.left).map { $1 == 0 ? $0 * share : $0 }
            left += one.left.map { $0 == 0 ? 0 : $0 + offset }
            right += one.right.map { $0 == 0 ? 0 : $0 + offset }
        }
        try self.init(
            featureCount: ensembles[0].featureCount, base: ensembles.reduce(0) { $0 + $1.base } * share, roots: roots,
            features: ensembles.flatMap(\.features), values: values, left: left, right: right,
            missingLeft: ensembles.flatMap(\.missingLeft))
    }

    /// The score of each row of `rows`, shape `[count, featureCount]`; sums in the order of trees.
    ///
    /// Complexity: O(rows · trees · depth); where no tree has more than 32 leaves, O(rows / 16 · nodes).
    public func scores(_ rows: [Float]) -> [Float] { scores(rows, level: Self.level) }

    static let level = souk_level()

    /// - Parameter level: Of instructions, at most that of the processor.
    func scores(_ rows: [Float], level: Int32) -> [Float] {
        let count = featureCount > 0 ? rows.count / featureCount : 0
        var scores = [Float](repeating: base, count: count)
        switch layout {
        case .small(let trees): trees.add(rows, width: featureCount, to: &scores, level: level)
        case .large(let nodes, let depth):
            // Safe: `init` saw that every walk stays within the nodes and ends, and that every feature lies within a row.
            unsafe souk_tree_scores(
                nodes, roots, Int64(roots.count), Int64(depth), rows, Int64(count), Int64(featureCount), &scores)
        }
        return scores
    }
}
