import Domain
import Features
import Foundation
public import Storage

/// Items that the same people buy: cosine over decayed user columns, shrunk by n / (n + 20) for *n* common buyers.
///
/// Each user's column is divided by its length, so that people who buy everything do not rule. Item-based neighbours after Sarwar et al. (WWW
/// 2001), with rows of unit length after Deshpande and Karypis (TOIS 2004) and the shrinkage of Bell and Koren (ICDM 2007).
public struct ItemNeighbourModel: Recommender {
    public static let name = "item_neighbours"
    static let halfLifeDays = 180.0
    static let shrinkage = 20.0
    static let neighbourLimit = 40
    static let itemsPerUser = 400
    static let sessionLength = 20

    let table: NeighbourTable

    init(table: NeighbourTable) { self.table = table }

    public static func train(_ set: TrainingSet) -> ItemNeighbourModel {
        let vectors = UserVectors(
            set, decay: exp2(-1 / halfLifeDays), itemsPerUser: itemsPerUser, isDamped: true)
        let (norms, weights) = (vectors.itemNorms(), vectors.weights())
        var table = NeighbourTable()
        var dots = ScoreBoard(itemLimit: set.itemLimit)
        var commons = [Float](repeating: 0, count: set.itemLimit)
        for item in 0..<set.itemLimit {
            let postings = vectors.postings(of: item)
            guard postings.count >= 3 else {
                table.append([])
                continue
            }
            dots.clear()
            for posting in postings {
                let (user, weight) = vectors.posting(posting)
                for place in vectors.row(of: user) {
                    let other = vectors.items[place]
                    dots.add(other, weight * Double(weights[place]))
                    commons[Int(other)] += 1
                }
            }
            var best = TopItems(limit: neighbourLimit)
            for other in dots.touched {
                let common = Double(commons[Int(other)])
                commons[Int(other)] = 0
                guard other != UInt32(item), common >= 3 else { continue }
                let cosine = dots.scores[Int(other)] / max(1e-12, norms[item] * norms[Int(other)])
                best.insert(other, cosine * common / (common + shrinkage))
            }
            table.append(best.sorted)
        }
        return ItemNeighbourModel(table: table)
    }

    /// Neighbours of the page's item; without one, of the session and of what was bought last.
    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        if let anchor = context.anchor {
            return table.answer([anchor], context: context, limit: limit) { .similarTo($0) }
        }
        let seen = context.session.isEmpty ? context.history : context.session
        let sources = seen.suffix(Self.sessionLength).map(\.item)
        return table.answer(sources, context: context, limit: limit) { .similarTo($0) }
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        table.store(in: &file)
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) { table = try NeighbourTable(columns) }
}
