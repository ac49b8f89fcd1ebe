import Domain
import Features
import Foundation
public import Storage

/// What somebody may like for what it is: items whose words and properties are those of what they bought.
///
/// After Pazzani and Billsus (The Adaptive Web, 2007): an item is a vector over words of its title, levels of its category path,
/// brand, brand class, price level and further attributes, weighed as BM25 does (Robertson and Zaragoza, 2009, eq. 3.15: k1 1.2,
/// b 0.75, idf log(1 + (N - n + ½)/(n + ½)); a property counts once) and of length one. A person is the decayed mean of
/// what they bought less γ times what everybody buys (Rocchio, 1971: what is bought stands for the relevant documents, the crowd for
/// the others); parts below zero are left out. score = cosine · (1 + decayed sales)^σ: where many items have one text, as sizes and makes of
/// one thing, sales tell them apart. So items that nobody bought have scores too.
///
/// Complexity of an answer: O(entries of the lists of the profile's 48 heaviest properties).
public struct ContentModel: Recommender {
    public static let name = "content"

    /// Chosen on the next baskets of Complete Journey of 2017-08-09 and 2017-09-06.
    struct Parameters: Hashable, Sendable {
        /// Days after which a purchase counts half.
        var halfLife = 60.0
        /// γ.
        var crowd: Float = 0.5
        /// σ.
        var salesPower = 1.0
        init() {}
    }

    private static let (saturation, lengthPart) = (1.2, 0.75)
    /// What more than so large a part of the items have says little, and its list is long: it is left out.
    private static let mostCommon = 0.2
    /// Lists of so many items are kept in any case.
    private static let fewEntries = 1000.0
    private static let profileSize = 48

    /// Items by features, of length one.
    let rows: SparseRows
    /// Features by items.
    private let lists: SparseRows
    /// By feature: what everybody buys, of the same scale as a person's mean.
    private let crowd: [Float]
    /// By item: (1 + decayed sales)^σ.
    private let sales: [Float]
    /// By feature: the last level of a category's path, empty for others; what reasons name.
    private let names: [String]
    private let parameters: Parameters

    public static func train(_ set: TrainingSet) -> ContentModel { train(set, parameters: Parameters()) }

    static func train(_ set: TrainingSet, parameters: Parameters) -> ContentModel {
        let table = FeatureTable(set)
        let rows = vectors(table)
        let counts = PopularityModel.train(set).weights
        var crowd = [Float](repeating: 0, count: rows.columnLimit)
        let total = Float(max(1e-9, counts.reduce(0, +)))
        for (item, count) in counts.enumerated() where count > 0 {
            for place in rows.row(item) {
                crowd[Int(rows.columns[place])] += rows.weights[place] * Float(count) / total
            }
        }
        return ContentModel(
            rows: rows, crowd: crowd, sales: counts.map { Float(pow(1 + $0, parameters.salesPower)) },
            names: table.features.features.map { feature in
                feature.kind == .category ? feature.name.components(separatedBy: " > ").last ?? "" : ""
            }, parameters: parameters)
    }

    private init(rows: SparseRows, crowd: [Float], sales: [Float], names: [String], parameters: Parameters) {
        (self.rows, self.crowd, self.sales, self.names) = (rows, crowd, sales, names)
        self.parameters = parameters
        lists = rows.transposed()
    }

    private static func vectors(_ table: FeatureTable) -> SparseRows {
        let features = table.features
        let frequencies = table.frequencies()
        let total = Double(features.numberLimit)
        func isWord(_ place: Int) -> Bool { features.features[Int(features.columns[place])].kind == .word }
        let words = features.columns.indices.reduce(0.0) { isWord($1) ? $0 + Double(features.counts[$1]) : $0 }
        let meanLength = max(1, words / max(1, total))
        var rows = SparseRows(columnLimit: features.features.count)
        for item in 0..<features.numberLimit {
            let places = features.row(of: item)
            let length = places.reduce(0.0) { isWord($1) ? $0 + Double(features.counts[$1]) : $0 }
            let damping = saturation * (1 - lengthPart + lengthPart * length / meanLength)
            var row: [(column: UInt32, weight: Float)] = []
            for place in places {
                let column = features.columns[place]
                let frequency = Double(frequencies[Int(column)])
                guard frequency <= max(fewEntries, mostCommon * total) else { continue }
                let rarity = log(1 + (total - frequency + 0.5) / (frequency + 0.5))
                let count = isWord(place) ? Double(features.counts[place]) : 1
                let part = isWord(place) ? count * (saturation + 1) / (count + damping) : 1
                row.append((column, Float(rarity * part)))
            }
            let norm = row.reduce(0) { $0 + $1.weight * $1.weight }.squareRoot()
            rows.append(norm > 0 ? row.map { ($0.column, $0.weight / norm) } : [])
        }
        return rows
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        let profile = profile(of: context)
        guard !profile.isEmpty else { return [] }
        var (sums, touched) = ([Float](repeating: 0, count: rows.rowCount), [UInt32]())
        for (feature, weight) in profile {
            for place in lists.row(Int(feature)) {
                let item = lists.columns[place]
                if sums[Int(item)] == 0 { touched.append(item) }
                sums[Int(item)] += weight * lists.weights[place]
            }
        }
        var best = TopItems(limit: limit)
        for item in touched {
            let score = Double(sums[Int(item)] * sales[Int(item)])
            guard best.mayEnter(item, score), item != context.anchor?.rawValue,
                context.eligibility.allows(ItemNumber(item))
            else { continue }
            best.insert(item, score)
        }
        return best.sorted.map { item, score in
            ScoredItem(item: ItemNumber(item), score: score, reason: reason(item, profile, context))
        }
    }

    /// Scores of given items, zero where nothing of them is known; what a ranker reads.
    func cosines(of items: some Sequence<UInt32>, _ profile: [(feature: UInt32, weight: Float)]) -> [Float] {
        var weights = [Float](repeating: 0, count: rows.columnLimit)
        for (feature, weight) in profile { weights[Int(feature)] = weight }
        return items.map { item in
            rows.row(Int(item)).reduce(0) { $0 + rows.weights[$1] * weights[Int(rows.columns[$1])] }
        }
    }

    /// The heaviest properties of what somebody bought, or of the page's item alone; of length one as a vector.
    func profile(of context: RecommendationContext) -> [(feature: UInt32, weight: Float)] {
        var sums = [Float](repeating: 0, count: rows.columnLimit)
        func add(_ item: ItemNumber, _ weight: Float) {
            for place in rows.row(item.index) { sums[Int(rows.columns[place])] += weight * rows.weights[place] }
        }
        if let anchor = context.anchor {
            add(anchor, 1)
        } else {
            let own = PersonalCounts(context.history, now: context.now, decay: exp2(-1 / parameters.halfLife))
            let recent = (context.session.map(\.item) + context.basket)
            let total = Float(own.entries.reduce(0) { $0 + $1.decayed } + Double(recent.count))
            guard total > 0 else { return [] }
            for entry in own.entries { add(ItemNumber(entry.item), Float(entry.decayed) / total) }
            for item in recent { add(item, 1 / total) }
            for place in sums.indices where sums[place] > 0 { sums[place] -= parameters.crowd * crowd[place] }
        }
        var heaviest = TopItems(limit: Self.profileSize)
        for place in sums.indices where sums[place] > 0 { heaviest.insert(UInt32(place), Double(sums[place])) }
        let norm = heaviest.sorted.reduce(0) { $0 + $1.score * $1.score }.squareRoot()
        guard norm > 0 else { return [] }
        return heaviest.sorted.map { ($0.item, Float($0.score / norm)) }
    }

    /// Names the narrowest category that the item shares with what was bought.
    private func reason(
        _ item: UInt32, _ profile: [(feature: UInt32, weight: Float)], _ context: RecommendationContext
    ) -> Reason {
        if let anchor = context.anchor { return .similarTo(anchor) }
        let own = Set(rows.row(Int(item)).map { rows.columns[$0] })
        let shared = profile.filter { own.contains($0.feature) && !names[Int($0.feature)].isEmpty }
        let best = shared.max { left, right in
            let (a, b) = (lists.row(Int(left.feature)).count, lists.row(Int(right.feature)).count)
            // Of equals the later one: a level is numbered after those above it.
            return (b, left.feature) < (a, right.feature)
        }
        return best.map { .oftenBuys(names[Int($0.feature)]) } ?? .likePurchases
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        rows.store(in: &file, name: "features")
        file.set("crowd", crowd)
        file.set("sales", sales)
        file.set("half_life", [parameters.halfLife])
        file.set("crowd_part", [Double(parameters.crowd)])
        NameColumn.store(names, in: &file, name: "names")
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        let (crowd, sales) = (try columns.floats("crowd"), try columns.floats("sales"))
        let names = try NameColumn.read(columns, name: "names")
        let rows = try SparseRows(columns, name: "features", columnLimit: crowd.count)
        var parameters = Parameters()
        parameters.halfLife = try columns.number("half_life")
        parameters.crowd = Float(try columns.number("crowd_part"))
        guard names.count == crowd.count, sales.count == rows.rowCount, parameters.halfLife > 0 else {
            throw columns.damaged("its parts do not fit together")
        }
        self.init(rows: rows, crowd: crowd, sales: sales, names: names, parameters: parameters)
    }
}
