public import Domain
import Features
import Storage

/// An item of a person's history at the moment when it was bought: what `ShopService.purchases` lists.
public struct PastPurchase: Hashable, Sendable {
    public var item: ItemID
    public var time: Timestamp

    public init(item: ItemID, time: Timestamp) { (self.item, self.time) = (item, time) }

    /// Reads `1504440000000:ITEM`, milliseconds since 1970 and the item's identifier; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        guard let colon = text.firstIndex(of: ":"), let time = Int64(text[..<colon]),
            let item = ItemID(String(text[text.index(after: colon)...]))
        else { return nil }
        self.init(item: item, time: Timestamp(milliseconds: time))
    }

    /// The form that `init(_:)` reads.
    public var text: String { "\(time.milliseconds):\(item.rawValue)" }
}

/// A part of what a person bought, newest first.
public struct PurchaseList: Sendable {
    public struct Entry: Sendable {
        public var card: Card
        public var time: Timestamp
        public var quantity: Int
    }

    /// All that match.
    public var total: Int
    public var entries: [Entry]
}

extension ShopService {
    /// What a person bought as far as models see it, newest first; throws `notFound` for somebody without events.
    ///
    /// - Parameter words: Each must stand in the item's title, in any case; empty for all purchases.
    /// - Complexity: O(purchases), and reads the titles of all items bought where there are words.
    public func purchases(of raw: String, matching words: String = "", offset: Int = 0, limit: Int) throws
        -> PurchaseList
    {
        let known = try history(of: pseudonym(raw))
        guard known.user != nil else { throw ServingError(.notFound, "Nothing is known about this person.") }
        let snapshot = try snapshot()
        var bought = Array(known.purchases(before: now()).reversed())
        let wanted = words.lowercased().split(separator: " ")
        if !wanted.isEmpty {
            let items = try storedItems(Set(bought.map(\.item)).sorted())
            let fitting = Set(
                items.filter { stored in
                    let title = stored.item.title.lowercased()
                    return wanted.allSatisfy { title.contains($0) }
                }.map(\.number))
            bought.removeAll { !fitting.contains($0.item) }
        }
        let part = bought.dropFirst(offset).prefix(limit)
        let items = Dictionary(
            try storedItems(Set(part.map(\.item)).sorted()).map { ($0.number, $0) },
            uniquingKeysWith: { first, _ in first })
        return PurchaseList(
            total: bought.count,
            entries: part.compactMap { line in
                items[line.item].map {
                    PurchaseList.Entry(card: snapshot.card($0), time: line.time, quantity: Int(line.quantity))
                }
            })
    }

    /// Takes out of a history what a call says was never bought.
    func forget(_ call: RecommendCall, _ numbers: [ItemID: ItemNumber], in history: inout [Interaction]) {
        guard !call.without.isEmpty || !call.withoutPurchases.isEmpty else { return }
        let items = Set(call.without.compactMap { numbers[$0] })
        let purchases = call.withoutPurchases.compactMap { purchase in
            numbers[purchase.item].map { BoughtAt(item: $0, time: purchase.time) }
        }
        let lines = Set(purchases)
        history.removeAll { items.contains($0.item) || lines.contains(BoughtAt(item: $0.item, time: $0.time)) }
    }
}

private struct BoughtAt: Hashable {
    let item: ItemNumber
    let time: Timestamp
}
