public import Domain

/// What a key may do.
public enum KeyScope: String, Sendable, CaseIterable { case search, ingest, admin }

/// What a person may do in the console; later roles may do all that earlier ones may.
public enum PersonRole: String, Sendable, CaseIterable, Comparable {
    case viewer, merchandiser, admin

    public static func < (left: PersonRole, right: PersonRole) -> Bool { left.rank < right.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One line of the audit log.
public struct AuditLine: Sendable {
    public var time: Timestamp
    public var person: String
    public var action: String
    public var detail: String

    public init(time: Timestamp, person: String, action: String, detail: String) {
        (self.time, self.person, self.action, self.detail) = (time, person, action, detail)
    }
}

/// Keys, people and the audit log of one shop, as the server uses them.
public protocol Credentials: Sendable {
    /// The scope of a key of this shop; `nil` for any other text.
    func scope(ofKey key: String) throws -> KeyScope?
    /// A new key.
    func createKey(scope: KeyScope, note: String) throws -> String
    /// The person's role if the password is theirs; takes as long for an unknown name.
    func role(ofPerson name: String, password: String) throws -> PersonRole?
    func record(_ line: AuditLine) throws
    /// The newest lines, newest first.
    func auditLines(limit: Int) throws -> [AuditLine]
}
