internal import CKernels

/// Trees of at most 32 leaves, laid out so that sixteen rows pass a split at once.
///
/// QuickScorer (Lucchese et al., SIGIR 2015) with its vectors (SIGIR 2016), tree by tree: a row starts with all leaves, each split that it fails
/// takes those on its left away, and the first that is left is where a walk would end.
struct SmallTrees: Sendable {
    static let mostLeaves = 32
    private var splits: [souk_tree_split] = []
    /// Where the splits of each tree end, and where its leaves begin; shapes `[trees]`.
    private var splitEnds: [UInt32] = []
    private var leafStarts: [UInt32] = []
    private var leaves: [Float] = []

    /// `nil` where a tree has more leaves.
    ///
    /// - Parameters:
    ///   - features: With the highest bit set where a missing value goes left.
    ///   - left: Of the shape of all columns of nodes; each child lies behind its parent, and leaves have none.
    init?(roots: [UInt32], features: [UInt32], values: [Float], left: [UInt32], right: [UInt32]) {
        var counts = [Int](repeating: 1, count: left.count)
        for node in counts.indices.reversed() where left[node] != 0 {
            // Too many are too many, however many.
            counts[node] = min(Self.mostLeaves + 1, counts[Int(left[node])] + counts[Int(right[node])])
        }
        guard roots.allSatisfy({ counts[Int($0)] <= Self.mostLeaves }) else { return nil }
        // From left to right, no deeper than there are leaves.
        func visit(_ node: Int, firstLeaf: Int) {
            guard left[node] != 0 else { return leaves.append(values[node]) }
            let first = Int(left[node])
            let mask = (UInt32(1) << UInt32(counts[first]) - 1) << UInt32(leaves.count - firstLeaf)
            splits.append(souk_tree_split(threshold: values[node], feature: features[node], left_leaves: mask))
            visit(first, firstLeaf: firstLeaf)
            visit(Int(right[node]), firstLeaf: firstLeaf)
        }
        for root in roots {
            leafStarts.append(UInt32(leaves.count))
            visit(Int(root), firstLeaf: leaves.count)
            splitEnds.append(UInt32(splits.count))
        }
    }

    /// Adds each tree's leaf to the score of each row; sums in the order of trees.
    ///
    /// - Parameters:
    ///   - rows: Shape `[scores.count, width]`; every feature of a split is below `width`.
    ///   - level: At most that of the processor.
    func add(_ rows: [Float], width: Int, to scores: inout [Float], level: Int32) {
        precondition(rows.count == scores.count * width, "rows of other features")
        var columns = [Float](repeating: 0, count: 16 * width)
        // Safe: splits end and leaves begin where `init` put them, and each tree has a leaf.
        unsafe souk_small_tree_scores(
            level, splits, splitEnds, leaves, leafStarts, Int64(splitEnds.count), rows, Int64(scores.count),
            Int64(width), &columns, &scores)
    }
}
