import Dispatch
import Domain
import Storage
import Synchronization
import Testing

@testable import Serving

@Suite struct MeaningUpdatesTests {
    private func item(_ number: UInt32, _ title: String) -> StoredItem {
        StoredItem(number: ItemNumber(number), item: Item(id: itemID("i\(number)"), title: title), isWithdrawn: false)
    }

    @Test func `what changes again while it waits is taken over once, as it is last, and nothing is lost`() async {
        let updates = MeaningUpdates()
        let gate = DispatchSemaphore(value: 0)
        let seen = Mutex<[(count: Int, titles: [ItemNumber: String])]>([])
        let update: @Sendable ([StoredItem]) -> Void = { items in
            if seen.withLock({ $0.isEmpty }) { gate.wait() }
            seen.withLock { batches in
                batches.append(
                    (items.count, Dictionary(uniqueKeysWithValues: items.map { ($0.number, $0.item.title) })))
            }
        }
        updates.add([item(0, "first")], to: update)
        for change in 0..<50 { updates.add((0..<600).map { item($0, "change \(change)") }, to: update) }
        #expect(updates.count <= 600)
        gate.signal()
        while seen.withLock({ $0.reduce(0) { $0 + $1.count } }) < 601 { await Task.yield() }
        let batches = seen.withLock { $0 }
        #expect(batches.allSatisfy { $0.count <= 256 })
        let newest = batches.reduce(into: [:]) { $0.merge($1.titles) { $1 } }
        #expect(newest.count == 600)
        #expect(newest.values.allSatisfy { $0 == "change 49" })
        #expect(updates.count == 0)
    }
}
