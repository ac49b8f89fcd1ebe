import HTTP
import Pictures
import Serving
import Storage

/// What items look like.
enum PictureRoutes {
    static let routes: [Route] = [
        // Open to all: a page's <img> cannot send a key, and what a shop shows to everybody is no secret.
        Route("GET", "/v1/shops/{shop}/items/{id}/picture", .everybody, picture)
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
}
