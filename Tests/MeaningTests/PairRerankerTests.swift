import Domain
import Foundation
import SearchIndex
import Synchronization
import Testing

@testable import Meaning

@Suite struct PairRerankerTests {
    private func hits(_ scores: [Double]) -> [SearchHit] {
        scores.enumerated().map { SearchHit(number: ItemNumber(UInt32($0)), score: $1) }
    }

    private let texts = [
        ItemNumber(0): "cheese", ItemNumber(1): "cream cheese", ItemNumber(2): "cheese", ItemNumber(3): "milk",
    ]

    @Test
    func
        `the likeliest gains the share of the best score, others less by their likelihood, and equal texts are read once`()
        throws
    {
        let asked = Mutex<[[String]]>([])
        let reranker = PairReranker { query, texts in
            asked.withLock { $0.append([query] + texts) }
            return texts.map { $0 == "milk" ? 3 : $0 == "cheese" ? 2 : -40 }
        }
        let found = reranker.reranked("milk", hits([10, 9, 8, 9.5]), depth: 4, texts: texts)
        #expect(asked.withLock { $0 } == [["milk", "cheese", "cream cheese", "milk"]])
        #expect(found.map { Int($0.hit.number.rawValue) } == [3, 0, 2, 1])
        #expect(abs(found[0].gain - 3) < 1e-6 && abs(found[0].hit.score - 12.5) < 1e-6)
        #expect(abs(found[1].gain - 3 * exp(-1)) < 1e-6)
        #expect(found[1].gain == found[2].gain)
        #expect(found[3].gain < 1e-6)
    }

    @Test func `only the first are read, the rest stay behind them, and ties go to the lower number`() {
        let reranker = PairReranker { _, texts in texts.map { $0 == "milk" ? 100 : 1 } }
        let found = reranker.reranked("q", hits([4, 4, 4, 4]), depth: 2, texts: texts)
        #expect(found.map { Int($0.hit.number.rawValue) } == [0, 1, 2, 3])
        #expect(found.map { $0.gain > 0 } == [true, true, false, false])
    }

    @Test func `no words, no texts and scores that are nothing change nothing`() {
        let reranker = PairReranker { _, texts in texts.map { _ in 1 } }
        for (query, scores, texts) in [("", [2.0, 1], texts), ("q", [2, 1], [:]), ("q", [0, 0], texts)] {
            let found = reranker.reranked(query, hits(scores), depth: 9, texts: texts)
            #expect(found.map(\.hit.score) == scores)
            #expect(found.map(\.gain) == [0, 0])
        }
        #expect(reranker.reranked("q", [], depth: 9, texts: texts).isEmpty)
    }
}
