import Domain
import Simulation
import Testing

@Suite struct SimulatorTests {
    private let ending = Timestamp(year: 2026, month: 5, day: 1)

    private func simulator(seed: UInt64 = 7, items count: Int = 600) -> Simulator {
        let items = (0..<count).compactMap { number in
            ItemID("item-\(number)").map { id in
                SimulatedItem(
                    id: id, title: "Thing number \(number)", category: "Category \(number % 20)",
                    popularity: Double(number % 13))
            }
        }
        return Simulator(seed: seed, items: items)
    }

    @Test func `one seed makes the same events again`() {
        let first = simulator().events(count: 3000, ending: ending)
        #expect(first == simulator().events(count: 3000, ending: ending))
        #expect(first != simulator(seed: 8).events(count: 3000, ending: ending))
    }

    @Test func `identifiers do not depend on the moment, only times do`() {
        let later = Timestamp(year: 2026, month: 6, day: 1)
        let first = simulator().events(count: 500, ending: ending)
        let second = simulator().events(count: 500, ending: later)
        #expect(first.map(\.id) == second.map(\.id))
        #expect(first.map(\.items) == second.map(\.items))
    }

    @Test func `every event is synthetic, anonymous and has an identifier of its own`() {
        let events = simulator().events(count: 3000, ending: ending)
        #expect(events.count == 3000)
        #expect(events.allSatisfy { $0.isSynthetic && $0.user == nil && $0.session != nil })
        #expect(Set(events.map(\.id)) == Set((0..<3000).map { "sim-7-\($0)" }))
        #expect(!events.contains { $0.name == .purchase })
    }

    @Test func `events lie within the day before the end, in the order of time`() {
        let times = simulator().events(count: 3000, ending: ending).map(\.time)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { $0 >= ending.adding(days: -1) && $0 <= ending })
        let hours = Set(times.map { ($0.milliseconds - ending.milliseconds) / 3_600_000 })
        #expect(hours.count >= 23)
    }

    @Test func `some try an everyday word first, find nothing, and go on with the shop's own`() throws {
        let items = (0..<20).compactMap { number in
            ItemID("\(number)").map { SimulatedItem(id: $0, title: "Chips", category: "Potato Chips", popularity: 1) }
        }
        let searches = Simulator(seed: 3, items: items).events(count: 2000, ending: ending).filter {
            $0.name == .search
        }
        let tried = searches.filter { $0.query == "crisps" }
        #expect(tried.count > 20 && tried.count < searches.count / 2)
        #expect(tried.allSatisfy { $0.resultCount == 0 })
        let followed = tried.count { first in
            searches.contains { $0.session == first.session && $0.time > first.time && $0.query != "crisps" }
        }
        #expect(followed > tried.count * 9 / 10)
    }

    @Test func `the share of clicks falls with the rank`() throws {
        let events = simulator().events(count: 60_000, ending: ending)
        var (shown, clicked) = ([Int: Int](), [Int: Int]())
        for event in events {
            for case let rank? in event.items.map(\.position) {
                if event.name == .viewItemList { shown[rank, default: 0] += 1 }
                if event.name == .selectItem { clicked[rank, default: 0] += 1 }
            }
        }
        let shares = try [1, 2, 4, 8].map { rank in
            Double(clicked[rank] ?? 0) / Double(try #require(shown[rank]))
        }
        #expect(shares[0] > shares[1] && shares[1] > shares[2] && shares[2] > shares[3])
        #expect(abs(shares[0] - 0.5) < 0.03)
        #expect(abs(shares[2] - 0.125) < 0.02)
    }

    @Test func `lists, clicks and ratings hold together`() {
        let events = simulator().events(count: 5000, ending: ending)
        let lists = Dictionary(
            events.filter { $0.name == .viewItemList }.map { ($0.impressionID ?? "", $0) },
            uniquingKeysWith: { first, _ in first })
        for event in events where event.name == .selectItem {
            let list = lists[event.impressionID ?? ""]
            #expect(list?.query == event.query)
            #expect(event.items.allSatisfy { list?.items.contains($0) == true })
        }
        let searches = events.filter { $0.name == .search }
        #expect(searches.allSatisfy { $0.query?.isEmpty == false && $0.resultCount != nil })
        #expect(searches.contains { $0.resultCount == 0 })
        let ratings = events.filter { $0.name == .rateItem }
        #expect(!ratings.isEmpty && ratings.allSatisfy { (1...5).contains($0.rating ?? 0) && $0.items.count == 1 })
    }

    @Test func `about three in a hundred are sold out, whatever else is sold`() {
        let stock = simulator(items: 10_000).stock()
        let soldOut = stock.count { $0.pieces == 0 }
        #expect((200...400).contains(soldOut))
        #expect(stock.allSatisfy { (0...Simulator.maximumStock).contains($0.pieces) })
        for (item, pieces) in stock.prefix(100) { #expect(simulator(items: 3).stock(of: item) == pieces) }
    }

    @Test func `places are made up only where none are known, and are labelled`() {
        let known = Store(id: "1", name: "One", latitude: 52.5, longitude: 13.4)
        let unknown = Store(id: "2", name: "Two")
        let placed = simulator().places([known, unknown])
        #expect(placed[0] == known)
        #expect(placed[1].isSynthetic && placed[1].latitude != nil && placed[1].longitude != nil)
        #expect(simulator().places([unknown])[0] == placed[1])
        #expect(simulator().places(placed) == placed)
    }

    @Test func `warehouses and carriers follow from the seed and are labelled`() {
        let (warehouses, carriers) = (simulator().warehouses(), simulator().carriers())
        #expect(warehouses == simulator().warehouses() && carriers == simulator().carriers())
        #expect(Set(warehouses.map(\.id)).count == 3 && warehouses.allSatisfy { $0.isSynthetic && $0.capacity > 0 })
        #expect(Set(carriers.map(\.id)).count == 4 && carriers.allSatisfy { $0.isSynthetic && $0.parcelsPerDay > 0 })
        #expect(carriers.map(\.transitDays.lowerBound) == [0, 1, 2, 4])
        #expect(Simulator(seed: 99, items: []).warehouses() != warehouses)
    }

    @Test func `an empty catalogue, no events and worthless popularity give no trap`() throws {
        #expect(Simulator(seed: 1, items: []).events(count: 10, ending: ending).isEmpty)
        #expect(simulator().events(count: 0, ending: ending).isEmpty)
        let id = try #require(ItemID("x"))
        let item = SimulatedItem(id: id, title: "", category: "", popularity: -.infinity)
        #expect(Simulator(seed: 1, items: [item]).events(count: 50, ending: ending).count == 50)
    }
}
