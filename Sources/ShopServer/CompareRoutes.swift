import HTTP
import JSON
import Merchandising
import Serving
import Storage

/// Two configurations of search side by side over a set of queries.
enum CompareRoutes {
    static let routes: [Route] = [
        Route("POST", "/v1/shops/{shop}/search/compare", .key([.admin], .viewer), compare)
    ]

    private static func compare(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        let body = try call.json()
        let comparison = try service.compare(
            configuration(body["a"], "a"), configuration(body["b"], "b"), queries: queries(body["queries"]),
            includesSynthetic: flag(body["synthetic"], "synthetic", default: false))
        return Call.respond { writer in
            writer.member("synthetic", comparison.isSynthetic)
            writer.array("measures") { writer in comparison.measures.forEach { measure($0, &writer) } }
            writer.array("queries") { writer in comparison.queries.forEach { query($0, &writer) } }
            writer.took(since: start)
        }
    }

    private static func measure(_ measure: SearchComparison.Measure, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", measure.name)
            writer.member("queries", measure.queries)
            writer.member("a", measure.means[0])
            writer.member("b", measure.means[1])
            writer.member("difference", measure.means[1] - measure.means[0])
            writer.member("lowest", measure.lowest)
            writer.member("highest", measure.highest)
            writer.member("p_value", measure.pValue)
        }
    }

    private static func query(_ query: SearchComparison.Query, _ writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("query", query.text)
            writer.member("shared", query.shared)
            for (side, name) in ["a", "b"].enumerated() {
                writer.name(dynamic: name)
                writer.object { writer in
                    writer.member("total", query.totals[side])
                    writer.optional("ndcg", query.judged?[side])
                    writer.optional("clicks", query.clicked?[side])
                }
            }
        }
    }

    private static func configuration(_ value: JSONValue?, _ name: String) throws -> SearchConfiguration {
        var configuration = SearchConfiguration()
        guard let value else { return configuration }
        guard let members = value.objectValue else { throw Problem.invalid("`\(name)` must be an object.") }
        if let other = members.first(where: { !["rules", "exact", "lang", "meaning", "fusion"].contains($0.name) }) {
            throw Problem.invalid("`\(name).\(other.name)` is not known: rules, exact, lang, meaning, fusion.")
        }
        switch value["rules"] {
        case nil, .string("published")?: configuration.rules = .published
        case .string("none")?: configuration.rules = .none
        case .object(let draft)?: configuration.rules = .draft(try RuleRoutes.draft(.object(draft)))
        default: throw Problem.invalid("`\(name).rules` must be `published`, `none` or a draft.")
        }
        configuration.correctsTypos = try !flag(value["exact"], "\(name).exact", default: false)
        configuration.usesMeaning = try flag(value["meaning"], "\(name).meaning", default: true)
        if let fusion = value["fusion"] {
            guard let text = fusion.stringValue else { throw Problem.invalid("`\(name).fusion` must be a text.") }
            configuration.fusion = try SearchRoutes.fusion(text)
        }
        if let language = value["lang"] {
            guard let text = language.stringValue, (1...35).contains(text.utf8.count) else {
                throw Problem.invalid("`\(name).lang` must be a language, such as `es`.")
            }
            configuration.language = text.split(separator: "-").first?.lowercased()
        }
        return configuration
    }

    private static func queries(_ value: JSONValue?) throws -> [String] {
        guard let value else { return [] }
        guard let list = value.arrayValue, list.count <= ShopService.maximumCompared else {
            throw Problem.invalid("`queries` must be a list of at most \(ShopService.maximumCompared) texts.")
        }
        return try list.map { entry in
            guard let text = entry.stringValue, (1...SearchRoutes.maximumQueryBytes).contains(text.utf8.count) else {
                throw Problem.invalid("A query has 1 to \(SearchRoutes.maximumQueryBytes) bytes.")
            }
            return text
        }
    }

    private static func flag(_ value: JSONValue?, _ name: String, default fallback: Bool) throws -> Bool {
        guard let value else { return fallback }
        guard case .bool(let flag) = value else { throw Problem.invalid("`\(name)` must be true or false.") }
        return flag
    }
}
