import Dispatch
public import Domain
import Synchronization

/// Leave-one-out runs over sequences: for each user the ten best items after all but the last.
///
/// The last item of a line is never looked at, not even to learn which items exist.
public struct SequenceEvaluation: Sendable {
    public let users: [String]
    /// Identifiers by item number, in the order of `ItemID`.
    public let itemIDs: [ItemID]
    /// What models may see: each line without its last item.
    public let histories: [[UInt32]]

    /// One line a user: `user item item …`, oldest first; `nil` if an identifier is not valid.
    public init?(lines: [(user: String, items: [String])]) {
        var ids: [String: ItemID] = [:]
        for line in lines {
            for text in line.items.dropLast() where ids[text] == nil {
                guard let id = ItemID(text) else { return nil }
                ids[text] = id
            }
        }
        itemIDs = ids.values.sorted()
        var numbers: [String: UInt32] = [:]
        for (number, id) in itemIDs.enumerated() { numbers[id.rawValue] = UInt32(number) }
        users = lines.map(\.user)
        histories = lines.map { line in line.items.dropLast().compactMap { numbers[$0] } }
    }

    /// Reads a file's text; empty lines are skipped, `nil` if an identifier is not valid.
    public init?(parsing text: String) {
        var lines: [(user: String, items: [String])] = []
        for line in text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            let words = line.split(whereSeparator: { $0 == 32 || $0 == 9 }).map { String(Substring($0)) }
            guard let user = words.first else { continue }
            lines.append((user, Array(words.dropFirst())))
        }
        self.init(lines: lines)
    }

    /// Trains PCTM on the histories and returns each user's list, in the order of lines.
    public func run(_ parameters: PCTMModel.Parameters = .init(), limit: Int = 10) -> [(user: String, items: [ItemID])]
    {
        let model = PCTMModel.train(histories, itemLimit: itemIDs.count, parameters: parameters)
        let threads = 2
        let parts = Mutex([[[UInt32]]](repeating: [], count: threads))
        let step = (histories.count + threads - 1) / threads
        DispatchQueue.concurrentPerform(iterations: threads) { part in
            let range = min(histories.count, part * step)..<min(histories.count, (part + 1) * step)
            let lists = range.map { model.top(after: histories[$0], limit: limit) }
            parts.withLock { $0[part] = lists }
        }
        let lists = parts.withLock { $0.flatMap(\.self) }
        return zip(users, lists).map { user, list in (user, list.map { itemIDs[Int($0)] }) }
    }
}
