internal import CGloo
internal import Glibc

/// Processes, on one machine or several, that compute together and add up numbers through Gloo over TCP.
///
/// All members call the same functions in the same order, each from one thread at a time. What they send is neither encrypted nor
/// signed: several machines need a network that nobody else is on.
@safe public final class ProcessGroup {
    /// From 0.
    public let rank: Int
    public let count: Int
    /// How long a member may be behind the others in a sum.
    public var patience: Duration = .seconds(60)
    /// How long the others wait for what rank 0 does alone, such as validating.
    public var longPatience: Duration = .seconds(3600)
    private let handle: OpaquePointer

    public var isFirst: Bool { rank == 0 }

    /// Joins a group and returns when all members have come.
    ///
    /// - Parameter host: The address on which this member listens for the others; if left out, 127.0.0.1 with a file, and else the
    ///   address that leads to rank 0's. Never all interfaces, unless told.
    /// - Parameter arrival: How long to wait for the others.
    /// - Parameter check: Called about ten times a second while waiting; an error ends it.
    /// - Throws: `badAddress`, `refused` or `incomplete`, and what `check` throws.
    public init(
        rank: Int, count: Int, at rendezvous: Rendezvous, host: String? = nil, arrival: Duration = .seconds(60),
        check: @escaping () throws -> Void = {}
    ) throws {
        guard count > 1, (0..<count).contains(rank) else {
            throw CollectiveError(
                .refused, "Rank \(rank) of \(count) processes: there must be at least 2, with ranks from 0 up.")
        }
        let meeting = Meeting(
            rank: rank, count: count, rendezvous: rendezvous, host: host, patience: arrival, check: check)
        var opened: OpaquePointer?
        do {
            let all = try meeting.addresses { host in
                // Gloo waits five times as long for connections as for a message.
                let problem = unsafe cg_open(Int32(rank), Int32(count), host, Self.milliseconds(arrival) / 5, &opened)
                try unsafe Self.check("listening on \(host)", problem)
                var bytes = [UInt8](repeating: 0, count: Int(cg_address_size(Int32(count))))
                try unsafe bytes.withUnsafeMutableBytes { buffer in
                    try unsafe Self.check("telling addresses", cg_address(opened, buffer.baseAddress))
                }
                return bytes
            }
            guard all.count == count * Int(cg_address_size(Int32(count))), unsafe opened != nil else {
                throw CollectiveError(.lost, "Rank 0 ended before all processes had met.", lost: [0])
            }
            try unsafe all.withUnsafeBytes { buffer in
                try unsafe Self.check("connecting to the other processes", cg_connect(opened, buffer.baseAddress))
            }
        } catch {
            if let opened = unsafe opened { unsafe cg_close(opened) }
            throw error
        }
        (self.rank, self.count) = (rank, count)
        unsafe handle = opened!
    }

    deinit { unsafe cg_close(handle) }

    /// Replaces the numbers of each member by the sums over all members, equal bit for bit everywhere.
    ///
    /// All give equally many. Complexity: 2·(*count* − 1)/*count* of the bytes are sent and received by each member.
    public func sum(_ numbers: inout MutableSpan<Float>) throws(CollectiveError) {
        let (count, patience) = (Int64(numbers.count), Self.milliseconds(patience))
        let problem = unsafe numbers.withUnsafeMutableBufferPointer { buffer in
            unsafe cg_sum(handle, buffer.baseAddress, count, patience)
        }
        try unsafe check("adding up", problem, patience)
    }

    /// Replaces the numbers of each member by those of rank 0, for which they wait long.
    public func broadcast(_ numbers: inout MutableSpan<Float>) throws(CollectiveError) {
        let problem = unsafe numbers.withUnsafeMutableBytes { buffer in
            unsafe send(buffer, from: 0, longPatience)
        }
        try unsafe check("taking over numbers of rank 0", problem, Self.milliseconds(longPatience))
    }

    /// The text that `root` gives, at every member.
    public func broadcast(_ text: String, from root: Int = 0) throws(CollectiveError) -> String {
        var size = Int64(text.utf8.count)
        let first = unsafe withUnsafeMutableBytes(of: &size) { buffer in unsafe send(buffer, from: root, longPatience) }
        try unsafe check("taking over a text of rank \(root)", first, Self.milliseconds(longPatience))
        var bytes = rank == root ? Array(text.utf8) : [UInt8](repeating: 0, count: Int(size))
        guard !bytes.isEmpty else { return "" }
        let second = unsafe bytes.withUnsafeMutableBytes { buffer in unsafe send(buffer, from: root, longPatience) }
        try unsafe check("taking over a text of rank \(root)", second, Self.milliseconds(longPatience))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The texts of all members, by rank, at every member.
    public func gather(_ text: String) throws(CollectiveError) -> [String] {
        var texts: [String] = []
        for root in 0..<count { texts.append(try broadcast(text, from: root)) }
        return texts
    }

    @unsafe private func send(
        _ buffer: UnsafeMutableRawBufferPointer, from root: Int, _ patience: Duration
    ) -> UnsafeMutablePointer<CChar>? {
        unsafe cg_broadcast(
            handle, buffer.baseAddress, Int64(buffer.count), Int32(root), Self.milliseconds(patience))
    }

    /// Turns a text of the shim into an error that names who is lost.
    @unsafe private func check(
        _ what: String, _ problem: UnsafeMutablePointer<CChar>?, _ patience: Int64
    ) throws(CollectiveError) {
        guard let problem = unsafe problem else { return }
        let reason = unsafe Self.taken(problem)
        // After a time-out Gloo closes all connections: then it cannot be told who was late.
        guard !reason.hasPrefix("Timed out") else {
            throw CollectiveError(
                .lost, "In \(what), another process did not answer for \(patience / 1000) s.")
        }
        let lost = (0..<count).filter { unsafe $0 != rank && cg_is_lost(handle, Int32($0)) }
        let names = lost.isEmpty ? "another process" : "rank " + lost.map(String.init).joined(separator: ", ")
        throw CollectiveError(
            .lost, "In \(what), \(names) of \(count) ended or cannot be reached (\(reason)).", lost: lost)
    }

    @unsafe private static func check(_ what: String, _ problem: UnsafeMutablePointer<CChar>?) throws(CollectiveError) {
        guard let problem = unsafe problem else { return }
        throw CollectiveError(.badAddress, "In \(what): \(unsafe taken(problem)).")
    }

    /// The shim's text without the place in Gloo's source that stands before it.
    @unsafe private static func taken(_ problem: UnsafeMutablePointer<CChar>) -> String {
        let text = unsafe String(cString: problem)
        unsafe free(problem)
        guard text.hasPrefix("["), let end = text.firstIndex(of: "]") else { return text }
        return String(text[end...].dropFirst(2))
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        max(1, duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
    }
}
