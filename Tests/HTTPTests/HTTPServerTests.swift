import Foundation
import HTTP
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPServerTests {
    private func serve<Result>(
        _ change: (inout HTTPConfiguration) -> Void = { _ in }, handler: HTTPServer.Handler? = nil,
        _ body: (HTTPServer) throws -> Result
    ) throws -> Result {
        var configuration = HTTPConfiguration(port: 0)
        change(&configuration)
        let server = HTTPServer(configuration, handler: handler ?? Self.echo)
        try server.start()
        defer { server.stop() }
        return try body(server)
    }

    private static let echo: HTTPServer.Handler = { request in
        let text = "\(request.method) \(request.path.joined(separator: "|")) \(request.body.count)"
        return HTTPResponse(contentType: "text/plain", body: Array(text.utf8))
    }

    private func answer(_ server: HTTPServer, _ text: String) throws -> String {
        let connection = try #require(RawConnection(port: server.port))
        connection.send(text)
        return connection.response()
    }

    private func expect(
        _ server: HTTPServer, _ text: String, _ status: Int, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let response = try answer(server, text)
        #expect(response.hasPrefix("HTTP/1.1 \(status)"), sourceLocation: location)
    }

    @Test func `one connection serves many requests`() throws {
        try serve { server in
            let connection = try #require(RawConnection(port: server.port))
            for number in 0..<20 {
                connection.send("GET /n/\(number)?q=%20 HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(connection.response().hasSuffix("GET n|\(number) 0"))
                connection.send("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
                #expect(connection.response().hasSuffix("POST p 3"))
            }
        }
    }

    @Test func `a HEAD request gets headers alone`() throws {
        try serve { server in
            let connection = try #require(RawConnection(port: server.port))
            connection.send("HEAD /x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            var bytes: [UInt8] = []
            while let more = connection.read() { bytes += more }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200") && text.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func `a body over the limit is answered with 413`() throws {
        try serve({ $0.maximumBodyBytes = 1000 }) { server in
            let small = String(repeating: "x", count: 2000)
            let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length:"
            try expect(server, "\(head) 2000\r\n\r\n\(small)", 413)
            try expect(server, "\(head) 99999999\r\n\r\n", 413)
            let chunk = "800\r\n" + String(repeating: "y", count: 0x800) + "\r\n"
            let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            try expect(server, chunked + chunk + "0\r\n\r\n", 413)
        }
    }

    @Test func `a body that never ends is answered with 408 and its connection ends`() throws {
        try serve({ $0.requestTimeout = .milliseconds(300) }) { server in
            let connection = try #require(RawConnection(port: server.port))
            connection.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
            #expect(connection.response().hasPrefix("HTTP/1.1 408"))
            #expect(connection.read() == nil)
        }
    }

    @Test func `a target over the limit is answered with 414, and huge headers are refused`() throws {
        try serve { server in
            let long = String(repeating: "a", count: 9000)
            try expect(server, "GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n", 414)
            try expect(server, "GET / HTTP/1.1\r\nHost: x\r\nX-A: \(String(repeating: "a", count: 40000))\r\n\r\n", 431)
            let huge = String(repeating: "a", count: 200_000)
            let response = try answer(server, "GET / HTTP/1.1\r\nHost: x\r\nX-A: \(huge)\r\n\r\n")
            #expect(response.hasPrefix("HTTP/1.1 4") || response.isEmpty)
            try expect(server, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 200)
        }
    }

    @Test func `a target that is not valid is answered with 400`() throws {
        try serve { server in
            try expect(server, "GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400)
            try expect(server, "GET /?q=%2 HTTP/1.1\r\nHost: x\r\n\r\n", 400)
            let many = String(repeating: "f=1&", count: 1000)
            let response = try answer(server, "GET /?\(many) HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(response.hasPrefix("HTTP/1.1 400") && response.contains("more than 128 parts"))
        }
    }

    @Test func `more requests than allowed at once get 503 with Retry-After`() throws {
        let gate = Gate()
        let handler: HTTPServer.Handler = { request in
            if request.path == ["slow"] { gate.enter() }
            return HTTPResponse(status: 200)
        }
        try serve({ $0.maximumConcurrentRequests = 1 }, handler: handler) { server in
            let slow = try #require(RawConnection(port: server.port))
            slow.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            gate.waitUntilEntered()
            let refused = try answer(server, "GET /fast HTTP/1.1\r\nHost: x\r\n\r\n")
            gate.open()
            #expect(refused.hasPrefix("HTTP/1.1 503") && refused.contains("Retry-After: 1"))
            #expect(slow.response().hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `stopping finishes the request that is under way`() throws {
        let gate = Gate()
        var configuration = HTTPConfiguration(port: 0)
        configuration.drainTimeout = .seconds(20)
        let server = HTTPServer(configuration) { _ in
            gate.enter()
            return HTTPResponse(contentType: "text/plain", body: Array("done".utf8))
        }
        try server.start()
        let port = server.port
        let connection = try #require(RawConnection(port: port))
        connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        gate.waitUntilEntered()
        let stopper = Thread { server.stop() }
        stopper.start()
        gate.open()
        #expect(connection.response().hasSuffix("done"))
        while !stopper.isFinished { Thread.sleep(forTimeInterval: 0.005) }
        #expect(RawConnection(port: port) == nil)
    }

    @Test func `a port in use gives an error that says so`() throws {
        try serve { server in
            let second = HTTPServer(HTTPConfiguration(port: server.port), handler: Self.echo)
            let error = #expect(throws: HTTPError.self) { try second.start() }
            #expect(error?.code == .portInUse)
            #expect(error?.message.contains("--port") == true)
        }
    }

    @Test func `an address of another machine is refused`() {
        let server = HTTPServer(HTTPConfiguration(host: "192.0.2.1", port: 0), handler: Self.echo)
        #expect(throws: HTTPError.self) { try server.start() }
    }
}

/// Holds a handler until the test lets it go.
private final class Gate: Sendable {
    private let entered = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    func enter() {
        entered.signal()
        opened.wait()
    }
    func waitUntilEntered() { entered.wait() }
    func open() { opened.signal() }
}
