import Domain
import Features
import HTTP
import JSON
import Serving
import Storage

/// What the shop knows about its shoppers; a storefront's search key reaches none of it.
enum PeopleRoutes {
    static let routes: [Route] = [
        Route("GET", "/v1/shops/{shop}/users/{user}/profile", .key([.ingest, .admin], .viewer), profile),
        Route("GET", "/v1/shops/{shop}/users/{user}/export", .key([.admin], .admin), export),
        Route("DELETE", "/v1/shops/{shop}/users/{user}", .key([.admin], .admin), erase),
    ]

    private static func profile(_ call: Call) throws -> HTTPResponse {
        let service = try call.service()
        let user = call.parameter("user")
        let profile = try service.profile(of: user, session: call.text("session", maximumBytes: 128))
        return Call.respond { members(profile, user: user, &$0) }
    }

    static func members(_ answer: ProfileAnswer, user: String, _ writer: inout JSONWriter) {
        let (profile, currency) = (answer.profile, answer.currency)
        writer.member("user", user)
        writer.optional("recency_days", profile.recencyDays)
        writer.member("purchases", profile.purchases)
        writer.member("baskets", profile.baskets)
        writer.member("spend", Money(minorUnits: profile.spendMinorUnits, currency: currency).decimalText)
        writer.member("currency", currency.code)
        writer.shares("favourite_categories", answer.favouriteCategories)
        writer.optional("private_brand_share", profile.privateBrandShare)
        writer.optional("price_level", profile.priceLevel)
        writer.array("rhythm") { writer in
            for habit in answer.habits {
                writer.object { writer in
                    writer.name("item")
                    writer.card(habit.card, currency: currency)
                    writer.member("every_days", habit.rhythm.meanGapDays)
                    writer.member("last_days_ago", habit.rhythm.daysSinceLast)
                    writer.member("due", habit.rhythm.isDue)
                    writer.member("times", habit.rhythm.times)
                }
            }
        }
        writer.shares("session_interest", answer.sessionInterest)
        writer.optional("first", profile.first?.description)
        writer.optional("last", profile.last?.description)
    }

    private static func export(_ call: Call) throws -> HTTPResponse {
        let (events, attributes) = try call.service().export(of: call.parameter("user"))
        try call.audit("user.export", "one person, \(events.count) events")
        return Call.respond { writer in
            writer.member("user", call.parameter("user"))
            writer.object("attributes") { writer in
                for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                    writer.name(dynamic: name)
                    writer.value(value)
                }
            }
            writer.array("events") { writer in
                for logged in events { writer.object { event(logged.event, &$0) } }
            }
        }
    }

    private static func event(_ event: Event, _ writer: inout JSONWriter) {
        writer.member("event_id", event.id)
        writer.member("name", event.name.rawValue)
        writer.member("time", event.time.description)
        writer.optional("session", event.session)
        writer.member("market", event.market)
        writer.member("channel", event.channel.rawValue)
        writer.optional("store", event.store)
        writer.optional("query", event.query)
        writer.optional("rating", event.rating)
        writer.array("items") { writer in
            for item in event.items {
                writer.object { writer in
                    writer.member("item_id", item.item.rawValue)
                    writer.member("quantity", item.quantity)
                    if let price = item.priceMinorUnits { writer.member("price_minor_units", price) }
                    if item.discountMinorUnits != 0 { writer.member("discount_minor_units", item.discountMinorUnits) }
                }
            }
        }
        writer.member("synthetic", event.isSynthetic)
    }

    private static func erase(_ call: Call) throws -> HTTPResponse {
        let count = try call.service().erase(call.parameter("user"))
        try call.audit("user.erase", "one person, \(count) events")
        return Call.respond { $0.member("erased_events", count) }
    }
}
