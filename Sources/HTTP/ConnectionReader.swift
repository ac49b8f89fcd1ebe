import CMicrohttpd
import Glibc

/// Reads what the library knows of a request; used only while a callback runs.
@safe struct ConnectionReader {
    private let connection: OpaquePointer

    init(_ connection: OpaquePointer) { unsafe self.connection = connection }

    /// The `Content-Length`; `nil` if there is none that can be read.
    var declaredLength: Int? { value("Content-Length").flatMap { Int($0) } }

    var hasBody: Bool { value("Transfer-Encoding") != nil || (declaredLength ?? 0) > 0 }

    var remoteAddress: String { unsafe ListeningSocket.text(souk_mhd_peer(connection)) }

    /// All headers with names in lower case, or `nil` if one is not UTF-8.
    func headers() -> [HTTPHeader]? {
        var collector = HeaderCollector()
        unsafe withUnsafeMutablePointer(to: &collector) { pointer in
            _ = unsafe MHD_get_connection_values(connection, souk_mhd_headers, collectHeader, pointer)
        }
        return collector.isValid ? collector.headers : nil
    }

    private func value(_ name: String) -> String? {
        unsafe MHD_lookup_connection_value(connection, souk_mhd_headers, name).map { unsafe String(cString: $0) }
    }
}

private struct HeaderCollector {
    var headers: [HTTPHeader] = []
    var isValid = true
}

private func collectHeader(
    _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?,
    _ value: UnsafePointer<CChar>?
) -> MHD_Result {
    guard let collector = unsafe context?.assumingMemoryBound(to: HeaderCollector.self), let name = unsafe name else {
        return souk_mhd_no
    }
    guard let name = unsafe String(validatingCString: name),
        let value = unsafe value.map({ unsafe String(validatingCString: $0) }) ?? ""
    else {
        unsafe collector.pointee.isValid = false
        return souk_mhd_no
    }
    unsafe collector.pointee.headers.append(HTTPHeader(name.lowercased(), value))
    return souk_mhd_yes
}
