public import Domain
import Feeds
public import JSON
import Storage
import Synchronization

extension ShopService {
    /// Takes events as a page sends them: bad ones are named, good ones are on disk when this returns.
    ///
    /// - Parameter allows: Which events the caller may send.
    public func ingest(_ values: [JSONValue], allows: (EventName) -> Bool = { _ in true }) throws -> IngestAnswer {
        let reader = EventReader(currency: config.currency)
        let now = clock()
        var answer = IngestAnswer()
        var events: [Event] = []
        for (index, value) in values.enumerated() {
            do {
                let event = try reader.event(from: value, now: now) { try pseudonymiser.pseudonym(of: $0) }
                if allows(event.name) {
                    events.append(event)
                } else {
                    answer.rejected.append((index, "This key may not send `\(event.name.rawValue)`."))
                }
            } catch {
                answer.rejected.append((index, "\(error)"))
            }
        }
        let receipt = try store.append(events)
        (answer.accepted, answer.repeated) = (receipt.accepted, receipt.repeated)
        if receipt.accepted > 0 { try remember(events, at: now, hasRepeats: receipt.repeated > 0) }
        return answer
    }

    /// Adds or replaces items with their offers; they are found within a second.
    public func upsert(_ values: [JSONValue]) throws -> WriteAnswer {
        let reader = ItemReader(currency: config.currency, nullClears: true)
        var answer = WriteAnswer()
        var items: [Item] = []
        var offers: [OfferReader.Reading] = []
        for (index, value) in values.enumerated() {
            do {
                let (item, itsOffers) = try reader.reading(from: value)
                items.append(item)
                offers += itsOffers
            } catch {
                answer.rejected.append((index, "\(error)"))
            }
        }
        try write(items, offers, into: &answer)
        return answer
    }

    /// Changes the named members of one item; `null` clears one.
    public func patch(_ id: ItemID, with change: JSONValue) throws -> Card {
        guard case .object(let members) = change else { throw ServingError(.invalid, "A patch must be an object.") }
        guard var item = try store.item(id)?.item else { throw unknown() }
        for member in members { try apply(member, to: &item) }
        var answer = WriteAnswer()
        try write([item], [], into: &answer)
        return try self.item(id).card
    }

    /// Withdraws an item: it is neither found nor recommended any more.
    public func withdraw(_ id: ItemID) throws {
        guard let stored = try store.item(id), !stored.isWithdrawn else { throw unknown() }
        let changes = try store.withdraw([id])
        try refresh(changes.touched)
    }

    /// Changes prices and stock; the next answer has them. What a record leaves out stays, and `null` takes it away.
    public func setOffers(_ values: [JSONValue]) throws -> WriteAnswer {
        let reader = OfferReader(currency: config.currency, nullClears: true)
        var answer = WriteAnswer()
        var offers: [(Int, OfferReader.Reading)] = []
        for (index, value) in values.enumerated() {
            do {
                offers.append((index, try reader.reading(from: value)))
            } catch {
                answer.rejected.append((index, "\(error)"))
            }
        }
        let known = try store.numbers(of: offers.map(\.1.offer.item))
        for (index, offer) in offers where known[offer.offer.item] == nil {
            answer.rejected.append((index, "The catalogue has no such item."))
        }
        try write([], offers.map(\.1).filter { known[$0.offer.item] != nil }, into: &answer)
        return answer
    }

    private func write(
        _ items: [Item], _ offers: [OfferReader.Reading], into answer: inout WriteAnswer
    ) throws {
        if !items.isEmpty {
            let changes = try store.upsert(items)
            (answer.added, answer.changed, answer.unchanged) = (changes.added, changes.changed, changes.unchanged)
            try refresh(changes.touched)
        }
        guard !offers.isEmpty else { return }
        for (missing, readings) in Dictionary(grouping: offers, by: \.missing) {
            answer.offersChanged += try prices.set(readings.map(\.offer), keeping: missing)
        }
    }

    /// Gives changed items to the index and forgets their old cards.
    private func refresh(_ numbers: [ItemNumber]) throws {
        cards.withLock { cache in numbers.forEach { cache.remove($0) } }
        guard !numbers.isEmpty else { return }
        let items = try store.items(numbers)
        learn(items)
        try snapshot().backends.search?.update(items)
    }

    private func remember(_ events: [Event], at now: Timestamp, hasRepeats: Bool) throws {
        counters.count(events, at: now)
        histories.withLock { cache in
            for event in events { if let user = event.user { cache.remove(user) } }
        }
        for event in events where event.name == .selectItem {
            if let query = event.query { queries.clicked(query.lowercased()) }
        }
        syntheticEvents.withLock { count in
            // With repeats among them, only the log knows how many were new.
            count = hasRepeats ? nil : count.map { $0 + events.count { $0.isSynthetic } }
        }
        rules.count(events)
        if events.contains(where: { $0.name == .purchase && !$0.isSynthetic }) { try followPurchases() }
        if !hasRepeats {
            try countForShelves(events)
            try countForExploration(events)
        }
        try rate(events, hasRepeats: hasRepeats)
        let interest: Set<EventName> = [.viewItem, .selectItem, .addToCart, .addToWishlist]
        let noticed = events.filter { CategoryIntents.isChoice($0) || $0.session != nil && interest.contains($0.name) }
        guard !noticed.isEmpty else { return }
        let numbers = try store.numbers(of: noticed.flatMap { $0.items.map(\.item) })
        learnIntents(noticed, numbers, try snapshot().facts)
        sessions.withLock { cache in
            for event in noticed where interest.contains(event.name) {
                guard let session = event.session else { continue }
                let seen = event.items.compactMap { numbers[$0.item].map { Seen(item: $0, time: now) } }
                let items = (cache.value(session) ?? []) + seen
                cache.insert(Array(items.suffix(50)), for: session)
            }
        }
    }

    /// Counts stars; a batch with repeats is counted by the log.
    private func rate(_ events: [Event], hasRepeats: Bool) throws {
        let rated = events.filter { $0.name == .rateItem && $0.rating != nil }
        guard !rated.isEmpty else { return }
        if hasRepeats { return ratings.replace(with: try store.loggedRatings(), facts: facts) }
        let numbers = try store.numbers(of: rated.flatMap { $0.items.map(\.item) })
        let facts = facts
        for event in rated {
            for item in event.items {
                guard let number = numbers[item.item], let stars = event.rating else { continue }
                ratings.add(stars, to: number, isSynthetic: event.isSynthetic, facts: facts)
            }
        }
    }

    private func apply(_ member: JSONValue.Member, to item: inout Item) throws {
        func text() throws -> String {
            if member.value.isNull { return "" }
            guard let text = member.value.stringValue, text.utf8.count <= 1 << 16 else {
                throw ServingError(.invalid, "`\(member.name.prefix(64))` must be a text.")
            }
            return text
        }
        switch member.name {
        case "title":
            item.title = try text()
            if item.title.isEmpty { throw ServingError(.invalid, "`title` must not be empty.") }
        case "description": item.description = try text()
        case "brand": item.brand = try text()
        case "link": item.link = try text()
        case "image_link": item.imageLink = try text()
        case "excluded":
            guard let flag = member.value.boolValue else {
                throw ServingError(.invalid, "`excluded` must be a boolean.")
            }
            item.isExcluded = flag
        case "product_type":
            let path = member.value.arrayValue?.compactMap(\.stringValue) ?? []
            guard path.count == member.value.arrayValue?.count else {
                throw ServingError(.invalid, "`product_type` must be a list of texts.")
            }
            item.productType = path
        default:
            throw ServingError(.invalid, "`\(member.name.prefix(64))` cannot be patched: put the whole item instead.")
        }
    }
}
