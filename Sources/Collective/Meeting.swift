internal import Glibc
internal import Storage

/// How members come to know each other's addresses: all send theirs to rank 0, who sends all to everyone.
///
/// A guest says `souk-group 1`, the secret, its rank and the number of members; what says none of that is ignored.
struct Meeting {
    let rank: Int
    let count: Int
    let rendezvous: Rendezvous
    /// Where this member listens; `nil` for the address at which rank 0 sees it.
    let host: String?
    let patience: Duration
    /// Called while waiting; an error ends the meeting.
    let check: () throws -> Void

    private static let greeting = "souk-group 1"

    /// Meets the others.
    ///
    /// - Parameter open: Begins to listen at a host, and gives what `cg_address` gives.
    /// - Returns: The addresses of all members, by rank.
    func addresses(open: (String) throws -> [UInt8]) throws -> [UInt8] {
        try rank == 0 ? receive(open) : visit(open)
    }

    // MARK: Rank 0

    private func receive(_ open: (String) throws -> [UInt8]) throws -> [UInt8] {
        let (socket, secret) = try announce()
        defer {
            // A file that is left over harms nobody: nobody listens at its address.
            if case .file(let path) = rendezvous { try? FileSystem.remove(path) }  // See above.
        }
        let own = try open(try host ?? socket.local().host)
        var guests: [Int: (socket: Socket, addresses: [UInt8])] = [:]
        let end = ContinuousClock.now + patience
        while guests.count < count - 1 {
            try check()
            guard ContinuousClock.now < end else {
                let missing = (1..<count).filter { guests[$0] == nil }.map(String.init).joined(separator: ", ")
                throw CollectiveError(
                    .incomplete,
                    "After \(patience) not all of \(count) processes have come to \(rendezvous): rank \(missing) is missing."
                )
            }
            guard let guest = socket.accept(within: 100),
                let words = guest.receive(limit: 1024).map({ String(decoding: $0, as: UTF8.self) })?.split(
                    separator: "\n", omittingEmptySubsequences: false
                ).map(String.init),
                words.count == 4, words[0] == Self.greeting, words[1] == secret
            else { continue }
            if let reason = refusal(words[2], words[3], taken: Set(guests.keys)) {
                for other in guests.values.map(\.socket) + [guest] { _ = other.send(Array(reason.utf8)) }
                throw CollectiveError(.refused, reason)
            }
            guard guest.send([]), let addresses = guest.receive(limit: own.count), addresses.count == own.count,
                let number = Int(words[2])
            else { continue }
            guests[number] = (guest, addresses)
        }
        let all = own + (1..<count).flatMap { guests[$0]?.addresses ?? [] }
        for guest in guests.values { _ = guest.socket.send([]) && guest.socket.send(all) }
        return all
    }

    /// Begins to listen, and says where.
    private func announce() throws -> (socket: Socket, secret: String) {
        switch rendezvous {
        case .address(let host, let port): return (try Socket.listening(host: host, port: port), "")
        case .file(let path):
            let socket = try Socket.listening(host: host ?? Rendezvous.thisMachine, port: 0)
            let (address, port) = try socket.local()
            var random = SystemRandomNumberGenerator()
            let secret = [random.next(), random.next()].map { String($0, radix: 16) }.joined(separator: "-")
            let text = "\(Self.greeting)\n\(address)\n\(port)\n\(secret)\n"
            try AtomicFile.write(Array(text.utf8), to: path, mode: 0o600)
            return (socket, secret)
        }
    }

    private func refusal(_ rankText: String, _ countText: String, taken: Set<Int>) -> String? {
        guard countText == String(count) else {
            return
                "Rank \(rankText) was started for \(countText) processes, rank 0 for \(count). Give all the same --world."
        }
        guard let number = Int(rankText), (1..<count).contains(number) else {
            return "A process came as rank \(rankText); ranks of \(count) processes go from 0 to \(count - 1)."
        }
        return taken.contains(number) ? "Two processes came as rank \(number). Give each a --rank of its own." : nil
    }

    // MARK: Other ranks

    private func visit(_ open: (String) throws -> [UInt8]) throws -> [UInt8] {
        let end = ContinuousClock.now + patience
        var own: [UInt8]?
        while true {
            try check()
            if let (socket, secret) = reached() {
                if own == nil { own = try open(try host ?? socket.local().host) }
                if let addresses = own, let all = try greet(socket, secret, addresses, until: end) { return all }
            }
            guard ContinuousClock.now < end else {
                throw CollectiveError(
                    .incomplete, "After \(patience) rank 0 is not to be met at \(rendezvous). Is it running?")
            }
            try pause()
        }
    }

    private func pause() throws {
        // 50 ms between looks: a person does not notice, a shared disk bears it.
        var waited = timespec(tv_sec: 0, tv_nsec: 50_000_000)
        unsafe nanosleep(&waited, nil)
    }

    /// A connection to rank 0; `nil` if it does not listen yet or the file is of an earlier run.
    private func reached() -> (socket: Socket, secret: String)? {
        switch rendezvous {
        case .address(let host, let port):
            // Rank 0 may start later: the end of patience tells.
            guard let socket = try? Socket.connected(host: host, port: port) else { return nil }  // See above.
            return (socket, "")
        case .file(let path):
            // The file may not be there yet, or be of an earlier run: the end of patience tells.
            guard let bytes = try? FileSystem.read(path, maximumBytes: 4096) else { return nil }  // See above.
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            guard lines.count == 4, lines[0] == Self.greeting, let port = UInt16(lines[2]) else { return nil }
            guard let socket = try? Socket.connected(host: lines[1], port: port) else { return nil }  // See above.
            return (socket, lines[3])
        }
    }

    /// - Returns: All addresses, or `nil` if the other end is not rank 0 of this group.
    private func greet(
        _ socket: Socket, _ secret: String, _ own: [UInt8], until end: ContinuousClock.Instant
    ) throws -> [UInt8]? {
        guard socket.send(Array("\(Self.greeting)\n\(secret)\n\(rank)\n\(count)".utf8)),
            try accepted(socket, until: end), socket.send(own)
        else { return nil }
        guard try accepted(socket, until: end) else { return nil }
        return socket.receive(limit: own.count * count)
    }

    /// Waits for an empty message; a text is the reason of a refusal, nothing at all an end.
    private func accepted(_ socket: Socket, until end: ContinuousClock.Instant) throws -> Bool {
        while !socket.waits(100) {
            try check()
            if ContinuousClock.now > end { return false }
        }
        guard let answer = socket.receive(limit: 4096) else { return false }
        guard answer.isEmpty else { throw CollectiveError(.refused, String(decoding: answer, as: UTF8.self)) }
        return true
    }
}
