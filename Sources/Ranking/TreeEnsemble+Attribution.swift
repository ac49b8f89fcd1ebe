extension TreeEnsemble {
    /// What each player adds to the score of `row` beside the score of `reference`, exactly; shape `[playerCount]`.
    ///
    /// Shapley values of the game in which a coalition's features come from `row` and all others from `reference`, by
    /// interventional TreeSHAP (Lundberg et al., Nature Machine Intelligence 2020, algorithm 3). Features of one player join
    /// together, so a group of features that say much the same has one value. Sums in the order of trees and leaves.
    ///
    /// - Parameter players: Number of the player by feature, shape `[featureCount]`, each below `playerCount`.
    /// - Returns: Values that add up to score(row) − score(reference).
    /// - Complexity: O(trees · leaves · depth) at most; a split at which both rows go one way costs one step.
    public func attributions(
        of row: [Float], beside reference: [Float], players: [Int], playerCount: Int
    ) -> [Double] {
        precondition(
            row.count == featureCount && reference.count == featureCount && players.count == featureCount,
            "rows and players differ in features")
        var walk = AttributionWalk(
            trees: self, row: row, reference: reference, players: players,
            values: Array(repeating: 0, count: playerCount))
        for root in roots { walk.visit(Int(root)) }
        return walk.values
    }

    /// Whether a row goes left at an inner node.
    fileprivate func goesLeft(_ row: [Float], at node: Int) -> Bool {
        let value = row[Int(features[node])]
        return value < values[node] || (value.isNaN && missingLeft[node] == 1)
    }
}

/// One walk through all leaves that some mixture of two rows reaches.
///
/// A leaf is reached by the coalitions that hold all players of `joined` and none of `absent`.
private struct AttributionWalk {
    let trees: TreeEnsemble
    let row: [Float]
    let reference: [Float]
    let players: [Int]
    var values: [Double]
    private var joined: [Int] = []
    private var absent: [Int] = []

    init(trees: TreeEnsemble, row: [Float], reference: [Float], players: [Int], values: [Double]) {
        (self.trees, self.row, self.reference, self.players, self.values) = (trees, row, reference, players, values)
    }

    mutating func visit(_ node: Int) {
        guard trees.left[node] != 0 else { return reach(Double(trees.values[node])) }
        let (left, right) = (Int(trees.left[node]), Int(trees.right[node]))
        let ofRow = trees.goesLeft(row, at: node) ? left : right
        let ofReference = trees.goesLeft(reference, at: node) ? left : right
        let player = players[Int(trees.features[node])]
        if ofRow == ofReference || joined.contains(player) { return visit(ofRow) }
        if absent.contains(player) { return visit(ofReference) }
        joined.append(player)
        visit(ofRow)
        joined.removeLast()
        absent.append(player)
        visit(ofReference)
        absent.removeLast()
    }

    /// Shares a leaf among the players that decide whether it is reached.
    private mutating func reach(_ value: Double) {
        let (present, missing) = (joined.count, absent.count)
        for player in joined { values[player] += value * Self.weight(present - 1, missing) }
        for player in absent { values[player] -= value * Self.weight(present, missing - 1) }
    }

    /// How often, over all orders, exactly `before` given players come before one, and `after` given others after it:
    /// before! · after! / (before + after + 1)!.
    private static func weight(_ before: Int, _ after: Int) -> Double {
        var product = 1.0 / Double(before + after + 1)
        // 1 / ((n + 1) · binomial(n, before)).
        for step in 0..<before { product *= Double(step + 1) / Double(after + step + 1) }
        return product
    }
}
