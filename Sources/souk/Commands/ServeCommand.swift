import CommandInterface
import Domain
import Foundation
import Learning
import ShopServer

/// `souk serve`: answers over HTTP.
enum ServeCommand: Command {
    static let name = "serve"
    static let summary = "Serve one or more shops over HTTP, with storefront and console."
    static let options: [Option] = [
        .value(
            "shop", "DIR", "A shop's folder; the first one has the storefront at /.", required: true, repeatable: true),
        .value("port", "N", "The port; 8080 if left out."),
        .value("host", "ADDRESS", "The address to listen on; 127.0.0.1 if left out."),
        .value("tls-cert", "FILE", "Certificate chain, PEM: serve HTTPS."),
        .value("tls-key", "FILE", "The certificate's private key, PEM."),
        .value("cors", "ORIGIN", "A web origin that may call the API from its pages.", repeatable: true),
        .value("web", "DIR", "The folder of the pages; found beside the program if left out."),
        .value(
            "networks", "DIR",
            "A folder of networks that souk-train writes (var/models): the console draws their curves."),
        .value("reports", "DIR", "A folder of souk-train's reports (var/reports), for the console."),
        .flag("demo", "Let the storefront choose a household of a demo shop."), .quiet,
    ]
    static let discussion = """
        SIGTERM and SIGINT finish what is under way; SIGHUP loads a newly published generation.
        Keys: souk keys create --shop DIR --scope search. Console log-ins: souk people add --shop DIR --role admin NAME.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        var configuration = ShopServer.Configuration(shopPaths: arguments.values("shop"))
        configuration.port = try UInt16(arguments.integer("port", in: 0...65_535) ?? 8080)
        if let host = arguments.value("host") { configuration.host = host }
        configuration.certificatePath = arguments.value("tls-cert")
        configuration.privateKeyPath = arguments.value("tls-key")
        configuration.allowedOrigins = arguments.values("cors")
        configuration.webFolder = arguments.value("web")
        configuration.networksFolder = arguments.value("networks")
        configuration.reportsFolder = arguments.value("reports")
        configuration.isDemo = arguments.has("demo")
        try ShopServer.run(configuration) { console.note($0) }
    }
}
