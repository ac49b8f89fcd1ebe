import Ranking
import Storage

/// One of the hybrid's two rankers: trees, and beside them a network where there was enough to teach it.
///
/// score = (1 − share) · trees + share · network, both logarithms of odds of the same question. Where the trees learned an order
/// and not chances, they stand alone.
struct BasketRanker: Sendable {
    let trees: TreeEnsemble
    let network: RankerNetwork?
    /// What the network weighs, 0...1.
    let share: Double

    /// The scores of rows, shape `[count, BasketFeature.count]`.
    func scores(_ rows: [Float]) -> [Float] {
        let scores = trees.scores(rows)
        guard let network, share > 0 else { return scores }
        let (own, other) = (Float(1 - share), Float(share))
        return zip(scores, network.scores(rows)).map { own * $0 + other * $1 }
    }

    /// What each player adds to the score of a row beside each of the others, shape `[others, playerCount]`.
    ///
    /// Exact Shapley values of the trees, and DeepLIFT's of the network: each adds up to a difference of its scores, so the sum does.
    func attributions(
        of row: [Float], beside others: [[Float]], players: [Int], playerCount: Int
    ) -> [[Double]] {
        var result = others.map {
            trees.attributions(of: row, beside: $0, players: players, playerCount: playerCount)
        }
        guard let network, share > 0 else { return result }
        let values = network.attributions(of: row, beside: Array(others.joined()))
        for other in others.indices {
            for player in 0..<playerCount { result[other][player] *= 1 - share }
            for (feature, player) in players.enumerated() {
                result[other][player] += share * Double(values[other * players.count + feature])
            }
        }
        return result
    }

    func store(in file: inout ColumnFile, name: String) {
        trees.store(in: &file, name: name)
        guard let network else { return }
        network.store(in: &file, name: "\(name)_network")
        file.set("\(name)_network_share", [share])
    }

    /// `nil` where the file holds no ranker of that name.
    init?(_ file: ColumnFile, name: String) throws(StorageError) {
        guard let trees = try TreeEnsemble(file, name: name) else { return nil }
        // Models of before have trees alone.
        let network = try RankerNetwork(file, name: "\(name)_network")
        let share = network == nil ? 0 : try file.number("\(name)_network_share")
        guard (0...1).contains(share) else { throw file.damaged("a network weighs neither all nor a part") }
        self.init(trees: trees, network: network, share: share)
    }

    init(trees: TreeEnsemble, network: RankerNetwork?, share: Double) {
        (self.trees, self.network, self.share) = (trees, network, network == nil ? 0 : share)
    }
}

extension TreeEnsemble {
    fileprivate func store(in file: inout ColumnFile, name: String) {
        file.set("\(name)_base", [base])
        file.set("\(name)_roots", roots)
        file.set("\(name)_features", features)
        file.set("\(name)_values", values)
        file.set("\(name)_left", left)
        file.set("\(name)_right", right)
        file.set("\(name)_missing_left", missingLeft)
    }

    /// `nil` where the file holds no trees of that name.
    fileprivate init?(_ file: ColumnFile, name: String) throws(StorageError) {
        guard file.columns["\(name)_roots"] != nil else { return nil }
        let base = try file.floats("\(name)_base")
        guard base.count == 1 else { throw file.damaged("its trees do not fit together") }
        let (roots, features) = (try file.uint32s("\(name)_roots"), try file.uint32s("\(name)_features"))
        let (values, left) = (try file.floats("\(name)_values"), try file.uint32s("\(name)_left"))
        let (right, missing) = (try file.uint32s("\(name)_right"), try file.bytes("\(name)_missing_left"))
        do {
            try self.init(
                featureCount: BasketFeature.count, base: base[0], roots: roots, features: features, values: values,
                left: left, right: right, missingLeft: missing)
        } catch {
            throw file.damaged(error.message)
        }
    }
}
