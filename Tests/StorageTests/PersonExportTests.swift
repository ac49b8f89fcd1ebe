import Domain
import JSON
import Storage
import Testing

@Suite struct PersonExportTests {
    private func written(_ export: PersonExport) throws -> JSONValue {
        var writer = JSONWriter()
        writer.object { export.write(to: &$0) }
        return try JSONValue(parsing: writer.finish())
    }

    @Test func `everything that an event holds is handed out, and nothing that it lacks`() throws {
        var line = EventItem(item: try #require(ItemID("i1")), quantity: 3, priceMinorUnits: 250, position: 2)
        (line.discountMinorUnits, line.couponMinorUnits) = (100, 40)
        var event = Event(id: "e1", name: .purchase, time: Timestamp(year: 2026, month: 3, day: 1))
        (event.session, event.store, event.query, event.resultCount) = ("s", "330", "milk", 12)
        (event.impressionID, event.list, event.rating, event.currency) = ("m-1", "home", 4.5, .eur)
        (event.channel, event.isSynthetic, event.items) = (.store, true, [line])
        let plain = Event(id: "e2", name: .search, time: Timestamp(year: 2026, month: 3, day: 2))
        let value = try written(PersonExport(user: "ann", attributes: ["b": "2", "a": "1"], events: [event, plain]))
        let expected = try JSONValue(
            parsing: Array(
                """
                {"user":"ann","attributes":{"a":"1","b":"2"},"events":[
                {"event_id":"e1","event_name":"purchase","time":"2026-03-01T00:00:00Z","session_id":"s","market":"default",
                "channel":"store","store":"330","search_term":"milk","result_count":12,"impression_id":"m-1",
                "list":"home","rating":4.5,"currency":"EUR","items":[{"item_id":"i1","quantity":3,"price_minor_units":250,
                "discount_minor_units":100,"coupon_minor_units":40,"position":2}],"is_synthetic":true},
                {"event_id":"e2","event_name":"search","time":"2026-03-02T00:00:00Z","market":"default",
                "channel":"web","items":[]}]}
                """.utf8))
        #expect(value == expected)
    }

    @Test func `an export without attributes and events is empty`() {
        #expect(PersonExport(user: "ann", attributes: [:], events: []).isEmpty)
        #expect(!PersonExport(user: "ann", attributes: ["a": "1"], events: []).isEmpty)
    }
}
