import Domain
import HTTP
import JSON
import Serving
import Storage

/// What operators and pages ask of the server as a whole.
struct SystemRoutes: Sendable {
    let shops: [HostedShop]
    let metrics: RequestMetrics
    let files: StaticFiles
    /// By the shops' names; empty unless the server shows demonstrations.
    let demos: [String: Demo]

    /// What the storefront of a demo shop may know.
    struct Demo: Sendable {
        let searchKey: String
        let households: [String]
    }

    var routes: [Route] {
        [
            Route("GET", "/health", .everybody, health),
            Route("GET", "/metrics", .everybody, prometheus),
            Route("GET", "/openapi.json", .everybody, openAPI),
            Route("GET", "/storefront/config.json", .everybody, storefront),
        ]
    }

    private func health(_ call: Call) throws -> HTTPResponse {
        try Call.respond { writer in
            writer.member("status", "ok")
            try writer.array("shops") { writer in
                for shop in shops {
                    let (items, events) = (try shop.service.store.activeCount(), try shop.service.store.eventCount())
                    writer.object { writer in
                        writer.member("shop", shop.service.shop.rawValue)
                        writer.member("generation", shop.service.generation)
                        writer.member("items", items)
                        writer.member("events", events)
                    }
                }
            }
        }
    }

    private func prometheus(_ call: Call) -> HTTPResponse {
        let text = metrics.text(shops: shops)
        return HTTPResponse(contentType: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
    }

    private func openAPI(_ call: Call) throws -> HTTPResponse {
        guard let bytes = files.file("openapi.json") else {
            throw Problem(404, "No description", "The folder of the pages holds no openapi.json.")
        }
        return HTTPResponse(contentType: "application/json", body: bytes)
    }

    private func storefront(_ call: Call) throws -> HTTPResponse {
        guard !demos.isEmpty else {
            throw Problem(404, "No storefront", "Start the server with --demo to serve the demo's storefront.")
        }
        let wanted = try call.text("shop", maximumBytes: 64)
        guard let service = shops.first(where: { wanted == nil || $0.service.shop.rawValue == wanted })?.service,
            let demo = demos[service.shop.rawValue]
        else { throw Problem(404, "Unknown shop", "This server hosts no such shop.") }
        let config = service.config
        return Call.respond { writer in
            writer.member("shop", config.shop.rawValue)
            writer.member("title", config.title)
            writer.member("currency", config.currency.code)
            writer.member("languages", service.languages)
            writer.member("searches_pictures", service.searchesPictures)
            writer.member("listens", service.listens)
            writer.member("search_key", demo.searchKey)
            writer.member("synthetic", config.isDemo)
            writer.member("notice", config.notice)
            writer.member("ideas", config.ideas)
            writer.member("recommends", service.recommends)
            writer.member("households", demo.households)
            writer.array("shops") { writer in
                for shop in shops {
                    writer.object { writer in
                        writer.member("shop", shop.service.shop.rawValue)
                        writer.member("title", shop.service.config.title)
                    }
                }
            }
        }
    }
}
