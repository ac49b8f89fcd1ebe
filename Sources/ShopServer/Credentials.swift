public import Storage

/// Keys, people and the audit log of one shop, as the server uses them.
public protocol Credentials: Sendable {
    /// The scope of a key of this shop; `nil` for any other text.
    func scope(ofKey key: String) throws -> KeyScope?
    /// A new key.
    func createKey(scope: KeyScope, note: String) throws -> String
    /// All stored keys, oldest first, without their secrets.
    func listKeys() throws -> [KeyStore.Key]
    /// The person's role if the password is theirs; takes as long for an unknown name.
    func role(ofPerson name: String, password: String) throws -> PersonRole?
    func record(_ line: AuditLog.Line) throws
    /// The newest lines, newest first.
    func auditLines(limit: Int) throws -> [AuditLog.Line]
}
