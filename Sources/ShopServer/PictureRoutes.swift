import HTTP
import JSON
import Pictures
import Serving
import Storage

/// What items look like, and which look alike.
enum PictureRoutes {
    static let routes: [Route] = [
        // Open to all: a page's <img> cannot send a key, and what a shop shows to everybody is no secret.
        Route("GET", "/v1/shops/{shop}/items/{id}/picture", .everybody, picture),
        Route("GET", "/v1/shops/{shop}/items/{id}/similar-pictures", .key(SearchRoutes.everyScope, .viewer), similar),
        Route("POST", "/v1/shops/{shop}/search/picture", .key(SearchRoutes.everyScope, .viewer), search),
    ]

    private static func picture(_ call: Call) throws -> HTTPResponse {
        let bytes = try call.service().picture(of: call.itemID(call.parameter("id"))).png()
        let tag = "\"\(SHA256.hex(of: bytes).prefix(32))\""
        var response = HTTPResponse(contentType: "image/png", body: bytes)
        if call.request.header("if-none-match") == tag { response = HTTPResponse(status: 304) }
        response.set("ETag", tag)
        response.set("Cache-Control", "public, max-age=3600")
        return response
    }

    private static func similar(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        let answer = try service.similarPictures(
            to: call.itemID(call.parameter("id")), conditions(call, service))
        return respond(answer, since: start)
    }

    private static func search(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        guard call.request.mediaType == "image/png" else {
            throw Problem(415, "Unsupported media type", "Send the picture as image/png.")
        }
        let answer = try service.search(
            picture: GreyPicture(png: call.request.body), conditions(call, service))
        return respond(answer, since: start)
    }

    /// How many, and the filters, prices and facets that a search has.
    private static func conditions(_ call: Call, _ service: ShopService) throws -> SearchCall {
        var conditions = SearchCall()
        conditions.limit = try call.integer("limit", default: 24, in: 1...100)
        try SearchRoutes.readFilters(call, service, &conditions)
        conditions.language = try call.language()
        return conditions
    }

    private static func respond(_ answer: PictureAnswer, since start: ContinuousClock.Instant) -> HTTPResponse {
        Call.respond { writer in
            writer.member("total", answer.entries.count)
            writer.member("generation", answer.generation)
            writer.member("impression_id", answer.impressionID)
            writer.array("items") { writer in
                for entry in answer.entries {
                    writer.object { writer in
                        writer.cardMembers(entry.card, currency: answer.currency)
                        writer.member("score", (Double(entry.similarity) * 10_000).rounded() / 10_000)
                    }
                }
            }
            if !answer.counted.facets.isEmpty { writer.object("facets") { SearchRoutes.facets(answer.counted, &$0) } }
            writer.took(since: start)
        }
    }
}
