import CMicrohttpd
import Glibc
import Synchronization

/// An HTTP/1.1 server: keep-alive, TLS when asked for, a thread for each connection, and limits on everything.
///
/// The handler runs on the connection's thread and may block. One that is slow holds up only its own connection.
public final class HTTPServer: Sendable {
    public typealias Handler = @Sendable (HTTPRequest) -> HTTPResponse

    private enum Phase {
        case new
        case running(DaemonHandle)
        case stopped
    }

    private let core: ServerCore
    private let phase = Mutex(Phase.new)
    private let boundPort = Atomic<UInt16>(0)

    public init(_ configuration: HTTPConfiguration, handler: @escaping Handler) {
        core = ServerCore(configuration: configuration, handler: handler)
    }

    /// The port in use: of interest if the configuration asked for any.
    public var port: UInt16 { boundPort.load(ordering: .relaxed) }

    /// How many requests are being answered now.
    public var requestsUnderWay: Int { core.answering.load(ordering: .relaxed) }

    /// Starts to listen and returns; throws `portInUse`, `addressRefused`, `badCertificate`.
    public func start() throws(HTTPError) {
        let configuration = core.configuration
        let descriptor = try ListeningSocket.open(host: configuration.host, port: configuration.port)
        boundPort.store(ListeningSocket.port(of: descriptor), ordering: .relaxed)
        guard let daemon = DaemonHandle(core: core, listening: descriptor) else {
            close(descriptor)
            throw configuration.tls == nil
                ? HTTPError(.failed, "The HTTP library refused to start: is there memory for its threads?")
                : HTTPError(.badCertificate, "The certificate or its key is not valid PEM, or they do not match.")
        }
        core.deadlines.start()
        phase.withLock { $0 = .running(daemon) }
    }

    /// Takes no new connections, finishes the requests that are under way, and returns when all threads have ended.
    public func stop() {
        let daemon = phase.withLock { phase -> DaemonHandle? in
            guard case .running(let daemon) = phase else { return nil }
            phase = .stopped
            return daemon
        }
        guard let daemon else { return }
        core.isStopping.store(true, ordering: .sequentiallyConsistent)
        daemon.quiesce()
        let deadline = ContinuousClock.now + core.configuration.drainTimeout
        while core.underWay.load(ordering: .sequentiallyConsistent) > 0, ContinuousClock.now < deadline {
            usleep(2000)
        }
        daemon.stop()
        core.deadlines.stop()
    }
}
