import Domain
import HTTP
import JSON
import Recommenders
import Serving

/// What the console shows of one person.
extension ConsoleRoutes {
    private static let mostForgotten = 200

    /// A person's profile with a shelf, or the shelf alone as if some purchases had never been.
    static func user(_ call: Call) throws -> HTTPResponse {
        let user = try person(call)
        let service = try call.service()
        let profile = try service.profile(of: user)
        try call.audit("user.view", "one person")
        var wanted = RecommendCall(scenario: try call.choice("scenario", default: .home))
        wanted.user = user
        wanted.without = try list(call, "without").map { try call.itemID($0) }
        wanted.withoutPurchases = try list(call, "without_purchases").map { text in
            guard let purchase = PastPurchase(text) else {
                throw Problem.invalid("`without_purchases` takes `purchase` of `/console/api/user/purchases`.")
            }
            return purchase
        }
        wanted.reranking = try SearchRoutes.reranking(call)
        wanted.explains = true
        let shelf: RecommendAnswer?
        do {
            shelf = try service.recommend(wanted)
        } catch let error as ServingError where error.code == .notPublished {
            shelf = nil
        }
        return Call.respond { writer in
            writer.object("profile") { PeopleRoutes.members(profile, user: user, &$0) }
            writer.object("recommendations") { writer in
                writer.member("scenario", wanted.scenario.rawValue)
                guard let shelf else { return writer.member("items", []) }
                SearchRoutes.recommendations(shelf, explains: true, &writer)
            }
        }
    }

    /// What a person bought, newest first, by words of the title.
    static func purchases(_ call: Call) throws -> HTTPResponse {
        let user = try person(call)
        let words = try call.text("q", maximumBytes: SearchRoutes.maximumQueryBytes) ?? ""
        let offset = try call.integer("offset", default: 0, in: 0...SearchRoutes.maximumDepth)
        let limit = try call.integer("limit", default: 20, in: 1...100)
        let found = try call.service().purchases(of: user, matching: words, offset: offset, limit: limit)
        try call.audit("user.purchases", "one person")
        return Call.respond { writer in
            writer.member("total", found.total)
            writer.array("purchases") { writer in
                for entry in found.entries {
                    let item = entry.card.item
                    writer.object { writer in
                        writer.member("purchase", PastPurchase(item: item.id, time: entry.time).text)
                        writer.member("id", item.id.rawValue)
                        writer.member("title", item.title)
                        writer.member("time", entry.time.description)
                        writer.member("quantity", entry.quantity)
                    }
                }
            }
        }
    }

    private static func person(_ call: Call) throws -> String {
        guard let user = try call.text("user", maximumBytes: 256) else { throw Problem.invalid("Name a `user`.") }
        return user
    }

    private static func list(_ call: Call, _ name: String) throws -> [String] {
        (try call.text(name, maximumBytes: 8192) ?? "").split(separator: ",").prefix(mostForgotten).map(String.init)
    }
}
