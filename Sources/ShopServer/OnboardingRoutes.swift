import HTTP
import JSON
import Serving
import Storage

/// The choice of tastes for somebody unknown.
enum OnboardingRoutes {
    static let routes = [
        Route("GET", "/v1/shops/{shop}/onboarding", .key(SearchRoutes.everyScope, .viewer), onboarding)
    ]
    /// As many tastes as one request may name.
    private static let mostTastes = 12

    private static func onboarding(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let answer = try call.service().onboarding(
            limit: call.integer("limit", default: 12, in: 1...50), language: call.language(),
            priceList: call.priceList())
        return Call.respond { writer in
            writer.member("generation", answer.generation)
            writer.member("choose", OnboardingAnswer.choiceCount)
            writer.array("tastes") { writer in
                for taste in answer.tastes {
                    writer.object { writer in
                        writer.member("id", taste.id)
                        writer.member("path", taste.path)
                        writer.object("item") { $0.cardMembers(taste.card, currency: answer.currency) }
                    }
                }
            }
            writer.took(since: start)
        }
    }

    /// The tastes that a request for recommendations names, one a parameter `tastes`.
    static func tastes(_ call: Call) throws -> [String] {
        let tastes = call.request.queries("tastes").filter { !$0.isEmpty }
        guard tastes.count <= mostTastes, tastes.allSatisfy({ $0.utf8.count <= 512 }) else {
            throw Problem.invalid("`tastes` may be given \(mostTastes) times, each with 512 bytes.")
        }
        return tastes
    }
}
