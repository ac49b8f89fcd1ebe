import CommandInterface
import Domain
import Learning
import Storage

/// `souk init`: makes an empty shop.
enum InitCommand: Command {
    static let name = "init"
    static let summary = "Make an empty shop in a folder."
    static let options: [Option] = [
        .shop, .value("title", "TEXT", "The name that shoppers see; the folder's name if left out."),
        .value("currency", "CODE", "The currency of prices, ISO 4217; USD if left out."),
        .value("language", "TAG", "The language of the catalogue's texts, BCP 47; en if left out."),
        .flag("demo", "A demo shop: the storefront lets anybody choose a household."),
        .value("notice", "TEXT", "What the foot of a demo shop's pages says of where its data comes from."),
        .value("idea", "QUERY", "A query that the front page suggests.", repeatable: true), .quiet,
    ]
    static let discussion = """
        Example: souk init --shop shops/corner --title "Corner shop" --currency EUR

        The folder gets config.json, shop.sqlite and identity.key, the key of the pseudonyms: keep a copy of it in a safe
        place. The folder's name becomes the shop's name in paths: lower-case letters, digits, - and _.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let path = try arguments.required("shop")
        let code = arguments.value("currency") ?? "USD"
        guard let currency = Currency(code) else { throw UsageError("--currency: '\(code)' is no ISO 4217 code.") }
        let language = arguments.value("language") ?? "en"
        guard (2...35).contains(language.utf8.count) else { throw UsageError("--language takes a tag such as en.") }
        try Workbench.create(
            path: path, title: arguments.value("title"), currency: currency, language: language,
            isDemo: arguments.has("demo"), notice: arguments.value("notice") ?? "", ideas: arguments.values("idea"))
        console.note("The shop is ready in \(path). Next: souk import --shop \(path) --items FILE --full")
    }
}
