/// Where an `HTTPServer` listens and what it refuses.
public struct HTTPConfiguration: Sendable {
    /// The certificate chain and private key, both as PEM text.
    public struct TLS: Sendable {
        public var certificate: String
        public var key: String
        public init(certificate: String, key: String) { (self.certificate, self.key) = (certificate, key) }
    }

    /// A numeric address or a name: `127.0.0.1`, `::`, `localhost`.
    public var host = "127.0.0.1"
    /// Zero takes any free port.
    public var port: UInt16 = 8080
    public var tls: TLS?
    /// A longer body is answered with 413.
    public var maximumBodyBytes = 8 << 20
    /// A longer target is answered with 414.
    public var maximumTargetBytes = 8 << 10
    /// Request line and headers together; more is answered with 431.
    public var maximumHeaderBytes = 32 << 10
    /// How long the body of a request may take to arrive; later, 408.
    public var requestTimeout: Duration = .seconds(10)
    /// How long a connection may be idle between two requests.
    public var idleTimeout: Duration = .seconds(30)
    /// More requests at once are answered with 503.
    public var maximumConcurrentRequests = 64
    /// More connections wait until others close.
    public var maximumConnections = 512
    /// How long `stop()` waits for requests that are under way.
    public var drainTimeout: Duration = .seconds(15)

    public init(host: String = "127.0.0.1", port: UInt16 = 8080) { (self.host, self.port) = (host, port) }
}
