import Domain
import Features
import Foundation
import Numerics
public import Storage

/// Matrix factorisation with features of items and people: see `FeatureFactors`.
///
/// An item's features are its own number, if anybody bought it, and what `FeatureTable` says of it; a person's are their own number, what
/// the shop knows of them (`TrainingSet.people`), and the categories of the first ten things they bought. Features of a row weigh
/// the same and sum to one. A pair weighs √(decayed count), at most 2. So somebody whom training never saw is scored by their attributes and first
/// categories, and an item that nobody bought by what it is. Somebody of whom nothing is known gets the items' biases.
public struct FeatureFactorModel: Recommender {
    public static let name = "lightfm"
    private static let decay = 0.98
    static let firstLines = 10

    private let factors: FeatureFactors
    /// Names of people's features that are no numbers of theirs; their vectors come first in the factors of users.
    private let names: [String]
    private let places: [String: Int]
    /// Items by features.
    private let rows: SparseRows
    /// By item: its category, `ItemFacts.unknown` without one.
    private let categories: [UInt32]
    /// By user of the training: the sum of their features' vectors, zero for those without a history; attributes themselves are not kept.
    private let people: FactorMatrix
    private let hasPerson: [UInt8]
    /// Vectors and biases of items; made from the rest.
    private let itemVectors: FactorMatrix
    private let itemBiases: [Float]

    public static func train(_ set: TrainingSet) -> FeatureFactorModel {
        var parameters = FeatureFactors.Parameters()
        parameters.seed = set.seed
        return train(set, parameters: parameters)
    }

    static func train(_ set: TrainingSet, parameters: FeatureFactors.Parameters) -> FeatureFactorModel {
        let categories = (0..<set.itemLimit).map { set.facts.category(ItemNumber(UInt32($0))) ?? ItemFacts.unknown }
        var pairs: [FeatureFactors.Pair] = []
        var bought = [Bool](repeating: false, count: set.itemLimit)
        var known: [[String]] = []
        for user in 0..<set.log.userLimit {
            let number = UserNumber(UInt32(user))
            let history = set.log.history(of: number, before: set.now)
            for entry in PersonalCounts(history, now: set.now, decay: decay).entries {
                bought[Int(entry.item)] = true
                let weight = Float(min(2, entry.decayed.squareRoot()))
                pairs.append(.init(user: UInt32(user), item: entry.item, weight: weight))
            }
            known.append(
                history.isEmpty ? [] : names(history, categories, attributes: set.people[number] ?? [:]))
        }
        let names = Set(known.flatMap(\.self)).sorted()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var userRows = SparseRows(columnLimit: names.count + set.log.userLimit)
        for (user, own) in known.enumerated() {
            let isSeen = !set.log.range(of: UserNumber(UInt32(user)), before: set.now).isEmpty
            let columns = own.compactMap { places[$0] }.sorted() + (isSeen ? [names.count + user] : [])
            userRows.append(columns.map { (UInt32($0), 1 / Float(columns.count)) })
        }
        let rows = itemRows(set, bought: bought)
        let factors = FeatureFactors(pairs, userRows: userRows, itemRows: rows, parameters: parameters)
        var people = FactorMatrix(rows: userRows.rowCount, factors: factors.users.width)
        for user in 0..<userRows.rowCount {
            let width = people.width
            people.values.replaceSubrange(
                user * width..<(user + 1) * width, with: FeatureFactors.sum(userRows, user, of: factors.users))
        }
        // Of users' features only the named ones are asked for again.
        var shared = FactorMatrix(rows: names.count, factors: factors.users.width)
        shared.values = Array(factors.users.values.prefix(shared.values.count))
        return FeatureFactorModel(
            factors: FeatureFactors(users: shared, items: factors.items, biases: factors.biases), names: names,
            rows: rows, categories: categories, people: people,
            hasPerson: (0..<userRows.rowCount).map { userRows.row($0).isEmpty ? 0 : 1 })
    }

    private init(
        factors: FeatureFactors, names: [String], rows: SparseRows, categories: [UInt32], people: FactorMatrix,
        hasPerson: [UInt8]
    ) {
        (self.factors, self.names, self.rows, self.categories) = (factors, names, rows, categories)
        (self.people, self.hasPerson) = (people, hasPerson)
        places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var vectors = FactorMatrix(rows: rows.rowCount, factors: factors.items.width)
        var biases: [Float] = []
        for item in 0..<rows.rowCount {
            vectors.values.replaceSubrange(
                item * vectors.width..<(item + 1) * vectors.width,
                with: FeatureFactors.sum(rows, item, of: factors.items))
            biases.append(
                rows.row(item).reduce(0) { $0 + rows.weights[$1] * factors.biases[Int(rows.columns[$1])] })
        }
        (itemVectors, itemBiases) = (vectors, biases)
    }

    /// Features that at least two items have, and each bought item's own.
    private static func itemRows(_ set: TrainingSet, bought: [Bool]) -> SparseRows {
        let table = FeatureTable(set)
        let frequencies = table.frequencies()
        let shared = table.features.features.count
        var rows = SparseRows(columnLimit: shared + set.itemLimit)
        for item in 0..<set.itemLimit {
            var columns = table.features.row(of: item).map { table.features.columns[$0] }
                .filter { frequencies[Int($0)] > 1 }
            if bought[item] { columns.append(UInt32(shared + item)) }
            rows.append(columns.map { ($0, 1 / Float(columns.count)) })
        }
        return rows
    }

    /// What is known of somebody, as names of features, in a fixed order.
    private static func names(
        _ history: [Interaction], _ categories: [UInt32], attributes: [String: String]
    ) -> [String] {
        var result = Set(attributes.map { "\($0.key)=\($0.value)" })
        for line in history.prefix(firstLines) where line.item.index < categories.count {
            let category = categories[line.item.index]
            if category != ItemFacts.unknown { result.insert("first category=\(category)") }
        }
        return result.sorted()
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        guard hasPerson.contains(1) else { return [] }
        var scores = itemBiases.map { Double($0) }
        itemVectors.addProducts(with: vector(of: context), to: &scores)
        var best = TopItems(limit: limit)
        for item in scores.indices where best.mayEnter(UInt32(item), scores[item]) {
            guard !rows.row(item).isEmpty, context.eligibility.allows(ItemNumber(UInt32(item))) else { continue }
            best.insert(UInt32(item), scores[item])
        }
        let reason: Reason = context.history.isEmpty ? .popular : .likeYou
        return best.sorted.map { ScoredItem(item: ItemNumber($0.item), score: $0.score, reason: reason) }
    }

    /// Somebody's factors: those learnt, or the mean of their known features' where training did not see them.
    private func vector(of context: RecommendationContext) -> [Float] {
        let width = people.width
        if let user = context.user, user.index < hasPerson.count, hasPerson[user.index] == 1, !context.history.isEmpty {
            return Array(people.values[user.index * width..<(user.index + 1) * width])
        }
        let before = context.history.filter { $0.time < context.now }
        let own = Self.names(before, categories, attributes: context.attributes).compactMap { places[$0] }
        var row = SparseRows(columnLimit: names.count)
        row.append(own.sorted().map { (UInt32($0), 1 / Float(own.count)) })
        return FeatureFactors.sum(row, 0, of: factors.users)
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        rows.store(in: &file, name: "features")
        file.set("item_factors", factors.items.values)
        file.set("item_biases", factors.biases)
        file.set("person_factors", factors.users.values)
        file.set("people", people.values)
        file.set("has_person", hasPerson)
        file.set("categories", categories)
        NameColumn.store(names, in: &file, name: "names")
        file.set("width", [Double(people.width)])
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        let number = try columns.number("width")
        guard let width = Int(exactly: number), (8...4096).contains(width), width % 8 == 0 else {
            throw columns.damaged("its width is wrong")
        }
        func matrix(_ name: String) throws(StorageError) -> FactorMatrix {
            let values = try columns.floats(name)
            guard values.count % width == 0 else { throw columns.damaged("its \(name) have another width") }
            var matrix = FactorMatrix(rows: values.count / width, factors: width)
            matrix.values = values
            return matrix
        }
        let (items, users) = (try matrix("item_factors"), try matrix("person_factors"))
        let (people, biases) = (try matrix("people"), try columns.floats("item_biases"))
        let rows = try SparseRows(columns, name: "features", columnLimit: items.rows)
        let (names, hasPerson) = (try NameColumn.read(columns, name: "names"), try columns.bytes("has_person"))
        let categories = try columns.uint32s("categories")
        guard biases.count == items.rows, users.rows == names.count, hasPerson.count == people.rows,
            categories.count == rows.rowCount
        else { throw columns.damaged("its parts do not fit together") }
        self.init(
            factors: FeatureFactors(users: users, items: items, biases: biases), names: names, rows: rows,
            categories: categories, people: people, hasPerson: hasPerson)
    }
}
