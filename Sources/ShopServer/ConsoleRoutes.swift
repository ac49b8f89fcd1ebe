import Domain
import HTTP
import JSON
import Recommenders
import Serving
import Storage

/// What the console's pages ask, for a person who is logged in.
struct ConsoleRoutes: Sendable {
    static let cookie = "souk_console"
    let sessions: ConsoleSessions
    let shops: [HostedShop]

    var routes: [Route] {
        [
            Route("POST", "/console/api/login", .everybody, login),
            Route("POST", "/console/api/logout", .everybody, logout),
            Route("GET", "/console/api/me", .person(.viewer), Self.me),
            Route("GET", "/console/api/overview", .person(.viewer), Self.overview),
            Route("GET", "/console/api/live", .person(.viewer), Self.live),
            Route("GET", "/console/api/queries", .person(.viewer), Self.queries),
            Route("GET", "/console/api/reformulations", .person(.viewer), Self.reformulations),
            Route("GET", "/console/api/audit", .person(.viewer), Self.audit),
            Route("GET", "/console/api/keys", .person(.admin), Self.keys),
            Route("GET", "/console/api/generations", .person(.viewer), Self.generations),
            Route("POST", "/console/api/reload", .person(.admin), Self.reload),
            Route("POST", "/console/api/rollback", .person(.admin), Self.rollback),
            Route("GET", "/console/api/user", .person(.viewer), Self.user),
            Route("GET", "/console/api/user/purchases", .person(.viewer), Self.purchases),
            Route("GET", "/console/api/new-items", .person(.viewer), Self.newItems),
            Route("GET", "/console/report", .person(.viewer), Self.report),
        ]
    }

    private func login(_ call: Call) throws -> HTTPResponse {
        let address = call.request.remoteAddress
        guard !sessions.isBarred(address) else {
            throw Problem(
                429, "Too many failed log-ins", "Try again in five minutes.",
                headers: [HTTPHeader("Retry-After", "300")])
        }
        let body = try call.json()
        guard let name = body["name"]?.stringValue, let password = body["password"]?.stringValue,
            name.utf8.count <= 128, password.utf8.count <= 1024
        else { throw Problem.invalid("Send `name` and `password`.") }
        let wanted = body["shop"]?.stringValue
        for shop in shops where wanted == nil || wanted == shop.service.shop.rawValue {
            guard let role = try shop.credentials.role(ofPerson: name, password: password) else { continue }
            let person = ConsoleSessions.Person(name: name, role: role, shop: shop.service.shop.rawValue)
            try shop.credentials.record(
                AuditLog.Line(time: SystemTime.now(), person: name, action: "login", detail: role.rawValue))
            var response = Self.describe(person)
            response.set("Set-Cookie", cookie(sessions.open(person), call, age: 8 * 3600))
            return response
        }
        sessions.failed(address)
        throw Problem(401, "Log-in failed", "The name or the password is wrong.")
    }

    private func logout(_ call: Call) throws -> HTTPResponse {
        if let token = call.request.cookie(Self.cookie) { sessions.close(token) }
        var response = HTTPResponse(status: 204)
        response.set("Set-Cookie", cookie("", call, age: 0))
        return response
    }

    private func cookie(_ value: String, _ call: Call, age: Int) -> String {
        let secure = call.request.isSecure ? "; Secure" : ""
        return "\(Self.cookie)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(age)\(secure)"
    }

    private static func describe(_ person: ConsoleSessions.Person) -> HTTPResponse {
        Call.respond { writer in
            writer.member("name", person.name)
            writer.member("role", person.role.rawValue)
            writer.member("shop", person.shop)
        }
    }

    private static func newItems(_ call: Call) throws -> HTTPResponse {
        let days = try call.integer("days", default: 30, in: 1...365)
        let report = try call.service().newItemReport(days: days)
        return Call.respond { report.write(to: &$0) }
    }

    private static func me(_ call: Call) throws -> HTTPResponse {
        guard let person = call.person else { throw Router.loginNeeded }
        return describe(person)
    }

    private static func overview(_ call: Call) throws -> HTTPResponse {
        let service = try call.service()
        let overview = try service.overview()
        return Call.respond { writer in
            writer.member("shop", overview.config.shop.rawValue)
            writer.member("title", overview.config.title)
            writer.member("generation", overview.publication?.generation ?? 0)
            writer.member("items", overview.items)
            writer.member("events", overview.events)
            writer.member("synthetic_events", overview.syntheticEvents)
            writer.member("users", overview.users)
            writer.member("has_report", FileSystem.exists(service.folder.path + "/report.html"))
            writer.object("index") { writer in
                writer.member("documents", overview.documents)
                writer.member("segments", overview.segments)
                writer.member("bytes", overview.indexBytes)
            }
            writer.array("models") { writer in
                for model in overview.models {
                    writer.object { writer in
                        writer.member("name", model.name)
                        writer.optional("version", model.manifest.map { String($0.version) })
                        writer.optional("created", model.manifest?.created.description)
                        writer.object("metrics") { writer in
                            for (name, value) in (model.manifest?.metrics ?? [:]).sorted(by: { $0.key < $1.key }) {
                                writer.name(dynamic: name)
                                writer.value(value)
                            }
                        }
                    }
                }
            }
        }
    }

    private static func live(_ call: Call) throws -> HTTPResponse {
        let counters = try call.service().counters
        let now = SystemTime.now()
        let latency = counters.latency
        return Call.respond { writer in
            writer.array("events_per_minute") { writer in
                for minute in counters.minutes(at: now) {
                    writer.object { writer in
                        writer.member("minute", minute.minute.description)
                        writer.member("count", minute.count)
                        writer.object("by_name") { writer in
                            for (name, count) in minute.byName.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                                writer.name(dynamic: name.rawValue)
                                writer.value(count)
                            }
                        }
                    }
                }
            }
            writer.member("searches", counters.searches)
            writer.member("requests_per_second", counters.requestsPerSecond(at: now))
            writer.object("latency_ms") { writer in
                writer.member("p50", latency.quantile(0.5))
                writer.member("p99", latency.quantile(0.99))
            }
        }
    }

    private static func queries(_ call: Call) throws -> HTTPResponse {
        guard let kind = QueryStatistics.Kind(rawValue: call.request.query("kind") ?? "top") else {
            throw Problem.invalid("`kind` must be top, empty or slow.")
        }
        let entries = try call.service().queries.list(kind)
        return Call.respond { writer in
            writer.array("queries") { writer in
                for entry in entries {
                    writer.object { writer in
                        writer.member("query", entry.query)
                        writer.member("count", entry.count)
                        writer.name("results")
                        if let results = entry.results { writer.value(results) } else { writer.null() }
                        writer.member("took_ms", entry.slowestMilliseconds)
                        writer.member("clicks", entry.clicks)
                        writer.member("synthetic", entry.synthetic)
                    }
                }
            }
            writer.member("synthetic", entries.contains { $0.synthetic > 0 })
        }
    }

    private static func reformulations(_ call: Call) throws -> HTTPResponse {
        guard let query = try call.text("query", maximumBytes: 512) else { throw Problem.invalid("Give a `query`.") }
        let next = try call.service().store.reformulations(of: query.lowercased(), limit: 10)
        return Call.respond { writer in
            writer.array("queries") { writer in
                for (query, count) in next {
                    writer.object { writer in
                        writer.member("query", query)
                        writer.member("count", count)
                    }
                }
            }
        }
    }

    private static func audit(_ call: Call) throws -> HTTPResponse {
        let limit = try call.integer("limit", default: 100, in: 1...1000)
        let lines = try call.shop?.credentials.auditLines(limit: limit) ?? []
        return Call.respond { writer in
            writer.array("entries") { writer in
                for line in lines {
                    writer.object { writer in
                        writer.member("time", line.time.description)
                        writer.member("person", line.person)
                        writer.member("action", line.action)
                        writer.member("detail", line.detail)
                    }
                }
            }
        }
    }

    private static func keys(_ call: Call) throws -> HTTPResponse {
        let keys = try call.shop?.credentials.listKeys() ?? []
        return Call.respond { writer in
            writer.array("keys") { writer in
                for key in keys {
                    writer.object { writer in
                        writer.member("name", key.name)
                        writer.member("scopes", key.scopes.map(\.rawValue).sorted())
                        writer.member("created", key.created.description)
                        writer.optional("last_used", key.lastUsed?.description)
                        writer.member("revoked", key.isRevoked)
                    }
                }
            }
        }
    }

    private static func generations(_ call: Call) throws -> HTTPResponse {
        let service = try call.service()
        let all = try service.generations()
        return Call.respond { writer in
            writer.member("current", service.generation)
            writer.array("generations") { writer in
                for publication in all.reversed() {
                    writer.object { writer in
                        writer.member("generation", publication.generation)
                        writer.member("created", publication.created.description)
                        writer.optional("index", publication.index)
                        writer.member("models", publication.models.keys.sorted())
                        writer.member("restorable", publication.isRestorable)
                    }
                }
            }
        }
    }

    private static func reload(_ call: Call) throws -> HTTPResponse {
        let generation = try call.service().reload()
        try call.audit("reload", "generation \(generation)")
        return Call.respond { $0.member("generation", generation) }
    }

    private static func rollback(_ call: Call) throws -> HTTPResponse {
        guard let number = try call.json()["generation"]?.integerValue.flatMap(Int.init(exactly:)) else {
            throw Problem.invalid("Send `generation`, a whole number.")
        }
        let generation = try call.service().rollback(to: number)
        try call.audit("rollback", "generation \(generation)")
        return Call.respond { $0.member("generation", generation) }
    }

    private static func report(_ call: Call) throws -> HTTPResponse {
        let path = try call.service().folder.path + "/report.html"
        guard FileSystem.exists(path) else {
            throw Problem(404, "No report yet", "Run `souk evaluate baskets --report SHOP/report.html`.")
        }
        return try page(ofReport: path)
    }

    /// A report as a page of its own, which may neither run scripts nor load anything.
    static func page(ofReport path: String) throws -> HTTPResponse {
        var response = HTTPResponse(
            contentType: "text/html; charset=utf-8", body: try FileSystem.read(path, maximumBytes: 1 << 26))
        response.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        return response
    }
}
