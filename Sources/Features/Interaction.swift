public import Domain
public import Storage

/// One item of one event of one person: a line of a receipt, a view, a step into the basket.
public struct Interaction: Hashable, Sendable {
    public var item: ItemNumber
    public var time: Timestamp
    public var name: EventName
    public var quantity: Int32
    /// What one piece cost, in minor units; `nil` if unknown.
    public var priceMinorUnits: Int64?
    /// What the whole line was reduced by, in minor units.
    public var discountMinorUnits: Int64 = 0
    /// Equal for lines of one event; grows with time within one history.
    public var basket: Int32

    public init(
        item: ItemNumber, time: Timestamp, name: EventName = .purchase, quantity: Int32 = 1,
        priceMinorUnits: Int64? = nil, basket: Int32 = 0
    ) {
        (self.item, self.time, self.name, self.quantity) = (item, time, name, quantity)
        (self.priceMinorUnits, self.basket) = (priceMinorUnits, basket)
    }

    /// The interactions of one person's events, oldest first; items that the catalogue does not know are left out.
    public static func list(of events: [LoggedEvent], names: Set<EventName>? = nil) -> [Interaction] {
        var result: [Interaction] = []
        let wanted = events.filter { names?.contains($0.event.name) ?? true }
        let sorted = wanted.sorted { ($0.event.time, $0.sequence) < ($1.event.time, $1.sequence) }
        for (basket, logged) in sorted.enumerated() {
            for (line, number) in zip(logged.event.items, logged.items) {
                guard let number else { continue }
                var interaction = Interaction(
                    item: number, time: logged.event.time, name: logged.event.name,
                    quantity: Int32(clamping: line.quantity), priceMinorUnits: line.priceMinorUnits,
                    basket: Int32(clamping: basket))
                interaction.discountMinorUnits = line.discountMinorUnits
                result.append(interaction)
            }
        }
        return result
    }
}
