public import Domain
import Numerics

/// Makes up what a catalogue's data lacks: searches, impressions, clicks, ratings, stock and places.
///
/// Everything follows from the seed and the catalogue, is labelled synthetic, and names no person: no figure of accuracy
/// and no profile is touched.
public struct Simulator: Sendable {
    /// Share of items that are sold out.
    public static let soldOutShare = 0.03
    /// Most pieces in stock of one item.
    public static let maximumStock = 240

    public let seed: UInt64
    private let shelves: ShelfPicker
    private let attraction: Attraction

    /// - Parameter items: What is on sale, in a fixed order; withdrawn and excluded items are the caller's to leave out.
    public init(seed: UInt64, items: [SimulatedItem]) {
        self.seed = seed
        shelves = ShelfPicker(items)
        attraction = Attraction(seed: seed, items: items, shelves: shelves.shelfOfItem)
    }

    /// Makes `count` events of anonymous sessions within the 24 hours before `ending`, in the order of time.
    ///
    /// Identifiers are `sim-SEED-N`: the events of a second call with the same seed are known to the log. Empty without
    /// items. Shoppers look at rank *r* of a list with probability 1/*r* (the position bias of Joachims et al., 2017,
    /// with an exponent of one), and click what they look at by its `Attraction`: its price beside its shelf's and its brand, whatever it
    /// sells. Without prices and brands that is one half for every item.
    public func events(count: Int, ending: Timestamp) -> [Event] {
        guard count > 0, !shelves.isEmpty else { return [] }
        var generator = SeededGenerator(seed: seed)
        var sessions: [[Event]] = []
        var total = 0
        while total < count {
            var session = SessionMaker(seed: seed, number: sessions.count, firstEvent: total)
            session.shop(shelves, attraction, &generator)
            sessions.append(Array(session.events.prefix(count - total)))
            total += session.events.count
        }
        return spread(sessions, ending: ending, &generator)
    }

    /// Pieces in stock for every item: zero for about `soldOutShare` of them.
    public func stock() -> [(item: ItemID, pieces: Int)] {
        shelves.items.map { ($0.id, stock(of: $0.id)) }
    }

    /// Pieces in stock of one item, which depend on the seed and its identifier alone.
    public func stock(of id: ItemID) -> Int {
        var generator = SeededGenerator(seed: seed ^ Self.hash("stock " + id.rawValue))
        if generator.unit() < Self.soldOutShare { return 0 }
        let share = generator.unit()
        return 1 + Int(share * share * Double(Self.maximumStock - 1))
    }

    /// Gives stores without coordinates a place, and marks them as synthetic; others stay as they are.
    ///
    /// Places lie within about 40 km of one centre, and depend on the seed and the store's identifier alone.
    public func places(_ stores: [Store]) -> [Store] {
        stores.map { store in
            guard store.latitude == nil || store.longitude == nil else { return store }
            var generator = SeededGenerator(seed: seed ^ Self.hash("place " + store.id))
            var placed = store
            placed.latitude = Self.rounded(39.8 + (generator.unit() - 0.5) * 0.7)
            placed.longitude = Self.rounded(-98.6 + (generator.unit() - 0.5) * 0.9)
            placed.isSynthetic = true
            return placed
        }
    }

    /// Three warehouses around the centre, whose capacity and place depend on the seed alone.
    public func warehouses() -> [Warehouse] {
        ["North", "South", "West"].map { name in
            let id = "sim-" + name.lowercased()
            var generator = SeededGenerator(seed: seed ^ Self.hash("warehouse " + id))
            return Warehouse(
                id: id, name: "Warehouse \(name)", latitude: Self.rounded(39.8 + (generator.unit() - 0.5) * 1.6),
                longitude: Self.rounded(-98.6 + (generator.unit() - 0.5) * 2.1),
                capacity: 50_000 + 1000 * Int(generator.unit() * 200), isSynthetic: true)
        }
    }

    /// Four carriers, from a bicycle courier to a slow parcel; days and capacity depend on the seed alone.
    public func carriers() -> [Carrier] {
        let kinds: [(id: String, name: String, fastest: Int, spread: Int, parcels: Double)] = [
            ("sim-courier", "Courier", 0, 1, 150), ("sim-express", "Express", 1, 1, 800),
            ("sim-parcel", "Parcel", 2, 3, 4000), ("sim-saver", "Saver", 4, 4, 9000),
        ]
        return kinds.map { kind in
            var generator = SeededGenerator(seed: seed ^ Self.hash("carrier " + kind.id))
            let slowest = kind.fastest + Int(generator.unit() * Double(kind.spread + 1))
            return Carrier(
                id: kind.id, name: kind.name, parcelsPerDay: Int(kind.parcels * (0.5 + generator.unit())),
                transitDays: kind.fastest...slowest, isSynthetic: true)
        }
    }

    /// Puts sessions one after another over the day, overlapping, and sorts their events by time.
    private func spread(
        _ sessions: [[Event]], ending: Timestamp, _ generator: inout SeededGenerator
    ) -> [Event] {
        let day = Timestamp.millisecondsPerDay
        let room = Double(day - SessionMaker.longest)
        var placed: [(number: Int, event: Event)] = []
        for (number, session) in sessions.enumerated() {
            let start = Int64((Double(number) + generator.unit()) / Double(sessions.count) * room)
            for var event in session {
                event.time = Timestamp(milliseconds: ending.milliseconds - day + start + event.time.milliseconds)
                placed.append((placed.count, event))
            }
        }
        placed.sort { ($0.event.time, $0.number) < ($1.event.time, $1.number) }
        return placed.map(\.event)
    }

    private static func rounded(_ degrees: Double) -> Double { (degrees * 10_000).rounded() / 10_000 }

    /// FNV-1a of 64 bits (Fowler, Noll, Vo): the same in every process.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
