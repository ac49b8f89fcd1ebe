import Domain
import Features
public import Storage
import Synchronization

extension ShopService {
    /// How many favourite categories and habits a profile names.
    private static let favouriteLimit = 8
    private static let habitLimit = 20

    /// A person's profile, from the log up to this moment; throws `notFound` for somebody without events.
    public func profile(of raw: String, session: String? = nil) throws -> ProfileAnswer {
        let known = try history(of: pseudonym(raw))
        guard known.user != nil else { throw ServingError(.notFound, "Nothing is known about this person.") }
        let snapshot = try snapshot()
        let now = now()
        let profile = Profile(
            history: known.purchases(before: now), session: self.session(session, at: now), facts: snapshot.facts,
            categoryPrices: try categoryPrices(snapshot), now: now)
        let rhythm = profile.rhythm.prefix(Self.habitLimit)
        let items = Dictionary(
            try storedItems(rhythm.map(\.item)).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        func shares(_ list: [Profile.CategoryShare]) -> [ProfileAnswer.CategoryShare] {
            list.prefix(Self.favouriteLimit).map {
                ProfileAnswer.CategoryShare(path: snapshot.facts.categoryPaths[Int($0.category)], share: $0.share)
            }
        }
        return ProfileAnswer(
            profile: profile, currency: snapshot.offers.currency,
            favouriteCategories: shares(profile.favouriteCategories), sessionInterest: shares(profile.sessionInterest),
            habits: rhythm.compactMap { rhythm in
                items[rhythm.item].map { ProfileAnswer.Habit(card: snapshot.card($0), rhythm: rhythm) }
            })
    }

    /// What a session's shopper looked at or chose, oldest first, as long before `now` as it is ago.
    func session(_ id: String?, at now: Timestamp) -> [Interaction] {
        guard let id else { return [] }
        let clock = clock()
        return (sessions.withLock { $0.value(id) } ?? []).map { seen in
            let ago = max(1, clock.milliseconds - seen.time.milliseconds)
            return Interaction(
                item: seen.item, time: Timestamp(milliseconds: now.milliseconds - ago), name: .viewItem)
        }
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
        let snapshot = try snapshot()
        let search = snapshot.backends.search
        let models = (snapshot.publication?.models ?? [:]).sorted { $0.key < $1.key }.map { name, path in
            // A model without a readable manifest is listed by name alone: `souk doctor` says what is wrong.
            let model = try? Artefact(folder: folder.path + "/" + path, verify: .sizes)  // See above.
            return (name: name, manifest: model?.manifest)
        }
        return Overview(
            config: config, publication: snapshot.publication, items: try store.activeCount(),
            events: try store.eventCount(), users: try store.userNumberLimit(), documents: search?.documentCount ?? 0,
            segments: search?.segmentCount ?? 0, indexBytes: search?.byteCount ?? 0, models: models,
            syntheticEvents: try syntheticEventCount())
    }
}
