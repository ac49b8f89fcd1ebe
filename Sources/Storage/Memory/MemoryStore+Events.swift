public import Domain
internal import Synchronization

extension MemoryStore {
    public func append(_ events: [Event]) throws(StorageError) -> EventReceipt {
        for event in events { try PreparedEvent.check(event) }
        return state.withLock { state in
            var receipt = EventReceipt()
            for event in events {
                guard state.eventIDs.insert(event.id).inserted else {
                    receipt.repeated += 1
                    continue
                }
                state.lastSequence += 1
                if let user = event.user { state.number(user) }
                state.events.append((state.lastSequence, event))
                receipt.accepted += 1
            }
            return receipt
        }
    }

    public func forEachEvent(
        _ filter: EventFilter, _ body: (LoggedEvent) throws(StorageError) -> Void
    ) throws(StorageError) {
        let state = state.withLock { $0 }
        for (sequence, event) in state.events where filter.accepts(sequence, event) {
            try body(state.logged(sequence, event))
        }
    }

    public func forEachInteraction(
        _ filter: EventFilter, _ body: (InteractionRow) throws(StorageError) -> Void
    ) throws(StorageError) {
        try forEachEvent(filter) { logged throws(StorageError) in
            let event = logged.event
            for (line, number) in zip(event.items, logged.items) {
                guard let number else { continue }
                var row = InteractionRow(
                    sequence: logged.sequence, name: event.name, time: event.time, user: logged.user, item: number)
                row.channel = event.channel
                row.isSynthetic = event.isSynthetic
                row.rating = event.rating
                row.quantity = Int32(clamping: line.quantity)
                row.priceMinorUnits = line.priceMinorUnits
                row.discountMinorUnits = line.discountMinorUnits
                try body(row)
            }
        }
    }

    public func events(of user: Pseudonym, limit: Int) throws(StorageError) -> [LoggedEvent] {
        state.withLock { state in
            state.events.filter { $0.event.user == user }
                .sorted { ($0.event.time, $0.sequence) < ($1.event.time, $1.sequence) }
                .suffix(max(0, limit)).map { state.logged($0.sequence, $0.event) }
        }
    }

    public func userNumber(of user: Pseudonym) throws(StorageError) -> UserNumber? {
        state.withLock { $0.users[user] }
    }

    public func pseudonym(of user: UserNumber) throws(StorageError) -> Pseudonym? {
        state.withLock { state in state.users.first { $0.value == user }?.key }
    }

    public func userNumberLimit() throws(StorageError) -> Int {
        state.withLock { state in state.users.values.max().map { $0.index + 1 } ?? 0 }
    }

    public func eventCount() throws(StorageError) -> Int { state.withLock { $0.events.count } }
    public func lastSequence() throws(StorageError) -> Int64 { state.withLock { $0.events.last?.sequence ?? 0 } }

    public func setCustomers(_ customers: [Customer]) throws(StorageError) {
        state.withLock { state in
            for customer in customers {
                state.number(customer.user)
                state.customers[customer.user] = customer
            }
        }
    }

    public func customer(_ user: Pseudonym) throws(StorageError) -> Customer? { state.withLock { $0.customers[user] } }

    public func setCampaigns(_ campaigns: [Campaign]) throws(StorageError) {
        for campaign in campaigns where Set(campaign.coupons.map(\.code)).count < campaign.coupons.count {
            throw StorageError(.constraint, "Two coupons of one campaign have the same code.")
        }
        state.withLock { state in
            for var campaign in campaigns {
                for user in campaign.recipients + campaign.redemptions.map(\.user) { state.number(user) }
                campaign.recipients = Set(campaign.recipients).sorted()
                campaign.coupons.sort { $0.code.utf8.lexicographicallyPrecedes($1.code.utf8) }
                state.campaigns[campaign.id] = campaign
            }
        }
    }

    public func campaigns() throws(StorageError) -> [Campaign] {
        state.withLock { state in
            state.campaigns.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        }
    }

    public func erase(_ user: Pseudonym) throws(StorageError) -> Int {
        state.withLock { state in
            guard state.users.removeValue(forKey: user) != nil else { return 0 }
            let before = state.events.count
            for (_, event) in state.events where event.user == user { state.eventIDs.remove(event.id) }
            state.events.removeAll { $0.event.user == user }
            state.customers[user] = nil
            for id in state.campaigns.keys {
                state.campaigns[id]?.recipients.removeAll { $0 == user }
                state.campaigns[id]?.redemptions.removeAll { $0.user == user }
            }
            state.erasures += 1
            return before - state.events.count
        }
    }

    public func erasureCount() throws(StorageError) -> Int { state.withLock { $0.erasures } }
}

extension MemoryStore.State {
    mutating func number(_ user: Pseudonym) {
        guard users[user] == nil else { return }
        users[user] = UserNumber(nextUser)
        nextUser += 1
    }

    func logged(_ sequence: Int64, _ event: Event) -> LoggedEvent {
        LoggedEvent(
            sequence: sequence, event: event, user: event.user.flatMap { users[$0] },
            items: event.items.map { numbers[$0.item] })
    }
}

extension EventFilter {
    /// Whether a reader wants the event.
    func accepts(_ sequence: Int64, _ event: Event) -> Bool {
        sequence > afterSequence ?? 0 && names?.contains(event.name) ?? true
            && event.time >= from ?? event.time && before.map { event.time < $0 } ?? true
            && (includesSynthetic || !event.isSynthetic)
    }
}
