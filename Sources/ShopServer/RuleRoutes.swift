import Domain
import HTTP
import JSON
import Merchandising
import Serving
import Storage

/// A merchandiser's rules: read, tried out, published, taken over from other engines.
enum RuleRoutes {
    private static let readers = Access.key([.admin], .viewer)
    private static let writers = Access.key([.admin], .merchandiser)

    static let routes: [Route] = [
        Route("GET", "/v1/shops/{shop}/rules", readers, rules),
        Route("PUT", "/v1/shops/{shop}/rules", writers, publish),
        Route("POST", "/v1/shops/{shop}/rules/preview", writers, preview),
        Route("POST", "/v1/shops/{shop}/rules/import", writers, takeOver),
        Route("GET", "/v1/shops/{shop}/rules/synonym-candidates", readers, synonymCandidates),
    ]

    private static func rules(_ call: Call) throws -> HTTPResponse {
        let store = try call.service().rules
        let version = try call.integer("version", default: -1, in: 0...Int(Int32.max))
        let book = version > 0 ? try store.version(version) : store.book
        let versions = try store.versions()
        let effects = store.effects
        return Call.respond { writer in
            members(book, &writer)
            writer.array("versions") { writer in versions.suffix(100).forEach { writer.value($0) } }
            writer.object("effects") { writer in
                for (rule, effect) in effects.sorted(by: { $0.key < $1.key }) {
                    writer.name(dynamic: rule)
                    writer.object { writer in
                        writer.member("searches", effect.searches)
                        writer.member("clicks", effect.clicks)
                        writer.member("baskets", effect.baskets)
                    }
                }
            }
        }
    }

    private static func synonymCandidates(_ call: Call) throws -> HTTPResponse {
        let sessions = try call.integer("sessions", default: 3, in: 1...1_000_000)
        let isSynthetic = try call.flag("synthetic")
        let found = try call.service().synonymCandidates(minimumSessions: sessions, includesSynthetic: isSynthetic)
        return Call.respond { writer in
            writer.member("synthetic", isSynthetic)
            writer.array("candidates") { writer in found.prefix(200).forEach { writer.value($0.json) } }
        }
    }

    private static func publish(_ call: Call) throws -> HTTPResponse {
        let service = try call.service()
        let body = try call.json()
        let base = body["version"]?.integerValue.flatMap { Int(exactly: $0) }
        let draft = try draft(body)
        let before = service.rules.book
        let published = try service.rules.publish(draft, base: base, now: SystemTime.now())
        try call.audit("rules.publish", "version \(published.version): \(difference(before, published))")
        let conflicts = try service.conflicts(published)
        return Call.respond { writer in
            writer.member("version", published.version)
            writer.conflicts(conflicts)
        }
    }

    private static func preview(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        let draft = try draft(call.json())
        let search = try SearchRoutes.searchCall(
            call, service, offset: 0, limit: call.integer("per_page", default: 12, in: 1...100))
        let preview = try service.preview(draft, search)
        return Call.respond { writer in
            writer.conflicts(preview.conflicts)
            for (name, answer) in [("before", preview.before), ("after", preview.after)] {
                writer.name(dynamic: name)
                writer.object { SearchRoutes.members(answer, query: search.query, &$0) }
            }
            writer.took(since: start)
        }
    }

    private static func takeOver(_ call: Call) throws -> HTTPResponse {
        let names = RuleImport.Format.allCases.map(\.rawValue).joined(separator: ", ")
        guard let format = call.request.query("format").flatMap(RuleImport.Format.init) else {
            throw Problem.invalid("`format` must be one of \(names).")
        }
        let service = try call.service()
        let taken = try RuleImport(call.json(), format: format)
        let merged = taken.merged(into: service.rules.book)
        let conflicts = try service.conflicts(merged)
        return Call.respond { writer in
            members(merged, &writer)
            writer.member("imported_rules", taken.rules.count)
            writer.member("imported_synonyms", taken.synonyms.count)
            writer.array("notes") { writer in
                for (id, note) in taken.notes {
                    writer.object { writer in
                        writer.member("id", id)
                        writer.member("note", note)
                    }
                }
            }
            writer.conflicts(conflicts)
        }
    }

    /// A book from a body; what an answer adds besides the book is left out.
    static func draft(_ body: JSONValue) throws -> RuleBook {
        guard let members = body.objectValue else { throw Problem.invalid("The body must be an object.") }
        let answers: Set = ["versions", "effects", "conflicts", "notes", "imported_rules", "imported_synonyms"]
        return try RuleBook(decoding: .object(members.filter { !answers.contains($0.name) }))
    }

    private static func members(_ book: RuleBook, _ writer: inout JSONWriter) {
        for member in book.encoded.objectValue ?? [] {
            writer.name(dynamic: member.name)
            writer.value(member.value)
        }
    }

    /// What changed, for the audit log.
    private static func difference(_ before: RuleBook, _ after: RuleBook) -> String {
        let old = Dictionary(before.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let new = Dictionary(after.rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        func list(_ name: String, _ ids: [String]) -> String? {
            guard !ids.isEmpty else { return nil }
            let more = ids.count > 10 ? " and \(ids.count - 10) more" : ""
            return "\(name) \(ids.sorted().prefix(10).joined(separator: ", "))\(more)"
        }
        let parts = [
            list("added", after.rules.map(\.id).filter { old[$0] == nil }),
            list("changed", after.rules.map(\.id).filter { old[$0] != nil && old[$0] != new[$0] }),
            list("removed", before.rules.map(\.id).filter { new[$0] == nil }),
            before.synonyms == after.synonyms ? nil : "synonyms \(before.synonyms.count) to \(after.synonyms.count)",
        ].compactMap(\.self)
        return parts.isEmpty ? "nothing changed" : parts.joined(separator: "; ")
    }
}

extension JSONWriter {
    mutating func conflicts(_ conflicts: [Conflict]) {
        array("conflicts") { writer in
            for conflict in conflicts {
                writer.object { writer in
                    writer.member("severity", conflict.severity.rawValue)
                    writer.member("rules", conflict.rules)
                    writer.member("reason", conflict.reason)
                }
            }
        }
    }
}
