internal import Numerics

/// What one history gives to learn in one epoch.
struct SequenceExample: Hashable {
    /// What the network reads.
    var inputs: [Int32]
    /// The places of `inputs` at which it is asked.
    var places: [Int]
    /// What it is to tell there, shape `[places.count]`.
    var targets: [Int32]
}

/// Numbers that a network reads beside those of items.
public struct SequenceVocabulary: Sendable, Hashable {
    public let items: Int
    /// Stands for an item that is hidden, if the network knows it.
    public let mask: Int32?
    /// Fills rows up at their ends.
    public let padding: Int32
}

/// How histories are changed at random before a network learns from them (Xie et al., "Contrastive learning for sequential
/// recommendation", ICDE 2022, section 3.2); 0 for not at all.
public struct SequenceChanges: Sendable, Hashable {
    /// Leaves a stretch of this share of the items.
    public var crop = 0.0
    /// Hides this share of what is read; what is to be told stays.
    public var mask = 0.0
    /// Puts a stretch of this share of the items in another order.
    public var reorder = 0.0

    public init(crop: Double = 0, mask: Double = 0, reorder: Double = 0) {
        (self.crop, self.mask, self.reorder) = (crop, mask, reorder)
    }
}

/// Makes examples of histories.
struct SequenceRecipe: Sendable, Hashable {
    /// What is asked of the network.
    enum Objective: Sendable, Hashable {
        /// Item *k + 1* of the items up to *k*, for all *k*.
        case next
        /// Items that are hidden, this share of all (the cloze task: Sun et al., CIKM 2019); in one of five examples the last item alone,
        /// as in use.
        case cloze(Double)
    }

    private static let lastShare = 0.2
    /// Of a longer history only its end is used.
    let length: Int
    var objective = Objective.next
    var changes = SequenceChanges()
    let vocabulary: SequenceVocabulary

    /// `nil` for a history of fewer than two items: it has nothing to tell.
    func example(of history: [Int32], using random: inout SeededGenerator) -> SequenceExample? {
        guard history.count >= 2 else { return nil }
        var (items, hides) = (history, false)
        // A history stays as it is or is changed in one way, each as probable as the others.
        let ways = [changes.crop, changes.mask, changes.reorder]
        let chosen = ways.indices.filter { ways[$0] > 0 }
        if !chosen.isEmpty {
            switch ([nil] + chosen.map { $0 }).randomElement(using: &random) ?? nil {
            case 0: items = Array(items[stretch(of: changes.crop, items.count, atLeast: 2, &random)])
            case 1: hides = true
            case 2:
                let range = stretch(of: changes.reorder, items.count, atLeast: 1, &random)
                items.replaceSubrange(range, with: items[range].shuffled(using: &random))
            default: break
            }
        }
        switch objective {
        case .next: return next(items, hides: hides, &random)
        case .cloze(let share): return cloze(Array(items.suffix(length)), share, &random)
        }
    }

    private func stretch(
        of share: Double, _ count: Int, atLeast least: Int, _ random: inout SeededGenerator
    ) -> Range<Int> {
        let length = min(count, max(least, Int(share * Double(count))))
        let start = Int.random(in: 0...count - length, using: &random)
        return start..<start + length
    }

    private func next(_ items: [Int32], hides: Bool, _ random: inout SeededGenerator) -> SequenceExample {
        let end = items.suffix(length + 1)
        var inputs = Array(end.dropLast())
        if hides, let mask = vocabulary.mask {
            let count = Int(changes.mask * Double(inputs.count))
            for place in inputs.indices.shuffled(using: &random).prefix(count) { inputs[place] = mask }
        }
        return SequenceExample(inputs: inputs, places: Array(inputs.indices), targets: Array(end.dropFirst()))
    }

    private func cloze(_ items: [Int32], _ share: Double, _ random: inout SeededGenerator) -> SequenceExample {
        var places = [items.count - 1]
        if random.unit() >= Self.lastShare {
            places = items.indices.filter { _ in random.unit() < share }
            if places.isEmpty { places = [Int.random(in: items.indices, using: &random)] }
        }
        var inputs = items
        if let mask = vocabulary.mask { for place in places { inputs[place] = mask } }
        return SequenceExample(inputs: inputs, places: places, targets: places.map { items[$0] })
    }
}
