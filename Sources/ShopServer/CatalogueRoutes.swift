import Domain
import HTTP
import JSON
import Serving
import Storage

/// Changes of the catalogue: bulk items, one item, prices and stock.
enum CatalogueRoutes {
    static let maximumRecords = 5000
    private static let writers = Access.key([.ingest, .admin], .admin)

    static let routes: [Route] = [
        Route("PUT", "/v1/shops/{shop}/items", writers, putItems),
        Route("PATCH", "/v1/shops/{shop}/items/{id}", writers, patchItem),
        Route("DELETE", "/v1/shops/{shop}/items/{id}", writers, deleteItem),
        Route("PUT", "/v1/shops/{shop}/offers", writers, putOffers),
    ]

    private static func putItems(_ call: Call) throws -> HTTPResponse {
        let answer = try call.service().upsert(call.records("items", limit: maximumRecords))
        try call.audit("items.put", "\(answer.added) added, \(answer.changed) changed")
        return written(answer)
    }

    private static func putOffers(_ call: Call) throws -> HTTPResponse {
        let answer = try call.service().setOffers(call.records("offers", limit: maximumRecords))
        try call.audit("offers.put", "\(answer.offersChanged) changed")
        return written(answer)
    }

    private static func patchItem(_ call: Call) throws -> HTTPResponse {
        let id = try call.itemID(call.parameter("id"))
        let service = try call.service()
        let card = try service.patch(id, with: call.json())
        try call.audit("item.patch", id.rawValue)
        return Call.respond { $0.cardMembers(card, currency: service.config.currency) }
    }

    private static func deleteItem(_ call: Call) throws -> HTTPResponse {
        let id = try call.itemID(call.parameter("id"))
        try call.service().withdraw(id)
        try call.audit("item.withdraw", id.rawValue)
        return HTTPResponse(status: 204)
    }

    private static func written(_ answer: WriteAnswer) -> HTTPResponse {
        Call.respond { writer in
            writer.member("added", answer.added)
            writer.member("changed", answer.changed)
            writer.member("unchanged", answer.unchanged)
            writer.member("offers_changed", answer.offersChanged)
            writer.rejected(answer.rejected)
        }
    }
}
