import Domain
import Encoders
import Features
public import Storage

/// What comes next of a person's history, by a network that `souk-train sasrec --shop` or one of its kin trained.
///
/// It is not trained here: `train` takes the set's network over, and without one it has nothing to say. A score is the network's
/// logit. Items that nobody had bought when it learned stand behind all others, in the order of their logits: nothing taught the network
/// how likely they are beside items that sell.
public struct SequenceRecommender: Recommender, NetworkVoice {
    public static let name = "sequence"
    /// Kind and format of the artefact that holds it.
    public static let artefactKind = name
    public static let artefactFormat = 1

    private let file: ColumnFile
    /// `nil` without a network.
    private let encoder: (any SequenceEncoder)?
    /// Item numbers by row.
    private let items: [UInt32]
    private let isBought: [Bool]
    /// Rows by item number; -1 for none.
    private let rows: [Int32]
    private let tellsNew: Bool

    public static func train(_ set: TrainingSet) -> SequenceRecommender {
        guard let network = set.network else { return SequenceRecommender() }
        // Whoever gave the network opened it: one that cannot be read has nothing to say.
        return (try? SequenceRecommender(network)) ?? SequenceRecommender()  // See above.
    }

    /// Opens the artefact that `souk train` wrote.
    public init(artefact folder: String) throws(StorageError) {
        let artefact = try Artefact.open(
            folder: folder, kind: Self.artefactKind, formatVersion: Self.artefactFormat)
        try self.init(loading: artefact.folder)
    }

    private init() {
        (file, encoder, tellsNew) = (ColumnFile(kind: Self.name), nil, false)
        (items, isBought, rows) = ([], [], [])
    }

    /// - Throws: `corrupt` for a network whose parts do not fit together.
    public init(_ network: ShopNetwork) throws(StorageError) {
        var file = ColumnFile(kind: Self.name)
        file.set("network", Array(network.files.kind.utf8))
        file.set("shape", network.files.shape)
        file.set("weights", network.files.weights)
        file.set("items", network.items)
        file.set("counts", network.counts)
        file.set("tells_new", [network.tellsNew ? 1 : 0] as [UInt8])
        try self.init(file)
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        guard !columns.columns.isEmpty else {
            (file, encoder, tellsNew) = (columns, nil, false)
            (items, isBought, rows) = ([], [], [])
            return
        }
        let (items, counts) = (try columns.uint32s("items"), try columns.uint32s("counts"))
        let tellsNew = try columns.bytes("tells_new")
        let files = SequenceFiles(
            kind: String(decoding: try columns.bytes("network"), as: UTF8.self), names: items.map { String($0) },
            shape: try columns.bytes("shape"), weights: try columns.bytes("weights"))
        let limit = (items.filter { $0 != ShopNetwork.unknownItem }.max()).map { Int($0) + 1 } ?? 0
        guard counts.count == items.count, tellsNew.count == 1, limit <= 1 << 28 else {
            throw columns.damaged("its parts do not fit together")
        }
        var rows = [Int32](repeating: -1, count: limit)
        for (row, item) in items.enumerated() where item != ShopNetwork.unknownItem {
            guard rows[Int(item)] < 0 else { throw columns.damaged("it names an item twice") }
            rows[Int(item)] = Int32(row)
        }
        do {
            encoder = try SequenceEncoders.read(files)
        } catch {
            throw columns.damaged("\(error)")
        }
        (file, self.items, self.rows) = (columns, items, rows)
        (isBought, self.tellsNew) = (counts.map { $0 > 0 }, tellsNew[0] == 1)
    }

    /// Whether there is a network.
    public var knowsSomething: Bool { encoder != nil }

    public func columns() -> ColumnFile { file }

    /// - Complexity: That of the encoder, and O(items).
    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard limit > 0, let scores = scores(after: context) else { return [] }
        var eligibility = context.eligibility
        if tellsNew { eligibility.excluded.formUnion(context.history.map(\.item)) }
        let behind = 1 + Double(scores.max() ?? 0) - Double(scores.min() ?? 0)
        var best = TopItems(limit: limit)
        for (row, item) in items.enumerated() where item != ShopNetwork.unknownItem {
            let score = Double(scores[row]) - (isBought[row] ? 0 : behind)
            guard best.mayEnter(item, score), eligibility.allows(ItemNumber(item)) else { continue }
            best.insert(item, score)
        }
        return best.sorted.map { ScoredItem(item: ItemNumber($0), score: $1, reason: .likePurchases) }
    }

    func logits(
        of list: [ItemNumber], for context: RecommendationContext, beside _: RankedBasketModel
    ) -> [Double?]? {
        guard let scores = scores(after: context) else { return nil }
        return list.map { item in row(of: item).map { Double(scores[$0]) } }
    }

    /// The logit of every row; `nil` for somebody of whom the network knows nothing.
    private func scores(after context: RecommendationContext) -> [Float]? {
        guard let encoder else { return nil }
        let history = sequence(context)
        return history.isEmpty ? nil : encoder.scores(after: history)
    }

    /// What was bought, then what was looked at in the session, then what lies in the basket: rows, as the network learned them.
    func sequence(_ context: RecommendationContext) -> [Int] {
        var (sequence, seen, basket): ([Int], Set<ItemNumber>, Int32?) = ([], [], nil)
        for line in context.history {
            if !tellsNew, line.basket != basket { seen = [] }
            basket = line.basket
            if seen.insert(line.item).inserted, let row = row(of: line.item) { sequence.append(row) }
        }
        return sequence + (context.session.map(\.item) + context.basket).compactMap(row)
    }

    private func row(of item: ItemNumber) -> Int? {
        guard item.index < rows.count, rows[item.index] >= 0 else { return nil }
        return Int(rows[item.index])
    }
}
