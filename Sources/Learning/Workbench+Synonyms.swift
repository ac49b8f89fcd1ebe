import Domain
public import Merchandising
import Storage

extension Workbench {
    /// Candidates for synonyms from what shoppers searched for one after the other.
    ///
    /// - Parameter includesSynthetic: Whether simulated sessions count, for trying it out.
    public func synonymCandidates(minimumSessions: Int, includesSynthetic: Bool) throws -> [SynonymMiner.Candidate] {
        var miner = SynonymMiner()
        let filter = EventFilter(names: [.search, .selectItem, .addToCart], includesSynthetic: includesSynthetic)
        try store.forEachEvent(filter) { miner.add($0.event) }
        return miner.candidates(minimumSessions: minimumSessions)
    }
}
