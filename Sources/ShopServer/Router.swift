import Domain
import HTTP
import Serving
import Storage

/// Finds a request's route, checks who asks, and turns every error into a problem.
struct Router: Sendable {
    static let loginNeeded = Problem(401, "Log-in needed", "Log in to the console first.")

    let routes: [Route]
    let shops: [String: HostedShop]
    let sessions: ConsoleSessions
    let files: StaticFiles
    let metrics: RequestMetrics
    let allowedOrigins: Set<String>
    let log: (@Sendable (String) -> Void)?

    func respond(to request: HTTPRequest) -> HTTPResponse {
        let start = ContinuousClock.now
        var name = "static"
        var response: HTTPResponse
        do {
            response = try answer(request, name: &name)
        } catch {
            response = Problem(error).response
        }
        secure(&response, for: request)
        let took = (ContinuousClock.now - start) / .milliseconds(1)
        metrics.add(route: name, status: response.status, milliseconds: took)
        if let shop = request.path.count > 3 ? shops[request.path[2]] : nil {
            let isSearch = request.path[3] == "search"
            shop.service.counters.request(milliseconds: took, isSearch: isSearch, at: SystemTime.now())
        }
        log?(line(request, name: name, response, took))
        return response
    }

    private func answer(_ request: HTTPRequest, name: inout String) throws -> HTTPResponse {
        let method = request.method == "HEAD" ? "GET" : request.method
        if method == "OPTIONS" { return preflight(request) }
        var allowed: [String] = []
        for route in routes {
            guard let parameters = route.match(request.path) else { continue }
            guard route.method == method else {
                allowed.append(route.method)
                continue
            }
            name = "\(route.method) \(route.pattern)"
            return try route.answer(authorise(request, route, parameters))
        }
        guard allowed.isEmpty else {
            throw Problem(
                405, "Method not allowed", "This address takes \(allowed.joined(separator: ", ")).",
                headers: [HTTPHeader("Allow", allowed.joined(separator: ", "))])
        }
        if method == "GET", request.path.first != "v1", let page = files.response(for: request) { return page }
        throw Problem(404, "Not found", "There is nothing at this address.")
    }

    private func authorise(_ request: HTTPRequest, _ route: Route, _ parameters: [String: String]) throws -> Call {
        let named = parameters["shop"]
        if let named, shops[named] == nil {
            throw Problem(404, "Unknown shop", "This server hosts no such shop.")
        }
        let person = request.cookie(ConsoleRoutes.cookie).flatMap { sessions.person($0) }
        func call(_ shop: String?, _ scope: KeyScope?, _ person: ConsoleSessions.Person?) -> Call {
            Call(
                request: request, parameters: parameters, shop: shop.flatMap { shops[$0] }, scope: scope,
                person: person)
        }
        switch route.access {
        case .everybody:
            if route.method != "GET" { try checkOrigin(request) }
            return call(named, nil, person)
        case .person(let role):
            guard let person else { throw Self.loginNeeded }
            try check(person, role, route, request)
            return call(person.shop, nil, person)
        case .key(let scopes, let role):
            if let key = key(of: request), let named, let shop = shops[named] {
                guard let scope = try shop.credentials.scope(ofKey: key) else {
                    throw Problem(401, "Unknown key", "The key is not one of this shop's.", headers: [Self.challenge])
                }
                guard scopes.contains(scope) else {
                    throw Problem(403, "Key not allowed", "A key of scope \(scope.rawValue) may not do this.")
                }
                return call(named, scope, nil)
            }
            guard let person, person.shop == named else {
                throw Problem(401, "Key needed", "Send the shop's key as a bearer token.", headers: [Self.challenge])
            }
            try check(person, role, route, request)
            return call(named, nil, person)
        }
    }

    private func check(
        _ person: ConsoleSessions.Person, _ role: PersonRole, _ route: Route, _ request: HTTPRequest
    ) throws {
        guard person.role >= role else {
            throw Problem(403, "Not allowed", "This needs the role \(role.rawValue).")
        }
        if route.method != "GET" { try checkOrigin(request) }
    }

    /// Refuses changes by cookie that come from another site's page.
    private func checkOrigin(_ request: HTTPRequest) throws {
        guard let origin = request.header("origin") else { return }
        let host = request.header("host") ?? ""
        guard origin == "http://\(host)" || origin == "https://\(host)" else {
            throw Problem(403, "Foreign origin", "Changes in the console must come from its own pages.")
        }
    }

    private static let challenge = HTTPHeader("WWW-Authenticate", "Bearer")

    private func key(of request: HTTPRequest) -> String? {
        if let key = request.header("x-souk-key") { return key }
        guard let value = request.header("authorization"), value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst(7))
    }

    private func preflight(_ request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse(status: 204)
        response.set("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        guard let origin = request.header("origin"), allowedOrigins.contains(origin) else { return response }
        response.set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
        response.set("Access-Control-Allow-Headers", "Authorization, Content-Type, X-Souk-Key")
        response.set("Access-Control-Max-Age", "600")
        return response
    }

    private func secure(_ response: inout HTTPResponse, for request: HTTPRequest) {
        if response.header("Content-Security-Policy") == nil {
            response.set(
                "Content-Security-Policy",
                "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'")
        }
        response.set("X-Content-Type-Options", "nosniff")
        response.set("X-Frame-Options", "DENY")
        response.set("Referrer-Policy", "same-origin")
        if response.header("Cache-Control") == nil { response.set("Cache-Control", "no-store") }
        guard let origin = request.header("origin"), allowedOrigins.contains(origin) else { return }
        response.set("Access-Control-Allow-Origin", origin)
        response.set("Vary", "Origin")
    }

    /// One line of JSON without anything personal: the route's pattern stands for the path.
    private func line(_ request: HTTPRequest, name: String, _ response: HTTPResponse, _ took: Double) -> String {
        let micros = Int(took * 1000)
        return
            #"{"time":"\#(SystemTime.now())","route":"\#(name)","status":\#(response.status),"bytes":\#(response.body.count),"took_us":\#(micros)}"#
    }
}
