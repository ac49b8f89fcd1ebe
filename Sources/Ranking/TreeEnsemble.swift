/// A sum of regression trees as flat columns: the score of a row is the base plus one leaf of each tree.
///
/// Nodes of all trees lie one after the other; a leaf has no children (`left` 0, for no child is a root). A row goes left
/// if its feature is below the threshold; a missing value (NaN) goes where training found it better.
public struct TreeEnsemble: Hashable, Sendable {
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
    /// The columns above, node by node.
    private let nodes: [TreeNode]

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
        nodes = (0..<count).map {
            TreeNode(
                left: left[$0], right: right[$0], value: values[$0], feature: features[$0],
                missingLeft: missingLeft[$0])
        }
    }

    /// The score of each row of `rows`, shape `[count, featureCount]`; sums in the order of trees.
    ///
    /// Complexity: O(rows · trees · depth).
    public func scores(_ rows: [Float]) -> [Float] {
        let count = featureCount > 0 ? rows.count / featureCount : 0
        var scores = [Float](repeating: base, count: count)
        // Safe: `init` saw that every walk stays within the nodes and ends, and that every feature lies within a row.
        unsafe nodes.withUnsafeBufferPointer { nodes in
            unsafe rows.withUnsafeBufferPointer { rows in
                for root in roots {
                    for row in 0..<count {
                        let start = row * featureCount
                        var node = unsafe nodes[Int(root)]
                        while node.left != 0 {
                            let value = unsafe rows[start + Int(node.feature)]
                            // A missing value is below no threshold.
                            let goesLeft = value < node.value || (node.sendsMissingLeft && value.isNaN)
                            node = unsafe nodes[Int(goesLeft ? node.left : node.right)]
                        }
                        scores[row] += node.value
                    }
                }
            }
        }
        return scores
    }
}

/// One node with all that a step of a walk needs, in 16 bytes.
private struct TreeNode: Hashable, Sendable {
    let left: UInt32
    let right: UInt32
    let value: Float
    /// The feature, and in the highest bit whether a missing value goes left.
    private let packed: UInt32

    init(left: UInt32, right: UInt32, value: Float, feature: UInt32, missingLeft: UInt8) {
        (self.left, self.right, self.value) = (left, right, value)
        packed = feature & 0x7FFF_FFFF | (missingLeft == 1 ? 0x8000_0000 : 0)
    }

    var feature: UInt32 { packed & 0x7FFF_FFFF }
    var sendsMissingLeft: Bool { packed >> 31 == 1 }
}
