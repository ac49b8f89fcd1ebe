import JSON

extension TreeEnsemble {
    /// Reads the trees of XGBoost's JSON model; its base score is not part of an order and is taken as zero.
    init(_ model: JSONValue, featureCount: Int) throws(RankingError) {
        guard let trees = model["learner"]?["gradient_booster"]?["model"]?["trees"]?.arrayValue else {
            throw RankingError(.libraryFailed, "XGBoost's model holds no trees.")
        }
        var roots: [UInt32] = []
        var (features, left, right): ([UInt32], [UInt32], [UInt32]) = ([], [], [])
        var values: [Float] = []
        var missingLeft: [UInt8] = []
        for tree in trees {
            let start = UInt32(features.count)
            roots.append(start)
            let (lefts, rights) = (Self.numbers(tree["left_children"]), Self.numbers(tree["right_children"]))
            let (conditions, indices) = (
                Self.numbers(tree["split_conditions"]), Self.numbers(tree["split_indices"])
            )
            let defaults = Self.numbers(tree["default_left"])
            guard [rights.count, conditions.count, indices.count, defaults.count].allSatisfy({ $0 == lefts.count })
            else { throw RankingError(.libraryFailed, "XGBoost's trees do not fit together.") }
            for node in lefts.indices {
                let isLeaf = lefts[node] < 0
                left.append(isLeaf ? 0 : start + UInt32(lefts[node]))
                right.append(isLeaf ? 0 : start + UInt32(rights[node]))
                features.append(isLeaf ? 0 : UInt32(indices[node]))
                values.append(Float(conditions[node]))
                missingLeft.append(defaults[node] > 0 ? 1 : 0)
            }
        }
        try self.init(
            featureCount: featureCount, base: 0, roots: roots, features: features, values: values, left: left,
            right: right, missingLeft: missingLeft)
    }

    /// Numbers and truth values of an array; what is neither becomes NaN and is refused later.
    private static func numbers(_ value: JSONValue?) -> [Double] {
        (value?.arrayValue ?? []).map { element in
            element.doubleValue ?? element.integerValue.map { Double($0) } ?? element.boolValue.map { $0 ? 1 : 0 }
                ?? -1
        }
    }
}
