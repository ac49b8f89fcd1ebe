import Foundation

/// Session neighbours from an index of recent sessions: VMIS-kNN (Kersbergen, Sprangers and Schelter, SIGMOD 2022).
///
/// The 500 newest sessions that share an item with the last ten of the history compete; the 100 most similar speak. Similarity
/// sums the linear weight of shared items' places in the history; a neighbour's items count by that, by the place of the
/// newest shared item, and by log(sessions / sessions with the item). Sessions count as newer the later they stand.
public struct VMISModel: SequenceModel {
    public static let name = "vmis"
    private static let recentSessions = 500
    private static let neighbourCount = 100
    private static let historyLimit = 10

    private let sessions: InteractionMatrix
    /// By item, its sessions; newest last.
    private let postings: InteractionMatrix
    private let rarity: [Double]

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> VMISModel {
        let sessions = InteractionMatrix(sequences, itemLimit: itemLimit)
        let postings = sessions.transposed()
        let rarity = (0..<itemLimit).map {
            log(Double(max(1, sequences.count)) / Double(max(1, postings.row($0).count)))
        }
        return VMISModel(sessions: sessions, postings: postings, rarity: rarity)
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        let recent = Array(history.suffix(Self.historyLimit))
        var similarity: [UInt32: Double] = [:]
        var newestShared: [UInt32: Int] = [:]
        var seen: Set<UInt32> = []
        for (place, item) in recent.enumerated().reversed() {
            guard Int(item) < rarity.count, seen.insert(item).inserted else { continue }
            let weight = Double(place + 1) / Double(recent.count)
            for posting in postings.row(Int(item)).suffix(Self.recentSessions) {
                let session = postings.columns[posting]
                similarity[session, default: 0] += weight
                if newestShared[session] == nil { newestShared[session] = recent.count - place }
            }
        }
        var newest = TopItems(limit: Self.recentSessions)
        for session in similarity.keys { newest.insert(session, Double(session)) }
        var nearest = TopItems(limit: Self.neighbourCount)
        for (session, _) in newest.sorted { nearest.insert(session, similarity[session] ?? 0) }
        for (session, value) in nearest.sorted {
            // 1 - 0.1 · steps back to the newest shared item, as in the paper.
            let share = value * max(0, 1 - 0.1 * Double(newestShared[session] ?? 10))
            for place in sessions.row(Int(session)) {
                let item = Int(sessions.columns[place])
                scores[item] += share * rarity[item]
            }
        }
    }
}
