import Domain
import HTTP
import JSON
import Recommenders
import Serving
import Storage

/// Sets of items that are bought together.
enum BundleRoutes {
    static let routes = [
        Route("GET", "/v1/shops/{shop}/items/{id}/bundle", .key(SearchRoutes.everyScope, .viewer), bundle)
    ]

    private static func bundle(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let answer = try call.service().bundle(
            with: call.itemID(call.parameter("id")),
            size: call.integer("size", default: 3, in: Recommendations.bundleSizes),
            at: call.text("store", maximumBytes: 128), language: call.language(), priceList: call.priceList())
        return Call.respond { writer in
            writer.member("generation", answer.generation)
            writer.member("impression_id", answer.impressionID)
            writer.array("items") { writer in
                for entry in answer.entries {
                    writer.object { writer in
                        writer.cardMembers(entry.card, currency: answer.currency)
                        if let reason = entry.reason { writer.member("reason", reason) }
                    }
                }
            }
            writer.optional("sum", answer.sum?.decimalText)
            writer.optional("saving", answer.saving?.decimalText)
            writer.optional("price", answer.price?.decimalText)
            writer.member("currency", answer.currency.code)
            writer.took(since: start)
        }
    }
}
