/// Where the members of a group find each other: rank 0 waits there for the others.
public enum Rendezvous: Sendable, Hashable, CustomStringConvertible {
    /// A file that all members see. Rank 0 writes its address and a secret into it, which only its owner can read, and removes it
    /// when all have come.
    case file(String)
    /// The address of rank 0, who listens there and nowhere else.
    case address(host: String, port: UInt16)

    /// Reads `HOST:PORT`, `[::1]:PORT`, or `:PORT`, which is on this machine alone; what has no port is the path of a file.
    public init(parsing text: String) throws(CollectiveError) {
        guard !text.isEmpty else {
            throw CollectiveError(.badAddress, "A rendezvous is a file or HOST:PORT, not empty.")
        }
        guard !text.contains("/"), let colon = text.lastIndex(of: ":") else {
            self = .file(text)
            return
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
            throw CollectiveError(
                .badAddress,
                "'\(text)' is no rendezvous: behind the colon stands a port from 1 to 65535. Files need a '/' in their path."
            )
        }
        self = .address(host: host.isEmpty ? Self.thisMachine : host, port: port)
    }

    static let thisMachine = "127.0.0.1"

    public var description: String {
        switch self {
        case .file(let path): path
        case .address(let host, let port): "\(host):\(port)"
        }
    }
}
