public import Domain
import Synchronization

/// The searchable state of one shop: an index on disk with the changes since it was built over it.
///
/// Any thread may call it. A request takes one `snapshot()` and uses it throughout.
public final class SearchEngine: Sendable {
    private let current: Mutex<SearchSnapshot>

    /// Maps and verifies the index in `folder`.
    public init(folder: String) throws(SearchError) { current = Mutex(SearchSnapshot()) }

    public func snapshot() -> SearchSnapshot { current.withLock { $0 } }

    /// Makes changed and new items findable, and withdrawn or excluded ones not, in every snapshot taken afterwards.
    public func apply(upserts: [StoredItem], withdrawals: [ItemNumber]) throws(SearchError) {}
}
