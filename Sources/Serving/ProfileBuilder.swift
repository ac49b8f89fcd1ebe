import Domain
import Storage

/// Sums up one person's purchases.
struct ProfileBuilder {
    private struct Counted {
        var pieces = 0
        var days: Set<Int> = []
    }

    private let now: Timestamp
    private var counted: [ItemNumber: Counted] = [:]
    private var profile: ProfileAnswer

    init(currency: Currency, now: Timestamp) {
        self.now = now
        profile = ProfileAnswer(currency: currency)
    }

    /// Items that were bought, by number.
    var items: [ItemNumber] { counted.keys.sorted() }

    mutating func add(_ logged: LoggedEvent) {
        let event = logged.event
        guard event.name == .purchase else { return }
        profile.baskets += 1
        profile.first = profile.first ?? event.time
        profile.last = max(profile.last ?? event.time, event.time)
        for (item, number) in zip(event.items, logged.items) {
            profile.purchases += 1
            let price = item.priceMinorUnits ?? 0
            let (line, overflow) = price.multipliedReportingOverflow(by: Int64(item.quantity))
            if !overflow { profile.spendMinorUnits &+= line - item.discountMinorUnits }
            guard let number else { continue }
            counted[number, default: Counted()].pieces += max(1, item.quantity)
            counted[number, default: Counted()].days.insert(event.time.day)
        }
    }

    /// The profile; `now` counts from the newest purchase if the log lies in the past.
    consuming func profile(items: [ItemNumber: StoredItem], offers: OfferColumns) -> ProfileAnswer {
        var categories: [[String]: Int] = [:]
        var (pieces, ownBrand, knownBrand) = (0, 0, 0)
        for (number, counts) in counted {
            guard let item = items[number]?.item else { continue }
            pieces += counts.pieces
            categories[Array(item.productType.prefix(2)), default: 0] += counts.pieces
            let brandClass = item.attributes["brand_class"]?.first ?? item.brand
            if brandClass == "Private" { ownBrand += counts.pieces }
            if brandClass == "Private" || brandClass == "National" { knownBrand += counts.pieces }
        }
        let favourites = categories.sorted { ($0.value, $1.key.joined()) > ($1.value, $0.key.joined()) }.prefix(8)
        profile.favouriteCategories = favourites.map { ($0.key, Double($0.value) / Double(max(1, pieces))) }
        profile.privateBrandShare = knownBrand > 0 ? Double(ownBrand) / Double(knownBrand) : nil
        profile.recencyDays = profile.last.map { max(0, now.days(since: $0)) }
        profile.habits = habits(items: items, offers: offers)
        return profile
    }

    private func habits(items: [ItemNumber: StoredItem], offers: OfferColumns) -> [ProfileAnswer.Habit] {
        let regular = counted.filter { $0.value.days.count >= 3 }
            .sorted { ($0.value.days.count, $1.key) > ($1.value.days.count, $0.key) }.prefix(20)
        return regular.compactMap { number, counts in
            guard let item = items[number], let first = counts.days.min(), let last = counts.days.max() else {
                return nil
            }
            return ProfileAnswer.Habit(
                card: Card(item, offers: offers), everyDays: Double(last - first) / Double(counts.days.count - 1),
                lastDaysAgo: Double(max(0, now.day - last)), times: counts.days.count)
        }
    }
}
