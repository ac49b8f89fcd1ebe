import Domain
import JSON
import Testing

@testable import Merchandising

@Suite struct SynonymMinerTests {
    private func mined(_ sessions: [[(EventName, String?, Int64)]], minimum: Int = 2) -> [SynonymMiner.Candidate] {
        var miner = SynonymMiner()
        for (number, session) in sessions.enumerated() {
            for (index, (name, query, second)) in session.enumerated() {
                var event = Event(
                    id: "e\(number)-\(index)", name: name, time: Timestamp(milliseconds: second * 1000))
                (event.session, event.query) = ("s\(number)", query)
                miner.add(event)
            }
        }
        return miner.candidates(minimumSessions: minimum)
    }

    @Test func `a search that helped after one that did not is proposed`() {
        let helped: [(EventName, String?, Int64)] = [
            (.search, "Jello", 0), (.search, "gelatin", 20), (.selectItem, nil, 30), (.addToCart, nil, 40),
        ]
        let found = mined([helped, helped, [(.search, "jello", 0), (.search, "pudding", 9), (.selectItem, nil, 12)]])
        #expect(found.map(\.from) == ["jello"])
        #expect(found.map(\.to) == ["gelatin"])
        #expect(found.map(\.sessions) == [2])
        #expect(abs((found.first?.share ?? 0) - 2.0 / 3) < 1e-12)
        #expect(found.first?.json["id"]?.stringValue == "mined-jello-gelatin")
    }

    @Test func `choices, pauses, slips and narrower searches propose nothing`() {
        let sessions: [[(EventName, String?, Int64)]] = [
            [(.search, "soda", 0), (.selectItem, nil, 5), (.search, "pop", 9), (.selectItem, nil, 12)],
            [(.search, "soda", 0), (.search, "pop", 900), (.selectItem, nil, 905)],
            [(.search, "bananna", 0), (.search, "banana", 9), (.selectItem, nil, 12)],
            [(.search, "bread", 0), (.search, "white bread", 9), (.selectItem, nil, 12)],
            [(.search, "soda", 0), (.search, "pop", 9)],
            [(.selectItem, nil, 12)], [(.search, nil, 0)],
            [(.search, "!!", 0), (.search, "pop", 9), (.selectItem, nil, 12)],
        ]
        #expect(mined(sessions, minimum: 1).isEmpty)
    }
}
