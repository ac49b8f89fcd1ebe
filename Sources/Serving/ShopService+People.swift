import Domain
public import Storage
import Synchronization

extension ShopService {
    /// A person's profile, from the log up to this moment; throws `notFound` for somebody without events.
    public func profile(of raw: String, session: String? = nil) throws -> ProfileAnswer {
        let events = try history(of: pseudonym(raw))
        guard !events.isEmpty else { throw ServingError(.notFound, "Nothing is known about this person.") }
        let snapshot = snapshot()
        var builder = ProfileBuilder(currency: config.currency, now: clock())
        for event in events { builder.add(event) }
        let items = Dictionary(
            try storedItems(builder.items).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        var profile = builder.profile(items: items, offers: snapshot.offers)
        if let session, let recent = sessions.withLock({ $0.value(session) }) {
            profile.sessionInterest = try storedItems(recent.suffix(8)).map { Card($0, offers: snapshot.offers) }
        }
        return profile
    }

    /// The first of some raw identifiers that the log knows: whom a demonstration can show.
    public func knownPeople(among raw: [String], limit: Int) throws -> [String] {
        var known: [String] = []
        for person in raw where known.count < limit {
            if try store.userNumber(of: pseudonym(person)) != nil { known.append(person) }
        }
        return known
    }

    /// Everything the log holds about a person, and the attributes that the shop sent.
    public func export(of raw: String) throws -> (events: [LoggedEvent], attributes: [String: String]) {
        let user = try pseudonym(raw)
        let events = try store.events(of: user, limit: .max)
        let attributes = try store.customer(user)?.attributes ?? [:]
        guard !events.isEmpty || !attributes.isEmpty else {
            throw ServingError(.notFound, "Nothing is known about this person.")
        }
        return (events, attributes)
    }

    /// Erases a person and bars generations that were trained with them from coming back.
    ///
    /// - Returns: How many events went.
    public func erase(_ raw: String) throws -> Int {
        let user = try pseudonym(raw)
        let count = try store.erase(user)
        histories.withLock { $0.remove(user) }
        _ = try PublicationStore(folder: folder).markUnrestorable(erasuresBelow: try store.erasureCount())
        return count
    }

    /// The state of the shop at a glance.
    public func overview() throws -> Overview {
        let snapshot = snapshot()
        let search = snapshot.backends.search
        let models = (snapshot.publication?.models ?? [:]).sorted { $0.key < $1.key }.map { name, path in
            // A model without a readable manifest is listed by name alone: `souk doctor` says what is wrong.
            (name: name, manifest: (try? Artefact(folder: folder.path + "/" + path, verify: .sizes))?.manifest)
        }
        return Overview(
            config: config, publication: snapshot.publication, items: try store.activeCount(),
            events: try store.eventCount(), users: try store.userNumberLimit(), documents: search?.documentCount ?? 0,
            segments: search?.segmentCount ?? 0, indexBytes: search?.byteCount ?? 0, models: models)
    }
}
