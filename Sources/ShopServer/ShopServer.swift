import Domain
import Foundation
public import HTTP
public import Serving
import Storage

/// The server: shops behind one address, with API, storefront and console.
public final class ShopServer: Sendable {
    private let shops: [HostedShop]
    private let server: HTTPServer
    private let router: Router

    /// Opens all shops; nothing listens yet.
    ///
    /// - Parameter credentials: Keys and people of a shop.
    public init(
        _ configuration: Configuration, loader: @escaping Backends.Loader,
        credentials: (ShopService) throws -> any Credentials
    ) throws {
        guard !configuration.shopPaths.isEmpty else {
            throw ServingError(.invalid, "Name at least one shop with --shop.")
        }
        var shops: [HostedShop] = []
        for path in configuration.shopPaths {
            let service = try ShopService(folder: ShopFolder(path: path), loader: loader)
            guard !shops.contains(where: { $0.service.shop == service.shop }) else {
                throw ServingError(.invalid, "Two of the folders hold a shop called '\(service.shop)'.")
            }
            shops.append(HostedShop(service: service, credentials: try credentials(service)))
        }
        self.shops = shops
        router = try Self.router(configuration, shops)
        var limits = configuration.limits
        (limits.host, limits.port) = (configuration.host, configuration.port)
        limits.tls = try Self.tls(configuration)
        let router = router
        server = HTTPServer(limits) { router.respond(to: $0) }
    }

    /// Answers one request without a connection: for tests, and for programs that embed the server.
    public func respond(to request: HTTPRequest) -> HTTPResponse { router.respond(to: request) }

    /// Every method and path that the server answers, such as `GET /health`.
    public var operations: [String] { router.routes.map { "\($0.method) \($0.pattern)" } }

    /// The port that is listened at.
    public var port: UInt16 { server.port }

    public func start() throws { try server.start() }

    /// Reads what pages show of the past, beside the first answers.
    ///
    /// What cannot be read is missing from the console until the next start; nothing else depends on it.
    func warm() {
        let services = shops.map(\.service)
        DispatchQueue.global(qos: .utility).async {
            for service in services { try? service.warm() }  // Pages do without, as said above.
        }
    }

    /// Finishes what is under way and closes the shops.
    public func stop() throws {
        server.stop()
        for shop in shops { try shop.service.close() }
    }

    /// Loads what is published now, in every shop; a shop whose new generation is damaged keeps the one before.
    public func reload(note: (String) -> Void = { _ in }) {
        for shop in shops {
            do {
                let generation = try shop.service.reload()
                note("\(shop.service.shop): serving generation \(generation).")
            } catch {
                note("\(shop.service.shop): still serving generation \(shop.service.generation): \(error)")
            }
        }
    }

    /// Serves until SIGTERM or SIGINT; SIGHUP loads what was published.
    public static func run(
        _ configuration: Configuration, loader: @escaping Backends.Loader,
        credentials: (ShopService) throws -> any Credentials, note: (String) -> Void
    ) throws {
        StopSignals.block()
        let server = try ShopServer(configuration, loader: loader, credentials: credentials)
        try server.start()
        server.warm()
        let scheme = configuration.certificatePath == nil ? "http" : "https"
        note("Serving at \(scheme)://\(configuration.host):\(server.port): storefront at /, console at /console.")
        while StopSignals.wait() == .reload { server.reload(note: note) }
        note("Finishing what is under way.")
        try server.stop()
    }

    /// Serves what each shop has published until SIGTERM or SIGINT; SIGHUP loads what was published since.
    ///
    /// Keys last as long as the program: with `isDemo`, one for the storefront is made at the start.
    public static func run(_ configuration: Configuration, note: (String) -> Void) throws {
        try run(
            configuration, loader: Backends.published,
            credentials: { service in
                let credentials = StoredCredentials(store: service.store)
                if configuration.isDemo {
                    let password = credentials.addGuest("demo", role: .admin)
                    note("Console log-in of \(service.shop.rawValue) until this program ends: demo, \(password)")
                }
                return credentials
            }, note: note)
    }

    private static func router(_ configuration: Configuration, _ shops: [HostedShop]) throws -> Router {
        let sessions = ConsoleSessions()
        let metrics = RequestMetrics()
        let files = StaticFiles(folder: configuration.webFolder)
        var demos: [String: SystemRoutes.Demo] = [:]
        for shop in configuration.isDemo ? shops : [] {
            let key = try shop.credentials.createKey(scope: .search, note: "storefront of the demo")
            let households =
                shop.service.config.isDemo
                ? try shop.service.knownPeople(among: (1...2500).map(String.init), limit: 30) : []
            demos[shop.service.shop.rawValue] = SystemRoutes.Demo(searchKey: key, households: households)
        }
        let system = SystemRoutes(shops: shops, metrics: metrics, files: files, demos: demos)
        let console = ConsoleRoutes(sessions: sessions, shops: shops)
        let table = Dictionary(uniqueKeysWithValues: shops.map { ($0.service.shop.rawValue, $0) })
        var log: (@Sendable (String) -> Void)?
        if configuration.logsRequests {
            log = { line in FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
        }
        var routes = SearchRoutes.routes + CatalogueRoutes.routes + PlaceRoutes.routes + PeopleRoutes.routes
        routes +=
            RuleRoutes.routes + CompareRoutes.routes + OnboardingRoutes.routes + BundleRoutes.routes
            + InstantSearchRoutes.routes
        routes += PictureRoutes.routes + VoiceRoutes.routes
        routes += console.routes
        routes +=
            NetworkRoutes(
                networks: configuration.networksFolder, reports: configuration.reportsFolder
            ).routes
        routes += system.routes
        return Router(
            routes: routes, shops: table, sessions: sessions, files: files, metrics: metrics,
            allowedOrigins: Set(configuration.allowedOrigins), log: log)
    }

    private static func tls(_ configuration: Configuration) throws -> HTTPConfiguration.TLS? {
        switch (configuration.certificatePath, configuration.privateKeyPath) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            let texts = try [certificate, key].map {
                String(decoding: try FileSystem.read($0, maximumBytes: 1 << 20), as: UTF8.self)
            }
            return HTTPConfiguration.TLS(certificate: texts[0], key: texts[1])
        default: throw ServingError(.invalid, "TLS needs both --tls-cert and --tls-key.")
        }
    }
}
