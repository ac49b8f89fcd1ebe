public import Domain
import JSON
public import Merchandising
import Storage
import Synchronization

/// A shop's rules: the version in force, those before it, and what each rule did since the start.
public final class RuleStore: Sendable {
    /// What one rule did since the program started.
    public struct Effect: Hashable, Sendable {
        /// Searches that it took part in.
        public var searches = 0
        /// Choices from the results of such searches, and what went into baskets from them.
        public var clicks = 0
        public var baskets = 0

        public init(searches: Int = 0, clicks: Int = 0, baskets: Int = 0) {
            (self.searches, self.clicks, self.baskets) = (searches, clicks, baskets)
        }
    }

    private struct State {
        var matcher: RuleMatcher
        var effects: [String: Effect] = [:]
        var impressions = GenerationalCache<String, [String]>(capacity: 20_000)
    }

    private let folder: ShopFolder
    private let state: Mutex<State>
    private let publishing = Mutex(())

    init(folder: ShopFolder) throws {
        self.folder = folder
        state = Mutex(State(matcher: RuleMatcher(try Self.read(folder.rulesPath))))
    }

    public var book: RuleBook { matcher.book }
    var matcher: RuleMatcher { state.withLock { $0.matcher } }
    public var effects: [String: Effect] { state.withLock { $0.effects } }

    /// The numbers of the versions that were published, oldest first.
    public func versions() throws -> [Int] {
        guard FileSystem.exists(folder.rulesHistoryFolder) else { return [] }
        return try FileSystem.names(in: folder.rulesHistoryFolder).compactMap { name in
            name.hasSuffix(".json") ? Int(name.dropLast(5)) : nil
        }.sorted()
    }

    /// A version that was published before.
    public func version(_ number: Int) throws -> RuleBook {
        let path = "\(folder.rulesHistoryFolder)/\(number).json"
        guard FileSystem.exists(path) else { throw ServingError(.notFound, "Version \(number) was never published.") }
        return try Self.read(path)
    }

    /// Puts a book in force for the next search; it is on disk when this returns.
    ///
    /// - Parameter base: The version that the book was made from: another one in force is a conflict.
    /// - Throws: `ServingError` `conflict` for another base, or for rules that cannot work.
    public func publish(_ draft: RuleBook, base: Int?, now: Timestamp) throws -> RuleBook {
        try publishing.withLock { _ in
            let current = book
            if let base, base != current.version {
                throw ServingError(
                    .conflict, "Version \(current.version) was published meanwhile: take it over first.")
            }
            var next = draft
            (next.version, next.published) = (current.version + 1, now)
            let matcher = RuleMatcher(next)
            if let error = matcher.conflicts(now: now).first(where: { $0.severity == .error }) {
                throw ServingError(.conflict, "\(error.rules.joined(separator: ", ")): \(error.reason)")
            }
            let bytes = next.encoded.encoded + [0x0A]
            try FileSystem.makeFolder(folder.rulesHistoryFolder)
            try AtomicFile.write(bytes, to: "\(folder.rulesHistoryFolder)/\(next.version).json")
            try AtomicFile.write(bytes, to: folder.rulesPath)
            state.withLock { $0.matcher = matcher }
            return next
        }
    }

    /// Reads `rules.json` again.
    func reload() throws {
        let matcher = RuleMatcher(try Self.read(folder.rulesPath))
        state.withLock { $0.matcher = matcher }
    }

    /// Notes that rules took part in a search.
    func count(_ rules: [String], impression: String) {
        guard !rules.isEmpty else { return }
        state.withLock { state in
            for rule in rules { state.effects[rule, default: Effect()].searches += 1 }
            state.impressions.insert(rules, for: impression)
        }
    }

    /// Notes what shoppers did with the results of such searches.
    func count(_ events: [Event]) {
        state.withLock { state in
            for event in events where event.name == .selectItem || event.name == .addToCart {
                guard let impression = event.impressionID, let rules = state.impressions.value(impression) else {
                    continue
                }
                for rule in rules {
                    if event.name == .selectItem {
                        state.effects[rule, default: Effect()].clicks += 1
                    } else {
                        state.effects[rule, default: Effect()].baskets += 1
                    }
                }
            }
        }
    }

    private static func read(_ path: String) throws -> RuleBook {
        guard FileSystem.exists(path) else { return RuleBook() }
        do {
            return try RuleBook(
                decoding: try JSONValue(parsing: try FileSystem.read(path, maximumBytes: RuleBook.maximumBytes)))
        } catch let error as StorageError {
            throw error
        } catch {
            throw ServingError(
                .failed, "\(path): \(error) Correct it, or put one of the files of rules/ in its place.", cause: error)
        }
    }
}
