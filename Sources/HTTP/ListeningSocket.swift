import CMicrohttpd
import Glibc

/// Opens the socket that a server listens at, with errors that name the cause.
enum ListeningSocket {
    static func open(host: String, port: UInt16) throws(HTTPError) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(host, String(port), &hints, &found)
        guard status == 0, let first = unsafe found else {
            let reason = unsafe String(cString: gai_strerror(status))
            throw HTTPError(.addressRefused, "Cannot listen at '\(host)': \(reason).")
        }
        defer { unsafe freeaddrinfo(first) }
        let type = unsafe first.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe socket(first.pointee.ai_family, type, 0)
        guard descriptor >= 0 else { throw problem(errno, host, port) }
        var on: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
            listen(descriptor, 1024) == 0
        else {
            let code = errno
            close(descriptor)
            throw problem(code, host, port)
        }
        return descriptor
    }

    /// The port that a listening socket got.
    static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard status == 0 else { return 0 }
        // The port stands at bytes 2 and 3, in network order, for IPv4 and IPv6 alike.
        return unsafe withUnsafeBytes(of: &address) { unsafe UInt16($0[2]) << 8 | UInt16($0[3]) }
    }

    /// The numeric address of a peer.
    static func text(_ address: UnsafePointer<sockaddr>?) -> String {
        guard let address = unsafe address else { return "" }
        let isIPv6 = unsafe Int32(address.pointee.sa_family) == AF_INET6
        let length = socklen_t(isIPv6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        var digits = [CChar](repeating: 0, count: 64)
        guard unsafe getnameinfo(address, length, &digits, 64, nil, 0, NI_NUMERICHOST) == 0 else { return "" }
        return String(decoding: digits.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func problem(_ code: Int32, _ host: String, _ port: UInt16) -> HTTPError {
        switch code {
        case EADDRINUSE:
            HTTPError(
                .portInUse, "Another program listens at \(host):\(port). Stop it, or choose another port with --port.")
        case EACCES:
            HTTPError(
                .addressRefused, "Listening at \(host):\(port) is not allowed: choose a port above 1023 with --port.")
        case EADDRNOTAVAIL:
            HTTPError(.addressRefused, "This machine has no address '\(host)': choose another with --host.")
        default:
            HTTPError(.failed, "Cannot listen at \(host):\(port): \(unsafe String(cString: strerror(code))).")
        }
    }
}
