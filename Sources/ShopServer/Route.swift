import HTTP
import Serving
import Storage

/// Who may use a route.
enum Access: Sendable {
    case everybody
    /// A key of the shop with one of these scopes, or a person with the role.
    case key(Set<KeyScope>, PersonRole)
    /// A person who is logged in to the console.
    case person(PersonRole)
}

/// One method and path with what answers it; parts in braces are parameters.
struct Route: Sendable {
    let method: String
    let pattern: String
    let access: Access
    let answer: @Sendable (Call) throws -> HTTPResponse
    let parts: [String]

    init(
        _ method: String, _ pattern: String, _ access: Access,
        _ answer: @escaping @Sendable (Call) throws -> HTTPResponse
    ) {
        (self.method, self.pattern, self.access, self.answer) = (method, pattern, access, answer)
        parts = pattern.split(separator: "/").map(String.init)
    }

    /// The parameters, if the path is the route's.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == parts.count else { return nil }
        var parameters: [String: String] = [:]
        for (part, value) in zip(parts, path) {
            if part.hasPrefix("{") {
                guard !value.isEmpty else { return nil }
                parameters[String(part.dropFirst().dropLast())] = value
            } else if part != value {
                return nil
            }
        }
        return parameters
    }
}

/// A shop with its keys, as the server hosts it.
struct HostedShop: Sendable {
    let service: ShopService
    let credentials: any Credentials
}

/// One request on its route, authorised.
struct Call: Sendable {
    let request: HTTPRequest
    let parameters: [String: String]
    let shop: HostedShop?
    /// The key's scope, if a key was used.
    let scope: KeyScope?
    /// The person, if one is logged in.
    let person: ConsoleSessions.Person?

    /// The shop of the path, or of the person.
    func service() throws -> ShopService {
        guard let shop else { throw Problem(404, "Unknown shop", "This server hosts no such shop.") }
        return shop.service
    }

    /// Notes a change with who made it.
    func audit(_ action: String, _ detail: String) throws {
        guard let shop else { return }
        let who = person?.name ?? "key:\(scope?.rawValue ?? "none")"
        try shop.credentials.record(
            AuditLog.Line(time: SystemTime.now(), person: who, action: action, detail: detail))
    }
}
