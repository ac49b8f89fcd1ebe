internal import Glibc

/// A TCP socket that is closed with its value; messages are bytes behind their number.
@safe final class Socket {
    /// How long a message under way may stand still, in seconds.
    static let stillness = 5

    private let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Listens on `host` alone; port 0 takes any that is free.
    static func listening(host: String, port: UInt16) throws(CollectiveError) -> Socket {
        try unsafe open(host, port, "Listening on") { descriptor, address in
            var yes: Int32 = 1
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            return unsafe bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
                && listen(descriptor, 64) == 0
        }
    }

    static func connected(host: String, port: UInt16) throws(CollectiveError) -> Socket {
        try unsafe open(host, port, "Connecting to") { descriptor, address in
            unsafe connect(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0
        }
    }

    @unsafe private static func open(
        _ host: String, _ port: UInt16, _ what: String, _ use: (Int32, UnsafeMutablePointer<addrinfo>) -> Bool
    ) throws(CollectiveError) -> Socket {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            throw CollectiveError(
                .badAddress, "\(what) \(host):\(port): \(unsafe String(cString: gai_strerror(code))).")
        }
        defer { unsafe freeaddrinfo(list) }
        var problem = "there is no such address"
        var next = unsafe list
        while let address = unsafe next {
            let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
            let descriptor = unsafe socket(address.pointee.ai_family, kind, address.pointee.ai_protocol)
            if descriptor >= 0 {
                let made = Socket(descriptor)
                made.limitStillness()
                if unsafe use(descriptor, address) { return made }
            }
            problem = unsafe String(cString: strerror(errno))
            unsafe next = address.pointee.ai_next
        }
        throw CollectiveError(.badAddress, "\(what) \(host):\(port): \(problem).")
    }

    private func limitStillness() {
        var limit = timeval(tv_sec: Self.stillness, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    /// The next connection, or `nil` if none comes within so many milliseconds.
    func accept(within milliseconds: Int32) -> Socket? {
        guard waits(milliseconds) else { return nil }
        let other = Glibc.accept(descriptor, nil, nil)
        guard other >= 0 else { return nil }
        let made = Socket(other)
        made.limitStillness()
        return made
    }

    /// Whether something can be read within so many milliseconds.
    func waits(_ milliseconds: Int32) -> Bool {
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&waited, 1, milliseconds) > 0
    }

    /// The address of this end, as numbers.
    func local() throws(CollectiveError) -> (host: String, port: UInt16) {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var (host, port) = ([CChar](repeating: 0, count: 256), [CChar](repeating: 0, count: 16))
        let isKnown = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &size) == 0
                    && getnameinfo(
                        address, size, &host, socklen_t(host.count), &port, socklen_t(port.count),
                        NI_NUMERICHOST | NI_NUMERICSERV) == 0
            }
        }
        func text(_ characters: [CChar]) -> String {
            String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        guard isKnown, let number = UInt16(text(port)) else {
            throw CollectiveError(.badAddress, "This machine's own address cannot be told. Give it (--address).")
        }
        return (text(host), number)
    }

    /// - Returns: Whether all of it was taken.
    func send(_ message: [UInt8]) -> Bool {
        let framed = unsafe withUnsafeBytes(of: UInt32(message.count).littleEndian) { unsafe Array($0) } + message
        var done = 0
        while done < framed.count {
            let wrote = unsafe framed.withUnsafeBytes { bytes in
                unsafe Glibc.send(
                    descriptor, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            if wrote < 0, errno == EINTR { continue }
            guard wrote > 0 else { return false }
            done += wrote
        }
        return true
    }

    /// The next message, or `nil` if it is longer than `limit`, stands still or is cut off.
    func receive(limit: Int) -> [UInt8]? {
        guard let head = bytes(4) else { return nil }
        let count = head.reversed().reduce(0) { $0 << 8 | Int($1) }
        return count <= limit ? bytes(count) : nil
    }

    private func bytes(_ count: Int) -> [UInt8]? {
        var result = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = unsafe result.withUnsafeMutableBytes { bytes in
                unsafe recv(descriptor, bytes.baseAddress! + done, count - done, 0)
            }
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return nil }
            done += got
        }
        return result
    }
}
