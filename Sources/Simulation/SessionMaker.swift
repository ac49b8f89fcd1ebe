import Domain
import Numerics

/// Makes the events of one anonymous shopper; times count from the session's start.
struct SessionMaker {
    /// Longer than any session, in milliseconds.
    static let longest: Int64 = 1_800_000
    static let listLength = 12
    /// How many search for an everyday word first, where a shelf has one.
    private static let everydayShare = 0.3

    private(set) var events: [Event] = []
    private let seed: UInt64
    private let session: String
    private let firstEvent: Int
    private var clock: Int64 = 0

    init(seed: UInt64, number: Int, firstEvent: Int) {
        (self.seed, self.firstEvent) = (seed, firstEvent)
        session = "sim-\(seed)-s\(number)"
    }

    /// One to four searches, with what follows from each.
    mutating func shop(_ shelves: ShelfPicker, _ attraction: Attraction, _ generator: inout SeededGenerator) {
        let channel: Channel = generator.unit() < 0.3 ? .app : .web
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let shelf = shelves.draw(&generator)
            if let other = EverydayWords.word(for: shelf.name), generator.unit() < Self.everydayShare {
                add(.search, other, channel, nil, &generator) { $0.resultCount = 0 }
            }
            let (query, isUnderstood) = QueryMaker.query(for: shelf, in: shelves, &generator)
            let impression = "sim-\(seed)-i\(firstEvent + events.count)"
            add(.search, query, channel, impression, &generator) { $0.resultCount = isUnderstood ? shelf.count : 0 }
            guard isUnderstood else { continue }
            let shown = Array(shelf.items.shuffled(using: &generator).prefix(Self.listLength))
            add(.viewItemList, query, channel, impression, &generator) { event in
                event.items = shown.enumerated().map { EventItem(item: shelves.items[$1].id, position: $0 + 1) }
            }
            for (index, item) in shown.enumerated() where generator.unit() < attraction[item] / Double(index + 1) {
                follow(
                    EventItem(item: shelves.items[item].id, position: index + 1), query, channel, impression, &generator
                )
            }
        }
    }

    /// A click, and sometimes the basket or a rating.
    private mutating func follow(
        _ item: EventItem, _ query: String, _ channel: Channel, _ impression: String,
        _ generator: inout SeededGenerator
    ) {
        add(.selectItem, query, channel, impression, &generator) { $0.items = [item] }
        add(.viewItem, nil, channel, impression, &generator) { $0.items = [EventItem(item: item.item)] }
        if generator.unit() < 0.35 {
            let quantity = generator.unit() < 0.2 ? 2 : 1
            add(.addToCart, query, channel, impression, &generator) { event in
                event.items = [EventItem(item: item.item, quantity: quantity, position: item.position)]
            }
        }
        if generator.unit() < 0.08 {
            let stars = [5, 5, 5, 4, 4, 4, 3, 3, 2, 1][Int.random(in: 0..<10, using: &generator)]
            add(.rateItem, nil, channel, nil, &generator) { event in
                event.items = [EventItem(item: item.item)]
                event.rating = Double(stars)
            }
        }
    }

    private mutating func add(
        _ name: EventName, _ query: String?, _ channel: Channel, _ impression: String?,
        _ generator: inout SeededGenerator, _ fill: (inout Event) -> Void
    ) {
        var event = Event(
            id: "sim-\(seed)-\(firstEvent + events.count)", name: name, time: Timestamp(milliseconds: clock))
        event.session = session
        event.channel = channel
        event.query = query
        event.impressionID = impression
        if query != nil { event.list = "search" }
        event.isSynthetic = true
        fill(&event)
        events.append(event)
        let pause: Int64 = name == .search ? 50 : Int64.random(in: 500...15_000, using: &generator)
        clock = min(clock + pause, Self.longest - 1)
    }
}
