import CMicrohttpd
import Glibc
import Synchronization

/// What the library's callbacks share: configuration, handler and counters.
final class ServerCore: Sendable {
    let configuration: HTTPConfiguration
    let handler: HTTPServer.Handler
    let deadlines: BodyDeadlines
    /// Requests between their first line and the end of their response.
    let underWay = Atomic<Int>(0)
    /// Requests inside the handler.
    let answering = Atomic<Int>(0)
    let isStopping = Atomic<Bool>(false)

    init(configuration: HTTPConfiguration, handler: @escaping HTTPServer.Handler) {
        (self.configuration, self.handler) = (configuration, handler)
        deadlines = BodyDeadlines(timeout: configuration.requestTimeout, answers: configuration.tls == nil)
    }

    /// Calls the handler, unless too many are inside it.
    func answer(_ request: HTTPRequest) -> HTTPResponse {
        let (_, now) = answering.add(1, ordering: .relaxed)
        defer { answering.subtract(1, ordering: .relaxed) }
        guard now <= configuration.maximumConcurrentRequests else { return .overloaded }
        return handler(request)
    }

    /// What is wrong with a request before its body is read.
    func refusal(of exchange: Exchange, declaredLength: Int?) -> HTTPResponse? {
        if exchange.target.count > configuration.maximumTargetBytes {
            let limit = configuration.maximumTargetBytes
            return .problem(414, "The address is too long", "Path and query may have \(limit) bytes.")
        }
        if let declaredLength, declaredLength > configuration.maximumBodyBytes {
            return .tooLarge(limit: configuration.maximumBodyBytes)
        }
        return nil
    }
}

/// Called with the request's target as it was sent, before it is decoded; what it returns travels with the request.
func beginRequest(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let core = unsafe core(context) else { return nil }
    core.underWay.add(1, ordering: .sequentiallyConsistent)
    let bytes = unsafe target.map { unsafe Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
    let exchange = Exchange(target: bytes, descriptor: unsafe souk_mhd_socket(connection))
    return unsafe Unmanaged.passRetained(exchange).toOpaque()
}

/// Called once with the headers, then for each part of the body, then once more with an empty part.
func handleRequest(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ part: UnsafePointer<CChar>?,
    _ partSize: UnsafeMutablePointer<Int>?, _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let core = unsafe core(context), let connection = unsafe connection,
        let pointer = unsafe state?.pointee, let partSize = unsafe partSize
    else { return souk_mhd_no }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
    if exchange.state == .beginning {
        exchange.state = .receiving
        let reader = unsafe ConnectionReader(connection)
        exchange.refusal = core.refusal(of: exchange, declaredLength: reader.declaredLength)
        if let length = reader.declaredLength, length > 4 * core.configuration.maximumBodyBytes {
            // Too much to read to its end: answer at once, and the connection closes.
            return unsafe queue(exchange.refusal ?? .timedOut, on: connection)
        }
        if reader.hasBody { core.deadlines.watch(exchange) }
        return souk_mhd_yes
    }
    let size = unsafe partSize.pointee
    if size > 0, let part = unsafe part {
        let limit = core.configuration.maximumBodyBytes
        unsafe exchange.receive(UnsafeRawBufferPointer(start: part, count: size), limit: limit)
        unsafe partSize.pointee = 0
        guard exchange.received > 4 * limit else { return souk_mhd_yes }
        core.deadlines.forget(exchange)
        if core.configuration.tls == nil { exchange.refusal?.send(to: exchange.descriptor) }
        return souk_mhd_no
    }
    core.deadlines.forget(exchange)
    var response = unsafe respond(to: exchange, method: method, on: connection, core)
    if core.isStopping.load(ordering: .relaxed) { response.set("Connection", "close") }
    return unsafe queue(response, on: connection)
}

/// Called when a response was sent, or a connection ended before.
func endRequest(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ reason: MHD_RequestTerminationCode
) {
    guard let core = unsafe core(context), let pointer = unsafe state?.pointee else { return }
    let exchange = unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue()
    unsafe state?.pointee = nil
    core.deadlines.forget(exchange)
    core.underWay.subtract(1, ordering: .sequentiallyConsistent)
}

private func core(_ context: UnsafeMutableRawPointer?) -> ServerCore? {
    unsafe context.map { unsafe Unmanaged<ServerCore>.fromOpaque($0).takeUnretainedValue() }
}

private func respond(
    to exchange: Exchange, method: UnsafePointer<CChar>?, on connection: OpaquePointer, _ core: ServerCore
) -> HTTPResponse {
    if let refusal = exchange.refusal { return refusal }
    let reader = unsafe ConnectionReader(connection)
    guard let headers = reader.headers() else {
        return .problem(400, "A header is not valid", "Header values must be UTF-8.")
    }
    let size = headers.reduce(exchange.target.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    guard size <= core.configuration.maximumHeaderBytes else {
        let limit = core.configuration.maximumHeaderBytes
        return .problem(431, "The headers are too long", "Address and headers may have \(limit) bytes together.")
    }
    let target: RequestTarget
    do {
        target = try RequestTarget(bytes: exchange.target)
    } catch {
        return .problem(400, "The address is not valid", error.message)
    }
    let name = unsafe method.map { unsafe String(cString: $0) } ?? ""
    return core.answer(
        HTTPRequest(
            method: name, target: target, headers: headers, body: exchange.body,
            remoteAddress: reader.remoteAddress, isSecure: core.configuration.tls != nil))
}

/// Gives a response to the library, which copies it.
private func queue(_ response: HTTPResponse, on connection: OpaquePointer) -> MHD_Result {
    let made = unsafe response.body.withUnsafeBytes { bytes in
        unsafe MHD_create_response_from_buffer(
            bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), souk_mhd_copy)
    }
    guard let made = unsafe made else { return souk_mhd_no }
    defer { unsafe MHD_destroy_response(made) }
    for header in response.headers { unsafe MHD_add_response_header(made, header.name, header.value) }
    return unsafe MHD_queue_response(connection, UInt32(response.status), made)
}
