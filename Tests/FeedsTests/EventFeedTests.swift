import Domain
import Feeds
import Storage
import Testing

@Suite struct EventFeedTests {
    private let good = """
        {"event_name":"view_item","event_id":"1","time":"2026-02-01T10:00:00Z","user_id":"ann","items":[{"item_id":"a"}]}
        {"event_name":"purchase","event_id":"2","timestamp_micros":1769940000000000,"params":{"currency":"USD",\
        "items":[{"item_id":"a","quantity":2,"price":1.25,"discount":0.5}]}}
        {"event_name":"search","event_id":"3","time":"2026-02-01","search_term":"milk","result_count":4}

        """

    @Test func `events are read once, however often they come`() throws {
        let run = try FeedRun()
        let first = try run.events(good)
        #expect((first.eventsAccepted, first.eventsRepeated, first.rejected) == (3, 0, 0))
        let second = try run.events(good)
        #expect((second.eventsAccepted, second.eventsRepeated, second.rejected) == (0, 3, 0))
        #expect(try run.store.eventCount() == 3)
    }

    @Test func `an event keeps its values, with the discount of the whole line, and none of the raw user`() throws {
        let run = try FeedRun()
        try run.events(good)
        var events: [Event] = []
        try run.store.forEachEvent(EventFilter()) { events.append($0.event) }
        #expect(events.map(\.name) == [.viewItem, .purchase, .search])
        #expect(events[0].user == (try FeedRun.pseudonym("ann")))
        let line = try #require(events[1].items.first)
        #expect((line.quantity, line.priceMinorUnits, line.discountMinorUnits) == (2, 125, 100))
        #expect(events[2].query == "milk")
        #expect(events[2].resultCount == 4)
    }

    @Test func `a dry run counts and writes nothing`() throws {
        let run = try FeedRun()
        #expect(try run.events(good, dryRun: true).eventsAccepted == 3)
        #expect(try run.store.eventCount() == 0)
    }

    @Test(arguments: [
        (#"{"event_name":"view_item","event_id":"1""#, ""),
        (#"{"event_id":"1","time":"2026-02-01"}"#, "event_name"),
        (#"{"event_name":"look","event_id":"1","time":"2026-02-01"}"#, "event_name"),
        (#"{"event_name":"search","time":"2026-02-01","search_term":"x"}"#, "event_id"),
        (#"{"event_name":"search","event_id":"1","search_term":"x"}"#, "time"),
        (#"{"event_name":"search","event_id":"1","time":"2026-02-30","search_term":"x"}"#, "time"),
        (#"{"event_name":"search","event_id":"1","time":"2026-03-02T00:00:01Z","search_term":"x"}"#, "time"),
        (#"{"event_name":"search","event_id":"1","time":"2026-02-01"}"#, "search_term"),
        (#"{"event_name":"purchase","event_id":"1","time":"2026-02-01"}"#, "items"),
        (#"{"event_name":"purchase","event_id":"1","time":"2026-02-01","items":7}"#, "items"),
        (#"{"event_name":"rate_item","event_id":"1","time":"2026-02-01","items":[{"item_id":"a"}]}"#, "rating"),
        (
            #"{"event_name":"rate_item","event_id":"1","time":"2026-02-01","rating":6,"items":[{"item_id":"a"}]}"#,
            "rating"
        ),
        (#"{"event_name":"search","event_id":"1","time":"2026-02-01","search_term":"x","channel":"fax"}"#, "channel"),
        (#"{"event_name":"search","event_id":"1","time":"2026-02-01","search_term":"x","currency":"ZZZ"}"#, "currency"),
    ])
    func `a bad event is refused with its line and field`(bad: String, field: String) throws {
        let run = try FeedRun()
        let summary = try run.events("\(bad)\n\(good)")
        #expect((summary.eventsAccepted, summary.rejected) == (3, 1))
        #expect(try run.rejects().map(\.line) == [1])
        #expect(try run.rejects().map(\.field) == [field])
    }

    @Test(arguments: ["-1", "1e300", "\"NaN\"", "\"inf\"", "true"])
    func `a price that is no amount is refused`(price: String) throws {
        let run = try FeedRun()
        let summary = try run.events(
            "{\"event_name\":\"purchase\",\"event_id\":\"1\",\"time\":\"2026-02-01\","
                + "\"items\":[{\"item_id\":\"a\",\"price\":\(price)}]}")
        #expect((summary.eventsAccepted, summary.rejected) == (0, 1))
        #expect(try run.rejects().first?.field == "price")
    }

    @Test func `an identifier of a user of a megabyte is refused and written nowhere`() throws {
        let run = try FeedRun()
        let long = String(repeating: "u", count: 900_000)
        let summary = try run.events(
            "{\"event_name\":\"search\",\"event_id\":\"1\",\"time\":\"2026-02-01\",\"search_term\":\"x\","
                + "\"user_id\":\"\(long)\"}")
        #expect(summary.rejected == 1)
        #expect(try run.rejects().first?.field == "user_id")
        #expect(try run.rejects().first?.reason.contains("uuuu") == false)
    }
}
