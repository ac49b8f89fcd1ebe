import CommandInterface
import Foundation
import Learning
import Storage

/// `souk keys`: who may call the API.
enum KeysCommand: Command {
    static let name = "keys"
    static let summary = "Create, list or revoke API keys."
    static let positional = ["ACTION", "[NAME]"]
    static let options: [Option] = [
        .shop, .value("scope", "SCOPE", "admin, ingest or search; search if left out.", repeatable: true), .quiet,
    ]
    static let discussion = """
        souk keys create --shop DIR --scope ingest NAME      prints the key once; it is stored hashed
        souk keys list   --shop DIR
        souk keys revoke --shop DIR NAME
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        let name = arguments.positional.dropFirst().first
        switch (arguments.positional.first, name) {
        case ("list", _):
            for key in try workbench.keys.list() {
                let scopes = key.scopes.map(\.rawValue).sorted().joined(separator: ",")
                let used = key.lastUsed.map { "last used \($0)" } ?? "never used"
                console.print("\(key.name)  \(scopes)  \(key.created)  \(used)\(key.isRevoked ? "  revoked" : "")")
            }
        case ("create", let name?):
            console.print(try workbench.keys.create(name: name, scopes: try scopes(arguments)))
            try workbench.audit("key.create", name)
            console.note("Keep it: it is not shown again.")
        case ("revoke", let name?):
            guard try workbench.keys.revoke(name: name) else {
                throw ExitError(status: 1, description: "There is no key named \(name). See souk keys list.")
            }
            try workbench.audit("key.revoke", name)
        case ("create", nil), ("revoke", nil): throw UsageError("NAME is missing.")
        case let (other, _): throw UsageError("There is no action '\(other ?? "")'. Actions: create, list, revoke.")
        }
    }

    private static func scopes(_ arguments: Arguments) throws -> Set<KeyScope> {
        let words = arguments.values("scope")
        return try Set(
            (words.isEmpty ? [KeyScope.search.rawValue] : words).map { word in
                guard let scope = KeyScope(rawValue: word) else {
                    throw UsageError("--scope takes admin, ingest or search, not '\(word)'.")
                }
                return scope
            })
    }
}

/// `souk people`: who may log in to the console.
enum PeopleCommand: Command {
    static let name = "people"
    static let summary = "Add, list or remove people who may log in to the console."
    static let positional = ["ACTION", "[NAME]"]
    static let options: [Option] = [
        .shop, .value("role", "ROLE", "viewer, merchandiser or admin; viewer if left out."), .quiet,
    ]
    static let discussion = """
        souk people add --shop DIR --role admin NAME         asks for the password, or reads it from standard input
        souk people list --shop DIR
        souk people remove --shop DIR NAME
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        let name = arguments.positional.dropFirst().first
        switch (arguments.positional.first, name) {
        case ("list", _):
            for person in try workbench.accounts.list() {
                console.print("\(person.name)  \(person.role.rawValue)  \(person.created)")
            }
        case ("add", let name?):
            guard let role = PersonRole(rawValue: arguments.value("role") ?? "viewer") else {
                throw UsageError("--role takes viewer, merchandiser or admin.")
            }
            try workbench.accounts.set(name: name, role: role, password: try readPassword(console))
            try workbench.audit("person.set", "\(name), \(role.rawValue)")
            console.note("\(name) may log in at /console.")
        case ("remove", let name?):
            guard try workbench.accounts.remove(name: name) else {
                throw ExitError(status: 1, description: "There is nobody named \(name). See souk people list.")
            }
            try workbench.audit("person.remove", name)
        case ("add", nil), ("remove", nil): throw UsageError("NAME is missing.")
        case let (other, _): throw UsageError("There is no action '\(other ?? "")'. Actions: add, list, remove.")
        }
    }

    private static func readPassword(_ console: Console) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(), !line.isEmpty else { throw UsageError("No password on standard input.") }
            return line
        }
        var saved = termios()
        unsafe tcgetattr(STDIN_FILENO, &saved)
        var silent = saved
        silent.c_lflag &= ~tcflag_t(ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &silent)
        defer { unsafe tcsetattr(STDIN_FILENO, TCSANOW, &saved) }
        console.raw("Password (12 characters or more): ")
        guard let line = readLine() else { throw UsageError("No password was given.") }
        console.raw("\n")
        return line
    }
}
