import CMicrohttpd
import Glibc

/// The only owner of a running libmicrohttpd daemon.
///
/// Sendable invariant: the pointer is set once; the library's own functions may be called from any thread, and
/// `HTTPServer` calls `stop` once, after which the handle is not used.
@safe final class DaemonHandle: @unchecked Sendable {
    private let daemon: OpaquePointer
    private let core: Unmanaged<ServerCore>

    init?(core: ServerCore, listening descriptor: Int32) {
        let configuration = core.configuration
        let retained = unsafe Unmanaged.passRetained(core)
        var settings = unsafe souk_mhd_settings()
        unsafe settings.listen_socket = descriptor
        unsafe settings.connection_limit = UInt32(clamping: configuration.maximumConnections)
        unsafe settings.idle_seconds = UInt32(clamping: max(1, configuration.idleTimeout.components.seconds))
        // The library keeps a record of each part of the query and each header beside their bytes.
        unsafe settings.connection_memory = max(4 * configuration.maximumHeaderBytes, 4096)
        let started = unsafe Self.withTexts(configuration.tls) { key, certificate in
            unsafe settings.tls_key = key
            unsafe settings.tls_certificate = certificate
            return unsafe souk_mhd_start(&settings, retained.toOpaque(), beginRequest, handleRequest, endRequest)
        }
        guard let started = unsafe started else {
            unsafe retained.release()
            return nil
        }
        unsafe (self.daemon, self.core) = unsafe (started, retained)
    }

    /// Closes the listening socket; connections go on.
    func quiesce() {
        let descriptor = unsafe MHD_quiesce_daemon(daemon)
        if descriptor >= 0 { close(descriptor) }
    }

    func stop() {
        unsafe MHD_stop_daemon(daemon)
        unsafe core.release()
    }

    private static func withTexts<Result>(
        _ tls: HTTPConfiguration.TLS?, _ body: (UnsafePointer<CChar>?, UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let tls else { return body(nil, nil) }
        return unsafe tls.key.withCString { key in
            unsafe tls.certificate.withCString { certificate in unsafe body(key, certificate) }
        }
    }
}
