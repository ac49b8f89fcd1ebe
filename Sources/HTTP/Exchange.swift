import Glibc

/// One request as it arrives, from its first line to the end of its response.
///
/// Sendable invariant: only the connection's own thread touches it; `BodyDeadlines` keeps its socket number by value.
final class Exchange {
    enum State {
        case beginning
        case receiving
        case refused
    }

    let target: [UInt8]
    let descriptor: Int32
    var state = State.beginning
    var body: [UInt8] = []
    /// Set for a request that is read to its end only to be refused.
    var refusal: HTTPResponse?
    var received = 0

    init(target: [UInt8], descriptor: Int32) { (self.target, self.descriptor) = (target, descriptor) }

    /// Takes a part of the body; beyond `limit` it only counts.
    func receive(_ bytes: UnsafeRawBufferPointer, limit: Int) {
        received += bytes.count
        guard refusal == nil else { return }
        guard received <= limit else {
            body = []
            refusal = .tooLarge(limit: limit)
            return
        }
        unsafe body.append(contentsOf: bytes)
    }
}

extension HTTPResponse {
    static func tooLarge(limit: Int) -> HTTPResponse {
        .problem(413, "The body is too large", "A body may have \(limit) bytes: send it in parts.")
    }

    static let timedOut = HTTPResponse.problem(
        408, "The request took too long", "Its body did not arrive in time: send it again, at once.")

    static let overloaded: HTTPResponse = {
        var response = problem(503, "The server is busy", "Too many requests are under way: try again in a second.")
        response.set("Retry-After", "1")
        return response
    }()

    /// A problem of RFC 9457 that the server itself reports; neither text may need an escape.
    static func problem(_ status: Int, _ title: String, _ detail: String) -> HTTPResponse {
        let body = #"{"type":"about:blank","title":"\#(title)","status":\#(status),"detail":"\#(detail)"}"#
        return HTTPResponse(status: status, contentType: "application/problem+json", body: Array(body.utf8))
    }

    /// The response as it goes over the wire, for a connection that is closed in the middle of a body.
    var rawBytes: [UInt8] {
        var text = "HTTP/1.1 \(status) Refused\r\nConnection: close\r\nContent-Length: \(body.count)\r\n"
        for header in headers { text += "\(header.name): \(header.value)\r\n" }
        return Array((text + "\r\n").utf8) + body
    }

    /// Writes `rawBytes` to a socket without waiting; a peer that does not read gets nothing.
    func send(to descriptor: Int32) {
        let bytes = rawBytes
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(
                descriptor, $0.baseAddress, $0.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        }
    }
}
