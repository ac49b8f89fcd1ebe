import Dispatch
import Domain
import Meaning
import Storage
import Synchronization

/// Changed items that wait to be encoded, in the background and in small batches.
///
/// Of an item that changes again before its turn only the newest state waits, so that there are never more than the
/// catalogue has items.
final class MeaningUpdates: Sendable {
    /// Items that are encoded together.
    private static let batch = 256

    private struct State {
        var waiting: [ItemNumber: StoredItem] = [:]
        var isWorking = false
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "souk.meaning", qos: .utility)

    /// How many items wait.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Lets `update` take over the items soon, some at a time.
    func add(_ items: [StoredItem], to update: @escaping @Sendable ([StoredItem]) -> Void) {
        let starts = state.withLock { state in
            for item in items { state.waiting[item.number] = item }
            defer { state.isWorking = true }
            return !state.isWorking
        }
        if starts { queue.async { self.work(update) } }
    }

    private func work(_ update: ([StoredItem]) -> Void) {
        while let next = take() { update(next) }
    }

    /// `nil` if nothing waits: then the work ends.
    private func take() -> [StoredItem]? {
        state.withLock { state in
            let numbers = Array(state.waiting.keys.prefix(Self.batch))
            state.isWorking = !numbers.isEmpty
            return numbers.isEmpty ? nil : numbers.compactMap { state.waiting.removeValue(forKey: $0) }
        }
    }
}
