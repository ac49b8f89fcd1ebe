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
        let export = PersonExport(
            user: call.parameter("user"), attributes: attributes, events: events.map(\.event))
        return Call.respond { export.write(to: &$0) }
    }

    private static func erase(_ call: Call) throws -> HTTPResponse {
        let count = try call.service().erase(call.parameter("user"))
        try call.audit("user.erase", "one person, \(count) events")
        return Call.respond { $0.member("erased_events", count) }
    }
}
