public import HTTP

extension ShopServer {
    /// What to serve, where, and for whom.
    public struct Configuration: Sendable {
        /// Folders of shops; the first one has the storefront at `/`.
        public var shopPaths: [String]
        public var host = "127.0.0.1"
        /// Zero takes any free port.
        public var port: UInt16 = 8080
        /// PEM files; both or neither.
        public var certificatePath: String?
        public var privateKeyPath: String?
        /// Web origins whose pages may call the API.
        public var allowedOrigins: [String] = []
        /// The folder of the pages; `SOUK_WEB`, or the folder `Web` beside the program, if `nil`.
        public var webFolder: String?
        /// Folders of trained networks and of their reports, which the console shows.
        public var networksFolder: String?
        public var reportsFolder: String?
        /// Whether the storefront may choose a household of a demo shop.
        public var isDemo = false
        /// Writes one line of JSON for each request to standard output.
        public var logsRequests = false
        /// Limits of the HTTP layer; host, port and TLS come from above.
        public var limits = HTTPConfiguration()

        public init(shopPaths: [String]) { self.shopPaths = shopPaths }
    }
}
